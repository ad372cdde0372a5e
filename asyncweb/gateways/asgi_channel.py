"""The Channel of a WebSocket whose frames an ASGI host speaks.

Rule: the end shows when all that came before it is taken, or a second after the client's goodbye:
so a handler that does not receive sees it as well.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from asyncweb.channel import LOST, Source, check_close
from asyncweb.context import Context
from asyncweb.errors import ClientGone
from asyncweb.gateways.asgi import Receive, Send
from asyncweb.gateways.asgi_inbox import Inbox
from asyncweb.http.bytestream import Home
from asyncweb.http.websocket import Message

LOOK_S = 1.0  # as often as our own servers look whether a client is still there


async def tell(send: Send, message: dict[str, Any]) -> None:
    """Tells the host; waits while the client is slow. Raises ClientGone when it has left."""
    try:
        await send(message)
    except (OSError, RuntimeError) as error:  # the ways of hosts to say so
        raise ClientGone("the client has left") from error


class AsgiChannel:
    """A Channel over the messages of a host. `on_goodbye()` is called when the client says it."""

    def __init__(self, ctx: Context, receive: Receive, send: Send, on_goodbye: Callable[[], None]):
        self.home: Home = ctx.engine  # type: ignore[assignment]  # a LoopEngine is both
        self.close_code: int | None = None
        self.close_reason = ""
        self.is_broken = False
        self.latency: float | None = None  # pings and pongs are the host's
        self.sources: list[Source] = []
        self._inbox = Inbox(receive, self.home.limits.buffer_bytes, self._part)
        self._send_message = send
        self._on_goodbye = on_goodbye
        self._is_received = False
        self._flushing: asyncio.Task[None] | None = None
        self._leaving: asyncio.Task[None] | None = None  # held, or it might not come to its end

    # ------------------------------------------------------------------ for the handler

    async def receive(self) -> str | bytes | None:
        """The next message; None when none will come any more."""
        if self._is_received:
            raise RuntimeError("two wait for one WebSocket's messages; let one receive for all")
        self._is_received = True
        try:
            while (message := self._inbox.take()) is None and self.close_code is None:
                if self._inbox.goodbye is None:
                    await self._inbox.news()
                else:
                    self._finish()
            return message
        finally:
            self._is_received = False

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
        self._finish()
        if self.close_code is None:
            await self._say({"type": "websocket.close", "code": code, "reason": reason})
            self._end(code, reason)

    def say_close(self, code: int, reason: str) -> None:
        """Says goodbye as soon as the host listens."""
        self._leaving = asyncio.ensure_future(self._leave(code, reason))

    # ------------------------------------------------------------------ for the engine

    def look(self, now: float) -> None:
        """The host looks after the connection."""

    def leave(self) -> None:
        """The host says so when it stops."""

    def flush(self) -> None:
        """Sends what the sources have, as fast as the host takes it; closes if one says so."""
        if self._flushing is None or self._flushing.done():
            self._flushing = asyncio.ensure_future(self._flush())

    def returned(self) -> None:
        """The handler is at its end: nobody will ask for what still comes."""
        self._inbox.close()

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
            await self.close(source.closing_code, "too slow")
        return has_sent

    async def _leave(self, code: int, reason: str) -> None:
        try:
            await self.close(code, reason)
        except ClientGone:
            return

    # ------------------------------------------------------------------ its end

    async def _say(self, message: dict[str, Any]) -> None:
        if self.close_code is not None:
            raise ClientGone(f"this WebSocket is closed: {self.close_code} {self.close_reason}")
        try:
            await tell(self._send_message, message)
        except ClientGone:
            self._finish()
            self._end(LOST, "")
            raise

    def _part(self) -> None:
        """The client has said goodbye, or is gone."""
        asyncio.get_running_loop().call_later(LOOK_S if self._inbox else 0, self._finish)
        self._on_goodbye()

    def _finish(self) -> None:
        """Shows the client's goodbye, if there was one."""
        if self._inbox.goodbye is not None:
            self._end(*self._inbox.goodbye)

    def _end(self, code: int, reason: str) -> None:
        if self.close_code is None:
            self.close_code, self.close_reason, self.is_broken = code, reason, code == LOST
            self._inbox.wake()
