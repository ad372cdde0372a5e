"""What every connection of the event-loop server has, whoever speaks on it.

Rule: who does not read what was sent, nor our last word, is cut off in time.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from asyncweb.connection import Connection
from asyncweb.servers.base import reset_on_close
from asyncweb.servers.outbox import Outbox
from asyncweb.servers.patience import LINGER_S, Patience

if TYPE_CHECKING:
    from asyncweb.servers.aio import EventLoopEngine


class Peer(asyncio.Protocol):
    """One end of a transport, and the patience with the other one."""

    __slots__ = (
        "_engine", "_lingering", "_outbox", "_patience", "_transport", "address", "connection",
    )  # fmt: skip
    _engine: EventLoopEngine
    _lingering: bool  # the last word is said, and may be read
    _outbox: Outbox
    _patience: Patience
    _transport: asyncio.Transport
    address: tuple[str, int]
    connection: Connection

    def abort(self) -> None:
        """Drops the client at once, with a reset."""
        if not self._transport.is_closing():
            reset_on_close(self._transport.get_extra_info("socket"))
        self._transport.abort()

    def _waits_for_reader(self, now: float) -> bool:
        """Whether the client is still to read something; it is cut off when it takes too long."""
        limits, outbox = self._engine.limits, self._outbox
        taken_bytes = outbox.taken_bytes()
        if outbox.unsent_bytes:
            spent_s = self._patience.sample("reader", now)
            self._patience.earn(taken_bytes / limits.write_bytes_per_s)
            if spent_s > limits.write_s:
                self.abort()
            return True
        if self._lingering and self._patience.sample("linger", now) > LINGER_S:
            self.abort()
        return self._lingering
