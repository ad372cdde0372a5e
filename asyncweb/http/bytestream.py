"""A connection whose HTTP is over: bytes in, bytes out, for a protocol of one's own.

Rule: two words for those who speak one, `read` and `write`. Those who build on it, as WebSocket
does, may also say what never waits: `read_now` and `put`.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager
from typing import Any, Protocol

from asyncweb.http.limits import Limits


class ByteStream(Protocol):
    """What `await ctx.take_over()` gives: the connection's bytes, until the handler returns.

    One reads at a time; several may write.
    """

    watcher: Watcher | None

    @property
    def home(self) -> Home:
        """The engine it lives on."""

    @property
    def lock(self) -> AbstractContextManager[Any]:
        """Held while what is read or put must not be mixed with what another thread does."""

    async def read(self) -> bytes:
        """The next bytes, as soon as there are any; b"" when none will come any more.

        That is when the client has closed its side or is gone, and when the server stops.
        """

    async def write(self, data: bytes) -> None:
        """Sends `data`; waits while the client is slow. Raises ClientGone when it has left."""

    def close(self) -> None:
        """Ends the connection when all is sent that was written; `read` gives b"" from then on."""

    def abort(self) -> None:
        """Ends the connection at once, with a reset."""

    @property
    def closed(self) -> bool:
        """Whether nothing can be sent any more."""

    @property
    def has_room(self) -> bool:
        """Whether the client has taken most of what was put."""

    async def room(self) -> None:
        """Waits until there is room. Raises ClientGone when the client has left."""

    def put(self, data: bytes) -> None:
        """Sends `data`, or keeps it until the client takes it; never waits."""

    def read_now(self) -> bytes | None:
        """What has come; b"" at the end; None when something may still come."""


class Watcher(Protocol):
    """Who builds on a ByteStream, as its engine calls it; none of this may wait."""

    def look(self, now: float) -> None:
        """Called about once a second; `now` is the engine's clock, in seconds."""

    def flush(self) -> None:
        """There is room again, or `Home.flush` was asked for this: sends what waits."""

    def leave(self) -> None:
        """The server stops: the conversation is to come to its end."""


class Home(Protocol):
    """The engine a ByteStream lives on."""

    limits: Limits

    def now(self) -> float:
        """The time in seconds, by a clock of fine grain that is never set."""

    def flush(self, watchers: Iterable[Watcher]) -> None:
        """Calls `flush` of each, soon, where it may be called; from any thread."""
