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
from asyncweb.servers.silence import Silence
from asyncweb.servers.waiting import has_come

if TYPE_CHECKING:
    from asyncweb.servers.aio import EventLoopEngine


class Peer(asyncio.Protocol):
    """One end of a transport, and the patience with the other one."""

    __slots__ = (
        "_engine", "_lingering", "_outbox", "_patience", "_silence", "_transport", "address",
        "connection",
    )  # fmt: skip
    _engine: EventLoopEngine
    _lingering: bool  # the last word is said, and may be read
    _outbox: Outbox
    _patience: Patience
    _silence: Silence | None  # of a stream that is to show signs of life
    _transport: asyncio.Transport
    address: tuple[str, int]
    connection: Connection

    def abort(self) -> None:
        """Drops the client at once, with a reset."""
        if not self._transport.is_closing():
            reset_on_close(self._transport.get_extra_info("socket"))
        self._transport.abort()

    def check_patience(self, now: float) -> None:
        """Called about once a second: ends waits that have lasted too long."""
        raise NotImplementedError

    def leave_if_idle(self, now: float, recent_s: float) -> None:
        """While the server stops: closes when nothing is asked, and nothing was just answered."""
        wait = ("stop", self.connection.taken)
        if self._lingering:
            self._transport.close()  # when the last word has left
        elif self.connection.idle and self._patience.sample(wait, now) >= recent_s:
            self._transport.close()

    @property
    def _client_goes_on(self) -> bool:
        """Whether the client is there, and may still be sending what we will not read."""
        if self._transport.is_closing():
            return False
        return self.connection.client_goes_on or has_come(self._transport.get_extra_info("socket"))

    def _beat(self, now: float) -> None:
        """Sends a sign of life in a stream that asks for it and is silent."""
        if self._silence is not None and self._silence.is_long(self._outbox.written, now):
            from asyncweb.events import HEARTBEAT  # by those who send events it is loaded already

            self._outbox.write(self.connection.piece(HEARTBEAT))
            self._silence.broken(self._outbox.written)

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
            self._transport.close()  # no reset: what is on its way may still be read
        return self._lingering
