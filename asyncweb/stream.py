"""The body of a request as a handler reads it: piece by piece.

Rule: a piece is handed out once; what was not asked for stays where the client has it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

from asyncweb.coroutine import run_to_end
from asyncweb.http.messages import Request

ADVICE = (
    "a plain `def` cannot wait for the rest of a body on AsyncServer: make the handler `async def` "
    "and write `async for piece in ctx.stream`"
)


class BodyStream:
    """The body's pieces, as bytes: `async for piece in ctx.stream`, once.

    On a thread server a plain `def` may write `for piece in ctx.stream`. Of a route without
    `stream=True` there is one piece: the body, whole. What breaks the body off raises the
    HTTPError that answers it: 408 too slow, 413 too large, 400 malformed or the client has left.

    >>> from asyncweb import App
    >>> app = App()
    >>> @app.post("/count", stream=True)
    ... async def count(ctx):
    ...     size = len(await anext(ctx.stream))  # as much as has come
    ...     return str(size + len(await ctx.stream.read()))
    >>> app.test_client().post("/count", data=iter([b"two ", b"pieces"])).text
    '10'
    """

    def __init__(self, request: Request):
        self._request = request
        self._whole = request.body

    async def read(self) -> bytes:
        """All that is still to come, at once."""
        return b"".join([piece async for piece in self])

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        piece = await self._next()
        if not piece:
            raise StopAsyncIteration
        return piece

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        piece = run_to_end(self._next(), ADVICE)
        if not piece:
            raise StopIteration
        return bytes(piece)

    async def _next(self) -> bytes:
        body, link = self._request.incoming, self._request.link
        if body is None:
            whole, self._whole = self._whole, b""
            return whole
        while (piece := body.take()) is None:
            assert link is not None
            before, body.wanted = body.wanted, True
            try:
                await link.more(body)
            finally:
                body.wanted = before  # another task may be waiting already
        return piece
