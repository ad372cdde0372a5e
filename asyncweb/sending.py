"""An answer that begins before its handler has ended.

Rule: what a handler sends is a stream like any other. The handler is run up to its first piece,
which makes the answer; whoever takes the next piece runs it on. So middleware sees the answer while
its head can still be changed, and a handler is never further ahead than its client reads.
"""

from __future__ import annotations

import types
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Generator
from typing import TYPE_CHECKING, Any

from asyncweb.derived import Derived
from asyncweb.errors import ClientGone, ProtocolError
from asyncweb.http.incoming import IncomingBody
from asyncweb.http.messages import Request, Response

if TYPE_CHECKING:
    from asyncweb.context import Context


_TOO_LATE = (
    "the whole answer was sent before the body was taken: read the body first, or answer in pieces "
    "with `await ctx.send(...)`"
)


class Piece:
    """What `ctx.send` waits with; it reaches whoever runs the handler."""

    __slots__ = ("is_whole", "value")

    advice = "ctx.send(...) is to be awaited by the handler itself, and by no task it has started"

    def __init__(self, value: Any, is_whole: bool = False):
        self.value = value
        self.is_whole = is_whole

    def __await__(self) -> Generator[Piece, None, None]:
        yield self

    def __repr__(self) -> str:  # asyncio shows it when another task has awaited it
        return self.advice


@types.coroutine
def run_on(
    handler: Coroutine[Any, Any, Any], fault: BaseException | None = None
) -> Generator[Any, Any, Any]:
    """Runs `handler` to its next Piece, or to what it returns; `fault` is raised where it waits."""
    try:
        waits_for = handler.throw(fault) if fault else handler.send(None)
        while type(waits_for) is not Piece:
            try:
                value = yield waits_for
            except BaseException as error:
                waits_for = handler.throw(error)
            else:
                waits_for = handler.send(value)
    except StopIteration as done:
        return done.value
    return waits_for


def check_open(ctx: Context, may_have_begun: bool) -> None:
    """Raises RuntimeError when nothing can be added to the answer to `ctx` any more."""
    if ctx.taken_over:
        raise RuntimeError("this connection was taken over: write to the stream that it gave you")
    sending = ctx.sending
    is_begun = sending is not None or ctx.answered
    if is_begun and (sending is None or sending.over or sending.is_whole or not may_have_begun):
        raise RuntimeError("the answer has been sent; nothing can be added to it, or taken over")


def begin(ctx: Context, handler: Coroutine[Any, Any, Any], first: Piece) -> Response | Sent:
    """The answer of a handler that has sent its `first` piece, and is to be run on."""
    ctx.sending = sending = Sending(ctx, handler, first.is_whole)
    if first.is_whole:
        return sending.followed(first.value)
    sending.body = sent = Sent(sending, first.value)
    return sent


def in_its_place(ctx: Context, response: Response) -> Response:
    """`response` instead of what the handler has begun to send: it goes on then, or is told so."""
    return response if ctx.sending is None else ctx.sending.followed(response)


class Sending:
    """A handler at work on an answer that it has begun."""

    def __init__(self, ctx: Context, handler: Coroutine[Any, Any, Any], is_whole: bool):
        self.ctx = ctx
        self.is_whole = is_whole  # nothing can be added to the answer
        self.over = False
        self.body: Any = None  # of the answer that carries it
        self._goes_on = False
        self._handler = handler

    async def next_piece(self, fault: BaseException | None = None) -> Any:
        """The next piece; None when the handler has ended. Raises what the handler raises."""
        try:
            value = await run_on(self._handler, fault)
        except BaseException:
            self._end()
            raise
        if type(value) is Piece:
            return value.value
        self._end()
        if value is not None:
            raise TypeError(
                f"the handler returned {type(value).__name__} after it had sent its answer; "
                "send that too, and return nothing"
            )
        return None

    def _end(self) -> None:
        self.over, self.ctx.sending = True, None  # which else would keep each other

    async def settled(self, response: Response) -> Response:
        """`response`, which the middleware has made of our answer, or has put in its place.

        Work that was to go on goes on after any answer. What was still to be sent goes on only
        where the new answer may read it; else the handler is told.
        """
        if response.body is self.body or self.over:
            return response
        if self.is_whole or response.streams:
            return self.followed(response)
        await self.part()
        return response

    def followed(self, response: Response) -> Response:
        """`response`, after which the handler goes on, or is told that nobody takes the rest."""
        response = response.copy()  # the handler's own may answer other requests too
        body = response.body
        if isinstance(body, bytes) and (body or self.ctx.method != "HEAD"):
            response.headers["content-length"] = str(len(body))
        response.body = self.body = Followed(body, self.finish if self.is_whole else self.part)
        return response

    async def part(self) -> None:
        """Nobody takes what the handler would send: it is told so, and may clean up."""
        if self.over:
            return
        try:
            await self.next_piece(ClientGone("nobody takes the rest of this answer"))
        except ClientGone:
            pass
        finally:
            self._end()
            self._handler.close()  # where it has tried to send again

    async def finish(self) -> None:
        """Lets the handler go on to its end, once. What it raises is only kept: it has answered."""
        if not self._goes_on:
            self._goes_on = True
            _refuse_rest(self.ctx.request)
            await self.ctx.engine.afterwards(self._finish())

    async def _finish(self) -> None:
        try:
            await self.next_piece()
        except (Exception, KeyboardInterrupt, SystemExit) as error:
            self.ctx.engine.failed(self.ctx.request, error)


def _refuse_rest(request: Request) -> None:
    """Lets nobody read on in a body that is not taken: who has the whole answer may send no more.

    On a loop the connection would be closed at once, on a thread it would be waited for.
    """
    body = request.incoming
    if body is not None and (body.waiting_bytes or not body.ended):
        request.incoming = IncomingBody()
        request.incoming.end(ProtocolError(400, _TOO_LATE))


class Sent:
    """The body of an answer whose handler is at work: what it has sent, then what it will send."""

    def __init__(self, sending: Sending, first: bytes | str):
        self._sending = sending
        self._first: bytes | str | None = first

    def __aiter__(self) -> AsyncIterator[bytes | str]:
        return self

    async def __anext__(self) -> bytes | str:
        piece, self._first = self._first, None
        if piece is None and not self._sending.over:
            piece = await self._sending.next_piece()
        if piece is None:
            raise StopAsyncIteration
        return piece

    async def aclose(self) -> None:
        """Ends the handler, if it is still at work."""
        await self._sending.part()


class Followed(Derived):
    """The body of an answer, after which there is something left to do."""

    def __init__(self, source: Any, then: Callable[[], Awaitable[None]]):
        super().__init__(source)
        self._then = then

    async def __aiter__(self) -> AsyncIterator[bytes | str]:  # for middleware that reads it
        if hasattr(self.source, "__aiter__"):
            async for piece in self.source:
                yield piece
        else:
            for piece in [self.source] if isinstance(self.source, bytes) else self.source:
                yield piece

    async def then(self) -> None:
        """Does it."""
        await self._then()
