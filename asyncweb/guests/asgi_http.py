"""One request that an ASGI app answers: its messages in, a Response out.

Rule: the app is never ahead of its client. What it sends is taken piece by piece, and `send`
returns when the piece before has left.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

from asyncweb.context import Context
from asyncweb.errors import ClientGone, ProtocolError
from asyncweb.http.messages import Response

LEFT = {"type": "http.disconnect"}
SPARED = 16  # pieces that may follow where no body is wanted


class AsgiExchange:
    """Stands between the app's task and the handler's; the body of a streamed answer."""

    def __init__(self, ctx: Context):
        self._ctx = ctx
        self._loop = asyncio.get_running_loop()
        self._head: Response | None = None
        self._answered: asyncio.Future[Response] = self._loop.create_future()
        self._over = asyncio.Event()  # for the app, the client is gone
        self._asked = asyncio.Event()  # the client takes another piece
        self._given: asyncio.Future[bytes] | None = None  # that piece; b"" is the end
        self._request_ended = False  # its body was received
        self._complete = False  # the app has sent the last of the answer
        self._gone = False  # the client takes no more, and has not had that
        self._spared = 0  # pieces that the app may still send to nobody
        self._error: BaseException | None = None  # why there will be no more pieces

    # ------------------------------------------------------------------ for the guest's task

    async def run(self, asked: Coroutine[Any, Any, Any]) -> None:
        """Runs the app for this request; its error goes to whoever still waits for the answer."""
        try:
            await asked
            error: BaseException = RuntimeError(
                "the ASGI app ended before its answer: expected http.response.start, then "
                "http.response.body until one without more_body"
            )
        except asyncio.CancelledError:
            error = ClientGone("the server stops")
        except BaseException as raised:  # a KeyboardInterrupt here would end the loop for everyone
            error = raised
            if self._over.is_set() and not self._gone:
                self._ctx.engine.failed(self._ctx.request, error)
        self._break_off(error)

    async def receive(self) -> dict[str, Any]:
        """The next of the body; when that has ended, waits until the client is gone."""
        if self._request_ended:
            await self._over.wait()
        if self._over.is_set():
            return LEFT
        try:
            piece = await anext(self._ctx.stream, b"")
        except ProtocolError as error:
            self._error = error
            if error.status != 400:
                raise
            self._over.set()  # it has left, or its body makes no sense
            return LEFT
        body = self._ctx.request.incoming
        self._request_ended = body is None or not piece or (body.ended and not body.waiting_bytes)
        if body is not None and body.broken:
            self._request_ended = False  # which the next piece will tell
        return {"type": "http.request", "body": piece, "more_body": not self._request_ended}

    async def send(self, message: dict[str, Any]) -> None:
        """Takes the app's next message. Raises RuntimeError out of order, ClientGone in vain."""
        if self._gone and not self._spared:
            raise ClientGone("the client has left")
        kind = message.get("type")
        if kind == "http.response.start" and self._head is None:
            self._head = response_head(message)
        elif kind == "http.response.body" and self._head is not None and not self._complete:
            await self._send_body(message.get("body", b""), message.get("more_body", False))
        else:
            when = "after the end of its answer" if self._complete else "out of order"
            raise RuntimeError(
                f"the ASGI app sent {kind!r} {when}: expected one http.response.start, then "
                "http.response.body until one without more_body"
            )

    async def _send_body(self, data: bytes, more: bool) -> None:
        if not isinstance(data, bytes | bytearray | memoryview):
            raise TypeError(f"http.response.body: expected bytes, got {type(data).__name__}")
        assert self._head is not None
        self._complete = not more
        if not self._answered.done():
            self._head.body = self if more else bytes(data)
            self._answered.set_result(self._head)
            if not more:
                self._over.set()
                return
        if data:
            await self._give(bytes(data))
        if not more:
            await self._give(b"")
            self._gone = False  # it has all that it wanted
            self._over.set()

    async def _give(self, piece: bytes) -> None:
        await self._asked.wait()
        if self._spared:
            self._spared -= 1
            await asyncio.sleep(0)  # one that sends on and on holds up nobody
            return
        if self._gone or self._given is None or self._given.done():  # cancelled with its handler
            raise ClientGone("the client has left")
        self._asked.clear()
        self._given.set_result(piece)

    def _break_off(self, error: BaseException) -> None:
        """The app has ended; if its answer has not, who waits for that is told why."""
        if self._over.is_set() and self._complete:
            return
        self._over.set()
        self._error = self._error or error
        for waits in (self._answered, self._given):
            if waits is not None and not waits.done():
                waits.set_exception(self._error)
                waits.exception()  # seen, also when nobody waits any more

    # ------------------------------------------------------------------ for the handler's task

    async def response(self) -> Response:
        """The answer, whole or as a stream of which this is the body. Raises what the app does."""
        return await self._answered

    def abandon(self) -> None:
        """The client has gone; unless it has all of the answer, the app is told so."""
        self._gone = not self._over.is_set()
        self._over.set()
        self._asked.set()

    def __aiter__(self) -> AsgiExchange:
        return self

    async def __anext__(self) -> bytes:
        if self._over.is_set() and self._error is not None:
            raise self._error
        self._given = self._loop.create_future()
        self._asked.set()
        piece = await self._given
        if not piece:
            raise StopAsyncIteration
        return piece

    async def aclose(self) -> None:
        """Nobody takes more: the client has gone, has it all, or wants no body."""
        # Who asked with HEAD is gone too, else an app without an end would go on. One that ends
        # soon may end in peace: what it does after its answer is still to be done.
        self._spared = SPARED if self._given is None else 0
        self.abandon()


def response_head(message: dict[str, Any]) -> Response:
    """The answer's head. Raises ValueError or TypeError for what HTTP does not allow."""
    fields = [
        (bytes(name).decode("latin-1"), bytes(value).decode("latin-1").strip(" \t"))
        for name, value in message.get("headers", ())
    ]
    return Response(b"", message["status"], fields)
