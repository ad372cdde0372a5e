"""The WebSockets of our App where an ASGI host speaks the frames.

Rule: the handler sees what it would see on our servers; pings, compression and the limits of
frames are the host's.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from asyncweb.channel import GOING_AWAY, LOST, Source, check_close
from asyncweb.context import Context
from asyncweb.errors import ClientGone, ProtocolError
from asyncweb.gateways.asgi import LoopEngine, Receive, Scope, Send, address_of, target_of
from asyncweb.gateways.hosted import HostedAnswer, HostedLink, request_of
from asyncweb.http.bytestream import Home
from asyncweb.http.incoming import IncomingBody
from asyncweb.http.messages import Request, Response
from asyncweb.http.websocket import Accepted, Message

if TYPE_CHECKING:
    from asyncweb.app import App

DENIAL = "websocket.http.response"  # the extension of hosts that can answer a handshake with HTTP
# What a handshake has in HTTP/1.1, and has not in HTTP/2 (RFC 8441).
_HANDSHAKE = {
    b"connection": b"upgrade",
    b"upgrade": b"websocket",
    b"sec-websocket-version": b"13",
    b"sec-websocket-key": b"AAAAAAAAAAAAAAAAAAAAAA==",
}


class WebSocketCall(HostedLink):
    """One handshake of the host's; the Link of our request."""

    closed = False

    def __init__(self, app: App, scope: Scope, receive: Receive, send: Send):
        self._app = app
        self._scope = scope
        self._receive = receive
        self._send = send
        self.address = address_of(scope)
        self.scheme = "https" if scope.get("scheme") == "wss" else "http"

    async def serve(self) -> None:
        """From the handshake to the end of the WebSocket, or to the refusal."""
        if (await self._receive())["type"] != "websocket.connect":
            return
        try:
            request = self._request()
        except ProtocolError as error:
            await self._refuse(Request("GET", "/"), self._app.refuse(error))
            return
        ctx = self._app.context(request, LoopEngine(self._app.limits))
        response = await self._app.respond(ctx)
        if not ctx.taken_over:
            await self._refuse(request, response)

    async def more(self, body: IncomingBody) -> None:
        """A handshake has no body."""
        body.end()

    async def open_channel(self, ctx: Context, accepted: Accepted) -> AsgiChannel:
        """Accepts, after the app's hooks have."""
        await ctx.ask_hooks()
        fields = ctx.response.headers.fields()
        headers = [(name.encode(), value.encode("latin-1")) for name, value in fields]
        subprotocol = accepted.subprotocol
        await self._send(
            {"type": "websocket.accept", "subprotocol": subprotocol, "headers": headers}
        )
        ctx.taken_over = True
        return AsgiChannel(ctx, self._receive, self._send)

    def _request(self) -> Request:
        fields = list(self._scope["headers"])
        present = {name for name, _ in fields}
        fields += [field for field in _HANDSHAKE.items() if field[0] not in present]
        request = request_of("GET", target_of(self._scope), fields, "1.1", self._app.limits)
        request.link, request.upgrades = self, True
        return request

    async def _refuse(self, request: Request, response: Response) -> None:
        if DENIAL not in (self._scope.get("extensions") or {}):
            await self._send({"type": "websocket.close", "code": 1000})  # the host says 403
            return
        answer = HostedAnswer(request, response)
        fields = [(name.encode(), value.encode("latin-1")) for name, value in answer.fields]
        await self._send({"type": f"{DENIAL}.start", "status": answer.code, "headers": fields})
        await self._send({"type": f"{DENIAL}.body", "body": answer.whole or b""})


class AsgiChannel:
    """A Channel over the messages of a host."""

    def __init__(self, ctx: Context, receive: Receive, send: Send):
        self.home: Home = ctx.engine  # type: ignore[assignment]  # a LoopEngine is both
        self.close_code: int | None = None
        self.close_reason = ""
        self.is_broken = False
        self.latency: float | None = None  # pings and pongs are the host's
        self.sources: list[Source] = []
        self._receive_message = receive
        self._send_message = send
        self._is_received = False
        self._flushing: asyncio.Task[None] | None = None

    async def receive(self) -> str | bytes | None:
        """The next message; None when none will come any more."""
        if self._is_received:
            raise RuntimeError("two wait for one WebSocket's messages; let one receive for all")
        if self.close_code is not None:
            return None
        self._is_received = True
        try:
            message = await self._receive_message()
        finally:
            self._is_received = False
        if message["type"] == "websocket.disconnect":
            self._end(message.get("code") or LOST, message.get("reason") or "")
            return None
        text: str | None = message.get("text")
        data: bytes = message.get("bytes") or b""
        return data if text is None else text

    async def send(self, message: Message) -> None:
        """Sends it; waits while the client is slow."""
        value = message.value
        kind = "text" if isinstance(value, str) else "bytes"
        await self._say({"type": "websocket.send", kind: value})

    async def ping(self) -> None:
        """The host pings by itself; ASGI has no word for it."""

    async def close(self, code: int, reason: str) -> None:
        """Says goodbye; the host waits for the client's own."""
        check_close(code, reason)
        if self.close_code is None:
            message = {"type": "websocket.close", "code": code, "reason": reason}
            await self._say(message)
            self.close_code, self.close_reason = code, reason

    def look(self, now: float) -> None:
        """The host looks after the connection."""

    def leave(self) -> None:
        """The host says so when it stops."""

    def flush(self) -> None:
        """Sends what the sources have, as fast as the host takes it; closes if one says so."""
        if self._flushing is None or self._flushing.done():
            self._flushing = asyncio.ensure_future(self._flush())

    def abort(self) -> None:
        """Ends the WebSocket; a host lets nobody end it harder."""
        self._flushing = asyncio.ensure_future(self._leave())

    async def _flush(self) -> None:
        try:
            # While one was served, another may have got something.
            while any([await self._take_from(source) for source in tuple(self.sources)]):
                pass
        except ClientGone:
            return  # which its handler will be told

    async def _take_from(self, source: Source) -> bool:
        """Sends what waits in `source`; whether anything did."""
        has_sent = False
        while self.close_code is None and (message := source.pop()) is not None:
            has_sent = True
            await self.send(message)
        if source.closing_code is not None and self.close_code is None:
            await self.close(source.closing_code, "")
        return has_sent

    async def _leave(self) -> None:
        try:
            await self.close(GOING_AWAY, "")
        except ClientGone:
            return

    async def _say(self, message: dict[str, Any]) -> None:
        if self.close_code is not None:
            raise ClientGone(f"this WebSocket is closed: {self.close_code} {self.close_reason}")
        try:
            await self._send_message(message)
        except (OSError, RuntimeError) as error:  # the ways of hosts to say so
            self._end(LOST, "")
            raise ClientGone("the client has left") from error

    def _end(self, code: int, reason: str) -> None:
        self.close_code, self.close_reason = code, reason
        self.is_broken = code == LOST
