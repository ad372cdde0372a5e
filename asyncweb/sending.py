"""An answer that begins before its handler has ended.

Rule: what a handler sends is a stream like any other. The handler is run up to its first piece,
which makes the answer; whoever takes the next piece runs it on. So middleware sees the answer while
its head can still be changed, and a handler is never further ahead than its client reads.
"""

from __future__ import annotations

import types
from collections.abc import AsyncIterator, Coroutine, Generator
from typing import TYPE_CHECKING, Any

from asyncweb.errors import ClientGone
from asyncweb.http.messages import Response

if TYPE_CHECKING:
    from asyncweb.context import Context


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
    sending: Sending | None = getattr(ctx, "sending", None)
    is_begun = sending is not None or ctx.answered
    if is_begun and (sending is None or sending.over or sending.is_whole or not may_have_begun):
        raise RuntimeError("the answer has been sent; nothing can be added to it, or taken over")


def begin(ctx: Context, handler: Coroutine[Any, Any, Any], first: Piece) -> Response | Sent:
    """The answer of a handler that has sent its `first` piece, and is to be run on."""
    ctx.sending = sending = Sending(ctx, handler, first.is_whole)
    if not first.is_whole:
        return Sent(sending, first.value)
    response: Response = first.value.copy()  # the handler's own may answer other requests too
    body = response.body
    assert isinstance(body, bytes)
    if body or ctx.method != "HEAD":
        response.headers["content-length"] = str(len(body))
    response.body = SentOnce(sending, body)
    return response


class Sending:
    """A handler at work on an answer that it has begun."""

    def __init__(self, ctx: Context, handler: Coroutine[Any, Any, Any], is_whole: bool):
        self.ctx = ctx
        self.is_whole = is_whole  # nothing can be added to the answer
        self.over = False
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

    async def part(self) -> None:
        """Nobody takes what the handler would send: it is told so, and may clean up."""
        try:
            await self.next_piece(ClientGone("nobody takes the rest of this answer"))
        except ClientGone:
            pass
        finally:
            self._handler.close()  # where it has tried to send again

    async def finish(self) -> None:
        """Runs the handler to its end. Its answer is out: what it raises is only kept."""
        try:
            await self.next_piece()
        except (Exception, KeyboardInterrupt, SystemExit) as error:
            self.ctx.engine.failed(self.ctx.request, error)


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
        if not self._sending.over:
            await self._sending.part()


class SentOnce:
    """The body of an answer that is `whole`, and whose handler goes on when it is out."""

    def __init__(self, sending: Sending, whole: bytes):
        self.whole = whole
        self._sending = sending
        self._is_out = False

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        piece, self.whole = self.whole, b""
        if piece:
            return piece
        await self.aclose()
        raise StopAsyncIteration

    async def aclose(self) -> None:
        """Lets the handler go on: also when its client wanted no body, or has left."""
        if not self._is_out:
            self._is_out = True
            await self._sending.ctx.engine.afterwards(self._sending.finish())
