"""A WebSocket that an ASGI app answers.

Rule: nothing is agreed on before the app has accepted; until then it may refuse with HTTP. The
connection is the handler's, the conversation the app's: the one may end without the other.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Coroutine
from typing import Any

from asyncweb.channel import FAILED, LOST, NORMAL, Channel
from asyncweb.context import Context
from asyncweb.errors import ClientGone, HTTPError
from asyncweb.frames import FrameChannel
from asyncweb.guests.asgi_http import response_head
from asyncweb.http.messages import Response
from asyncweb.http.websocket import Message, accept

DENIAL = "websocket.http.response"


class AsgiConversation:
    """The app's messages in, a WebSocket's out, and the other way."""

    def __init__(self, ctx: Context):
        self._ctx = ctx
        self._is_connected = False  # the app knows that a client is here
        self._acceptance: dict[str, Any] | None = None
        self._decided = asyncio.Event()  # the app has accepted, or never will
        self._settled = asyncio.Event()  # there is a channel, or there will be none
        self._channel: Channel | None = None
        self._denial: Response | None = None
        self._over = False  # the app has closed, or refused
        self._gone = False  # nobody takes what the app sends
        self._ended = asyncio.Event()  # the app has come to its end
        self._error: BaseException | None = None  # which it has raised there

    # ------------------------------------------------------------------ for the guest's task

    async def run(self, asked: Coroutine[Any, Any, Any]) -> None:
        """Runs the app for this WebSocket; its error goes to the handler, if that still waits."""
        try:
            await asked
        except asyncio.CancelledError:
            self._error = ClientGone("the server stops")
        except BaseException as error:  # a KeyboardInterrupt here would end the loop for everyone
            self._error = error
        self._decided.set()
        self._ended.set()

    async def receive(self) -> dict[str, Any]:
        """`websocket.connect`, then each message, then `websocket.disconnect`."""
        if not self._is_connected:
            self._is_connected = True
            return {"type": "websocket.connect"}
        await self._settled.wait()
        channel = self._channel
        if channel is None:
            return _left(LOST, "")
        message = await channel.receive()
        if message is None:
            return _left(channel.close_code or LOST, channel.close_reason)
        kind = "text" if isinstance(message, str) else "bytes"
        return {"type": "websocket.receive", kind: message}

    async def send(self, message: dict[str, Any]) -> None:
        """Takes the app's next message. Raises RuntimeError out of order, ClientGone in vain."""
        self._check_here()
        is_new = not self._decided.is_set() and not self._over
        match message.get("type"):
            case "websocket.accept" if is_new:
                self._acceptance = message
                self._decided.set()
                await self._settled.wait()
                self._check_here()
            case "websocket.send" if self._channel is not None and not self._over:
                text = message.get("text")
                await self._channel.send(Message.of(message["bytes"] if text is None else text))
            case "websocket.close" if not self._over:
                self._over = True
                if self._channel is not None:
                    code, reason = message.get("code"), message.get("reason")
                    await self._channel.close(code or NORMAL, reason or "")
            case "websocket.http.response.start" if is_new:
                self._denial, self._over = response_head(message), True
            case "websocket.http.response.body" if self._denial is not None:
                assert isinstance(self._denial.body, bytes)
                self._denial.body += message.get("body", b"")
            case kind:
                raise RuntimeError(
                    f"the ASGI app sent {kind!r} out of order: expected websocket.accept, then "
                    "websocket.send and one websocket.close"
                )

    def _check_here(self) -> None:
        if self._gone:
            raise ClientGone("the client has left, or its handshake was wrong")

    # ------------------------------------------------------------------ for the handler's task

    async def response(self) -> Response:
        """The answer to the handshake, when the app has ended. Raises what the app does."""
        await self._decided.wait()
        if self._acceptance is not None:
            await self._open(self._acceptance)
            await self._ended.wait()
            await self._part()
        self._raise_error()
        if self._channel is not None:
            return Response()
        if self._denial is None:
            raise HTTPError(403, "this WebSocket was refused")
        return self._denial

    def abandon(self) -> None:
        """The client has gone: the app is told so."""
        self._gone = True
        self._settled.set()

    async def _open(self, acceptance: dict[str, Any]) -> None:
        subprotocol = acceptance.get("subprotocol")
        accepted = accept(self._ctx.request, ["*"], [subprotocol] if subprotocol else [])
        for name, value in acceptance.get("headers", ()):
            own = bytes(name).decode("latin-1"), bytes(value).decode("latin-1")
            self._ctx.response.headers.add(*own)
        stream = await self._ctx.take_over("websocket", accepted.headers)
        self._channel = FrameChannel(stream, accepted)
        self._settled.set()

    async def _part(self) -> None:
        """Says goodbye, if the app has not."""
        if self._channel is None or self._over:
            return
        is_normal = self._error is None or isinstance(self._error, ClientGone)
        with contextlib.suppress(ClientGone):
            await self._channel.close(NORMAL if is_normal else FAILED, "")

    def _raise_error(self) -> None:
        error, self._error = self._error, None
        try:
            if error is not None:
                raise error
        finally:
            del error  # its traceback leads here: it would keep itself alive, and all it has met


def _left(code: int, reason: str) -> dict[str, Any]:
    return {"type": "websocket.disconnect", "code": code, "reason": reason}
