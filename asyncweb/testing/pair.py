"""A door without an address: in the place of a listening socket, for clients in this process.

Rule: nothing of it can be seen from outside the process; whoever serves notices no difference.
"""

from __future__ import annotations

import contextlib
import queue
import socket
from typing import Any, Self

NOBODY = ("", 0)  # the address of a client that has none


class PairListener:
    """`connect()` gives one end of a pair of sockets; `accept()` the other, to the engine."""

    def __init__(self) -> None:
        self._knocking: queue.SimpleQueue[socket.socket] = queue.SimpleQueue()
        self._bell, self._rope = socket.socketpair()
        self._bell.setblocking(False)

    def connect(self) -> socket.socket:
        """The client's end of a new connection."""
        ours, theirs = socket.socketpair()
        self._knocking.put(_End(fileno=theirs.detach()))
        self._rope.send(b"!")
        return ours

    def accept(self) -> tuple[socket.socket, tuple[str, int]]:
        """The server's end of the next connection. Raises BlockingIOError when there is none."""
        with contextlib.suppress(BlockingIOError):
            self._bell.recv(1)
        try:
            return self._knocking.get_nowait(), NOBODY
        except queue.Empty:
            raise BlockingIOError from None

    def fileno(self) -> int:
        """What can be read when somebody knocks."""
        return self._bell.fileno()

    def getsockname(self) -> tuple[str, int]:
        """No address."""
        return NOBODY

    def setblocking(self, flag: bool) -> None:
        """It never blocks."""

    def close(self) -> None:
        """Lets nobody in any more."""
        self._bell.close()
        self._rope.close()
        with contextlib.suppress(queue.Empty):
            while True:
                self._knocking.get_nowait().close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


class _End(socket.socket):
    """The server's end. It is no TCP, and needs none of TCP's options."""

    def setsockopt(self, level: int, *option: Any) -> None:
        if level != socket.IPPROTO_TCP:
            super().setsockopt(level, *option)
