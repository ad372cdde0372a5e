"""What a host has told of a WebSocket, and its handler has not yet asked for.

Rule: the host is heard while the handler does something else, until `limits.buffer_bytes` wait
here: so a client's goodbye is noticed, and what it said before is not lost. Then nobody listens,
and it is the client who waits.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable

from asyncweb.channel import LOST, MESSAGE_COST
from asyncweb.gateways.asgi import Message, Receive


class Inbox:
    """The messages of one client, as they came, and then its goodbye: (code, reason).

    `on_goodbye()` is called as soon as the host tells it, whatever still waits before it.
    """

    def __init__(self, receive: Receive, bound_bytes: int, on_goodbye: Callable[[], None]):
        self.goodbye: tuple[int, str] | None = None  # None: more may come
        self._receive = receive
        self._bound_bytes = bound_bytes
        self._on_goodbye = on_goodbye
        self._messages: deque[str | bytes] = deque()
        self._waiting_bytes = 0  # of those messages
        self._has_news = asyncio.Event()
        self._has_room = asyncio.Event()
        self._has_room.set()
        self._listening = asyncio.ensure_future(self._listen())

    def __len__(self) -> int:
        return len(self._messages)

    def take(self) -> str | bytes | None:
        """The oldest message; None when none waits."""
        if not self._messages:
            return None
        message = self._messages.popleft()
        self._waiting_bytes -= len(message) + MESSAGE_COST
        if self._waiting_bytes < self._bound_bytes:
            self._has_room.set()
        return message

    async def news(self) -> None:
        """Waits until something has come, or `wake` is called."""
        self._has_news.clear()
        await self._has_news.wait()

    def wake(self) -> None:
        """Ends the wait for news."""
        self._has_news.set()

    def close(self) -> None:
        """Listens no more."""
        self._listening.cancel()

    async def _listen(self) -> None:
        while self.goodbye is None:
            await self._has_room.wait()
            self._put(await self._next())
        self._on_goodbye()

    async def _next(self) -> Message:
        try:
            return await self._receive()
        except Exception:  # whatever a host raises here, it has nothing more to tell
            return {"type": "websocket.disconnect"}

    def _put(self, told: Message) -> None:
        if told["type"] == "websocket.disconnect":
            self.goodbye = told.get("code") or LOST, told.get("reason") or ""
        else:
            text: str | None = told.get("text")
            message = (told.get("bytes") or b"") if text is None else text
            self._messages.append(message)
            self._waiting_bytes += len(message) + MESSAGE_COST
            if self._waiting_bytes >= self._bound_bytes:
                self._has_room.clear()
        self.wake()
