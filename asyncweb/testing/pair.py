"""A client without an address: a pair of sockets, of which the engine is given one end.

Rule: nothing of it can be seen from outside the process; whoever serves notices no difference.
"""

from __future__ import annotations

import contextlib
import queue
import socket
from typing import Any, Self

NOBODY = ("", 0)  # the address of a client that has none


def new_pair() -> tuple[socket.socket, socket.socket]:
    """The client's end of a new connection, and the server's."""
    ours, theirs = socket.socketpair()
    return ours, _End(fileno=theirs.detach())


class PairListener:
    """In the place of a listening socket, for an engine that waits until one can be read.

    >>> with PairListener() as listener:
    ...     client, server = new_pair()
    ...     listener.bring(server)
    ...     listener.accept() == (server, NOBODY)
    ...     client.close(), server.close()
    True
    (None, None)
    """

    def __init__(self) -> None:
        self._knocking: queue.SimpleQueue[socket.socket] = queue.SimpleQueue()
        self._bell, self._rope = socket.socketpair()
        self._bell.setblocking(False)

    def bring(self, sock: socket.socket) -> None:
        """Lets `accept` give `sock` to the engine. From any thread."""
        self._knocking.put(sock)
        self._rope.send(b"!")

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
    """The server's end of a pair. It is no TCP, and needs none of TCP's options."""

    def setsockopt(self, level: int, *option: Any) -> None:
        if level != socket.IPPROTO_TCP:
            super().setsockopt(level, *option)
