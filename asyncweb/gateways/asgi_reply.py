"""An answer of our App, in the messages of an ASGI host: to a request, or to a handshake.

Rule: what breaks off never looks whole: the message that ends an answer is sent only when all of it
was. Whatever gave the pieces is closed, however far they came.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import TYPE_CHECKING

from asyncweb.events import HEARTBEAT
from asyncweb.gateways.hosted import HostedAnswer, broken_off
from asyncweb.pieces import pieces_for_loop

if TYPE_CHECKING:
    from asyncweb.gateways.asgi import Scope, Send

DENIAL = "websocket.http.response"  # the extension of hosts that can answer a handshake with HTTP


class Reply:
    """The one answer to what `scope` describes."""

    def __init__(self, scope: Scope, send: Send):
        self._kind = DENIAL if scope["type"] == "websocket" else "http.response"
        self._may_say_close = scope.get("http_version", "1.1").startswith("1")  # later has no such
        self._send = send
        self._sent = 0  # pieces

    async def send(self, answer: HostedAnswer) -> None:
        """Returns when the host has taken all of it; what broke off, it is told by ClientGone."""
        if answer.whole is None:
            await self._stream(answer)
            return
        await self._begin(answer)
        await self._end(answer.whole if answer.wants_body else b"")

    async def _begin(self, answer: HostedAnswer) -> None:
        fields = [(name.encode(), value.encode("latin-1")) for name, value in answer.fields]
        if answer.says_close and self._may_say_close:
            fields.append((b"connection", b"close"))
        await self._send({"type": f"{self._kind}.start", "status": answer.code, "headers": fields})

    async def _end(self, data: bytes = b"") -> None:
        await self._send({"type": f"{self._kind}.body", "body": data})

    async def _stream(self, answer: HostedAnswer) -> None:
        try:
            async with aclosing(pieces_for_loop(answer.body, answer.wants_body)) as pieces:
                await self._begin(answer)
                await self._send_pieces(answer, pieces)
            answer.finish()
        except (Exception, SystemExit) as error:
            raise broken_off(answer.request, error) from error
        await self._end()

    async def _send_pieces(self, answer: HostedAnswer, pieces: AsyncIterator[bytes | str]) -> None:
        heart = asyncio.ensure_future(self._beat(getattr(answer.body, "heartbeat_s", None)))
        try:
            async for piece in pieces:
                await self._send_piece(answer.piece(piece))
        finally:
            heart.cancel()

    async def _beat(self, heartbeat_s: float | None) -> None:
        """Sends a comment whenever a stream of events has been silent for so long."""
        while heartbeat_s is not None:
            sent = self._sent
            await asyncio.sleep(heartbeat_s)
            if self._sent == sent:
                await self._send_piece(HEARTBEAT)

    async def _send_piece(self, data: bytes) -> None:
        self._sent += 1
        if data:
            await self._send({"type": f"{self._kind}.body", "body": data, "more_body": True})
