"""What every client of the thread server has: a socket, and a wait that has an end.

Rule: the clock runs only while the client is waited for, and whoever waits looks at it.
"""

from __future__ import annotations

import contextlib
import socket
import time
from selectors import EVENT_WRITE
from typing import TYPE_CHECKING

from asyncweb.connection import Connection
from asyncweb.errors import ProtocolError
from asyncweb.servers.base import reset_on_close
from asyncweb.servers.patience import LINGER_S, Patience
from asyncweb.servers.waiting import wait_for

if TYPE_CHECKING:
    from asyncweb.servers.threads import ThreadEngine

LOOK_S = 0.5  # a thread that waits to write is not woken by an abort: it looks for one


class Peer:
    """One end of a socket, and the patience with the other one."""

    _engine: ThreadEngine
    _socket: socket.socket
    _patience: Patience
    _waits_for: int  # EVENT_READ or EVENT_WRITE
    _since: float  # when the present wait began
    _cut: bool
    _listens: bool  # for requests
    lingering: bool  # the last word is said, and may be read
    connection: Connection

    def settle(self) -> bool:
        """Counts the wait up to now; whether it has used up the patience with the client."""
        now = time.monotonic()
        spent_s = self._patience.spend(self._what, now - self._since)
        self._since = now
        if spent_s < self._allowed_s:
            return False
        if self.lingering:  # no reset: what is on its way may still be read
            self._cut = True
            self._shut(socket.SHUT_RD)
        elif self._waits_for == EVENT_WRITE:
            self._cut_off()
        else:
            self.connection.expire()
        return True

    @property
    def mid_answer(self) -> bool:
        """Whether it waits to send more of what its handler has begun to answer."""
        return self._waits_for == EVENT_WRITE

    @property
    def runs_code(self) -> bool:
        """Whether its next turn may run what the app's author wrote, which may take its time.

        To refuse a client, or to let it go, takes no thread of a pool.
        """
        if not self._listens:
            return True
        upcoming = self.connection.upcoming
        if isinstance(upcoming, ProtocolError):
            return self._engine.app.explains
        return upcoming is not None

    def abort(self) -> None:
        """Drops the client at once; its thread notices when it next reads or writes."""
        self._cut_off()
        # The end of our side would make an answer that is broken off look whole.
        self._shut(socket.SHUT_RD if self.connection.ends_by_closing else socket.SHUT_RDWR)

    def _cut_off(self) -> None:
        self._cut = True
        reset_on_close(self._socket)

    def _shut(self, how: int) -> None:
        with contextlib.suppress(OSError):
            self._socket.shutdown(how)

    def _wait(self, event: int) -> None:
        self._waits_for, self._since = event, time.monotonic()
        wait_s = max(self._allowed_s - self._waited_s, 0.0)
        wait_for(self._socket, event, min(wait_s, LOOK_S) if event == EVENT_WRITE else wait_s)
        self.settle()

    @property
    def _waited_s(self) -> float:
        return self._patience.spend(self._what, 0.0) + time.monotonic() - self._since

    @property
    def _what(self) -> object:
        if self.lingering:
            return "linger"
        if self._waits_for == EVENT_WRITE:
            return "reader"
        return self.connection.waits_for, self.connection.taken

    @property
    def _allowed_s(self) -> float:
        if self.lingering:
            return LINGER_S
        if self._waits_for == EVENT_WRITE:
            return self._engine.limits.write_s
        return self.connection.patience_s or 0.0
