"""A WebSocket that an ASGI app answers.

Rule: nothing is agreed on before the app has accepted; until then it may refuse with HTTP.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
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
        self._channel: Channel | None = None
        self._is_connected = False
        self._denial: Response | None = None
        self._over = False  # the app has closed, or refused

    async def run(self, app: Callable[..., Any], scope: dict[str, Any]) -> Response:
        """Runs the app to its end; the answer to the handshake when it has not accepted it."""
        try:
            await app(scope, self.receive, self.send)
        except ClientGone:
            await self._part(NORMAL)
            raise
        except Exception:
            await self._part(FAILED)
            raise
        await self._part(NORMAL)
        if self._channel is None and self._denial is None:
            raise HTTPError(403, "this WebSocket was refused")
        return self._denial or Response()

    async def receive(self) -> dict[str, Any]:
        """`websocket.connect`, then each message, then `websocket.disconnect`."""
        if not self._is_connected:
            self._is_connected = True
            return {"type": "websocket.connect"}
        if self._channel is None:
            await asyncio.Event().wait()  # a client that leaves before ends the request
        assert self._channel is not None
        message = await self._channel.receive()
        if message is None:
            code = self._channel.close_code or LOST
            reason = self._channel.close_reason
            return {"type": "websocket.disconnect", "code": code, "reason": reason}
        kind = "text" if isinstance(message, str) else "bytes"
        return {"type": "websocket.receive", kind: message}

    async def send(self, message: dict[str, Any]) -> None:
        """Takes the app's next message. Raises RuntimeError out of order, ClientGone in vain."""
        match message.get("type"):
            case "websocket.accept" if self._channel is None and not self._over:
                await self._accept(message)
            case "websocket.send" if self._channel is not None and not self._over:
                text = message.get("text")
                await self._channel.send(Message.of(message["bytes"] if text is None else text))
            case "websocket.close" if not self._over:
                self._over = True
                if self._channel is not None:
                    code, reason = message.get("code"), message.get("reason")
                    await self._channel.close(code or NORMAL, reason or "")
            case "websocket.http.response.start" if self._channel is None and not self._over:
                self._denial, self._over = response_head(message), True
            case "websocket.http.response.body" if self._denial is not None:
                assert isinstance(self._denial.body, bytes)
                self._denial.body += message.get("body", b"")
            case kind:
                raise RuntimeError(
                    f"the ASGI app sent {kind!r} out of order: expected websocket.accept, then "
                    "websocket.send and one websocket.close"
                )

    async def _accept(self, message: dict[str, Any]) -> None:
        subprotocol = message.get("subprotocol")
        accepted = accept(self._ctx.request, ["*"], [subprotocol] if subprotocol else [])
        for name, value in message.get("headers", ()):
            own = bytes(name).decode("latin-1"), bytes(value).decode("latin-1")
            self._ctx.response.headers.add(*own)
        stream = await self._ctx.take_over("websocket", accepted.headers)
        self._channel = FrameChannel(stream, accepted)

    async def _part(self, code: int) -> None:
        if self._channel is None or self._over:
            return
        try:
            await self._channel.close(code, "")
        except ClientGone:
            return
