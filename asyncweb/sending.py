"""An answer that begins before its handler has ended.

Rule: what a handler sends is a stream like any other. The handler is run up to its first piece,
which makes the answer; whoever takes the next piece runs it on. So middleware sees the answer while
its head can still be changed, and a handler is never further ahead than its client reads.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Coroutine, Generator
from typing import TYPE_CHECKING, Any

from asyncweb.errors import ClientGone
from asyncweb.http.messages import Response

if TYPE_CHECKING:
    from asyncweb.context import Context


class Piece:
    """What `ctx.send` waits with; it reaches whoever runs the handler."""

    __slots__ = ("is_whole", "value")

    def __init__(self, value: Any, is_whole: bool = False):
        self.value = value
        self.is_whole = is_whole

    def __await__(self) -> Generator[Piece, None, None]:
        yield self

    def __repr__(self) -> str:  # asyncio shows it when another task has awaited it
        return "ctx.send(...), to be awaited by the handler itself and by no task it has started"


class Sending:
    """A handler at work: each await of it goes on to the next Piece, or to what it returns."""

    def __init__(self, ctx: Context, handler: Coroutine[Any, Any, Any]):
        self.ctx = ctx
        self.is_whole = False  # the answer is, and nothing can be added to it
        self.has_begun = False
        self.over = False
        self._handler = handler
        self._fault: BaseException | None = None  # to be raised where the handler waits
        ctx.sending = self

    def __await__(self) -> Generator[Any, Any, Any]:
        handler, fault = self._handler, self._fault
        self._fault = None
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
            self.over = True
            return done.value
        except BaseException:
            self.over = True
            raise
        return waits_for

    async def answer(self) -> Any:
        """What the handler answers: what it returns, or what it begins to send."""
        value = await self
        if type(value) is not Piece:
            return value
        self.has_begun, self.is_whole = True, value.is_whole
        return self._whole(value.value) if value.is_whole else Sent(self, value.value)

    def _whole(self, response: Response) -> Response:
        response = response.copy()  # the handler's own may answer other requests too
        body = response.body
        assert isinstance(body, bytes)
        if body:
            response.headers["content-length"] = str(len(body))
        response.body = SentOnce(self, body)
        return response

    async def next_piece(self) -> Any:
        """The next piece; None when the handler has ended. Raises what the handler raises."""
        value = await self
        if type(value) is Piece:
            return value.value
        if value is not None:
            raise TypeError(
                f"the handler returned {type(value).__name__} after it had sent its answer; "
                "send that too, and return nothing"
            )
        return None

    async def part(self) -> None:
        """Nobody takes what the handler would send: it is told so, and may clean up."""
        self._fault = ClientGone("nobody takes the rest of this answer")
        try:
            await self
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
