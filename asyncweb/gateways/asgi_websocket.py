"""The WebSockets of our App where an ASGI host speaks the frames.

Rule: the handler sees what it would see on our servers, and ends with its client as it does
there; pings, compression and the limits of frames are the host's.
"""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import TYPE_CHECKING

from asyncweb.context import Context
from asyncweb.errors import ProtocolError
from asyncweb.gateways.asgi import LoopEngine, Receive, Scope, Send, address_of, target_of
from asyncweb.gateways.asgi_channel import AsgiChannel, tell
from asyncweb.gateways.asgi_reply import DENIAL, Reply
from asyncweb.gateways.hosted import HostedAnswer, HostedLink, request_of
from asyncweb.http.incoming import IncomingBody
from asyncweb.http.messages import Request, Response, switched
from asyncweb.http.websocket import Accepted
from asyncweb.pieces import pieces_for_loop

if TYPE_CHECKING:
    from asyncweb.app import App

# What a handshake has in HTTP/1.1, and has not in HTTP/2 (RFC 8441).
_HANDSHAKE = {
    b"connection": b"upgrade",
    b"upgrade": b"websocket",
    b"sec-websocket-version": b"13",
    b"sec-websocket-key": b"AAAAAAAAAAAAAAAAAAAAAA==",
}


class WebSocketCall(HostedLink):
    """One handshake of the host's; the Link of our request."""

    def __init__(self, app: App, scope: Scope, receive: Receive, send: Send):
        self._app = app
        self._scope = scope
        self._receive = receive
        self._send = send
        self._channel: AsgiChannel | None = None
        self._patience = asyncio.timeout(None)
        self.closed = False
        self.address = address_of(scope)
        self.scheme = "https" if scope.get("scheme") == "wss" else "http"

    async def serve(self) -> None:
        """From the handshake to the end of the WebSocket, or to the refusal."""
        if (await self._receive())["type"] != "websocket.connect":
            return
        try:
            request = self._request()
        except ProtocolError as error:
            await self._refuse(HostedAnswer(Request("GET", "/"), self._app.refuse(error)))
            return
        ctx = self._app.context(request, LoopEngine(self._app.limits))
        response = await self._respond(ctx)
        if not ctx.taken_over:
            await self._refuse(HostedAnswer.of(self._app, ctx, response))

    async def more(self, body: IncomingBody) -> None:
        """A handshake has no body."""
        body.end()

    async def open_channel(self, ctx: Context, accepted: Accepted) -> AsgiChannel:
        """Accepts, after the app's hooks have."""
        await ctx.ask_hooks()
        fields = ctx.response.headers.fields()
        headers = [(name.encode(), value.encode("latin-1")) for name, value in fields]
        subprotocol = accepted.subprotocol
        message = {"type": "websocket.accept", "subprotocol": subprotocol, "headers": headers}
        ctx.taken_over = True
        await tell(self._send, message)
        self._channel = AsgiChannel(ctx, self._receive, self._send, self._part)
        return self._channel

    async def _respond(self, ctx: Context) -> Response:
        """The answer to the handshake, when the WebSocket is over; it says nothing then."""
        try:
            async with self._patience:
                return await self._app.respond(ctx)
        except TimeoutError:  # of our patience: nothing else is raised
            return switched()
        finally:
            if self._channel is not None:
                self._channel.returned()

    def _part(self) -> None:
        """The client is gone; so is, soon, a handler that waits for what only it would bring."""
        self.closed = True
        now = asyncio.get_running_loop().time()
        self._patience.reschedule(now + self._app.limits.half_closed_s)

    def _request(self) -> Request:
        fields = list(self._scope["headers"])
        present = {name for name, _ in fields}
        fields += [field for field in _HANDSHAKE.items() if field[0] not in present]
        request = request_of("GET", target_of(self._scope), fields, "1.1", self._app.limits)
        request.link, request.upgrades = self, True
        return request

    async def _refuse(self, answer: HostedAnswer) -> None:
        if DENIAL in (self._scope.get("extensions") or {}):
            await Reply(self._scope, self._send).send(answer)
            return
        async with aclosing(pieces_for_loop(answer.body, wanted=False)):
            await self._send({"type": "websocket.close", "code": 1000})  # the host says 403
