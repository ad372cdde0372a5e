"""What a WebSocket is built on, whoever carries its messages.

Rule: nothing here waits but what is `async`; the rest may be called by an engine at any time.
"""

from __future__ import annotations

from typing import Protocol

from websockets.exceptions import ProtocolError
from websockets.frames import Close

from asyncweb.http.bytestream import Home
from asyncweb.http.websocket import Message

NORMAL, GOING_AWAY, LOST, INVALID_DATA, FAILED = 1000, 1001, 1006, 1007, 1011
TRY_AGAIN_LATER = 1013
MESSAGE_COST = 128  # bytes that even an empty message takes up while it waits
CONTROL_BYTES = 125  # the longest control frame (RFC 6455, 5.5)


def check_close(code: int, reason: str) -> None:
    """Raises ValueError when a WebSocket cannot be closed with that."""
    try:
        data = Close(code, reason).serialize()
    except ProtocolError:
        raise ValueError(f"close code {code!r}: expected 1000 or your own 3000 to 4999") from None
    if len(data) > CONTROL_BYTES:
        raise ValueError(f"the reason of a close has at most 123 bytes, not {len(data) - 2}")


class Source(Protocol):
    """Where messages come from that nobody waits to send: a member of a broadcast."""

    @property
    def closing_code(self) -> int | None:
        """Why the channel is to be closed, if it is."""

    def pop(self) -> Message | None:
        """The next message; None when there is none."""


class Channel(Protocol):
    """What a WebSocket is built on: messages out and in, and a close."""

    close_code: int | None
    close_reason: str
    is_broken: bool  # it ended without the client's goodbye
    latency: float | None  # seconds from the latest ping to its pong
    sources: list[Source]  # flushed in their order

    @property
    def home(self) -> Home:
        """The engine it lives on."""

    async def receive(self) -> str | bytes | None:
        """The next message; None when none will come any more."""

    async def send(self, message: Message) -> None:
        """Sends it; waits while the client is slow. Raises ClientGone when that is no use."""

    async def ping(self) -> None:
        """Asks the client for a sign of life. Raises ClientGone when none will come."""

    async def close(self, code: int, reason: str) -> None:
        """Says goodbye, and waits a while for the client's own."""

    def say_close(self, code: int, reason: str) -> None:
        """Says goodbye, and waits for nothing."""

    def look(self, now: float) -> None:
        """Called about once a second."""

    def leave(self) -> None:
        """The server stops."""

    def flush(self) -> None:
        """Sends what the sources have, as far as there is room; closes if one of them says so."""
