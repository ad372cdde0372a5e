"""A crowd that connects, asks once, and then only stays: from a process of its own.

Rule: a process may open only so many files, and each connection is one at either end; so the crowd
shares no process with the server.
"""

from __future__ import annotations

import contextlib
import socket
from typing import Protocol, Self

from asyncweb.errors import LessonError
from asyncweb.loadtest.size import SPARE_FILES
from asyncweb.servers.child import Child, Pipe
from asyncweb.servers.open_files import most_open_files

REQUEST = b"GET / HTTP/1.1\r\nhost: idle\r\n\r\n"
ANSWER_BYTES = 64 * 1024
CONNECT_S = 10.0
PATIENCE_S = 120.0  # for a part of the crowd to have come


def most_idle(wanted: int) -> int:
    """So many connections, or as many as one process may hold open here.

    >>> most_idle(10)
    10
    """
    files = most_open_files()
    return wanted if files is None else min(wanted, files - SPARE_FILES)


class Place(Protocol):
    """Where a server listens: a Server has both, and so has whoever knows of another one."""

    @property
    def host(self) -> str:
        """The name or the address."""

    @property
    def port(self) -> int:
        """The number."""


class Idlers:
    """`with Idlers(server) as crowd: crowd.resize(1000)`; who leaves the `with`, lets them go.

    A server that takes longer than `connect_s` to let one in and answer it cannot be reached.

    >>> from asyncweb import App, AsyncServer
    >>> app = App()
    >>> home = app.get("/")(lambda ctx: "Hello")
    >>> with AsyncServer(app) as server, Idlers(server) as crowd:
    ...     crowd.resize(3), server.stats()["connections"]
    (3, 3)
    """

    def __init__(self, server: Place, connect_s: float = CONNECT_S):
        self._child = Child("asyncweb.lab.idlers:main")
        self._child.send(((server.host, server.port), connect_s))

    def resize(self, count: int) -> int:
        """How many are there now, let in and answered, when `count` should be; waits for them.

        Of a larger crowd the last ones leave, one by one. Raises LessonError when the server
        cannot be reached, or does not answer.
        """
        self._child.send(count)
        try:
            there: int | str = self._child.receive(PATIENCE_S)
        except TimeoutError:
            raise LessonError(f"{count} connections were not made in {PATIENCE_S:.0f} s") from None
        if isinstance(there, str):
            raise LessonError(f"the crowd of {count} could not come: {there}")
        return there

    def leave(self) -> None:
        """Closes all connections that are left, at once."""
        self._child.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.leave()


def main(pipe: Pipe) -> None:
    """The process's side: connects or leaves as it is told to, until the pipe closes."""
    address, connect_s = pipe.receive()
    crowd: list[socket.socket] = []
    with contextlib.suppress(EOFError):
        while True:
            wanted = pipe.receive()
            try:
                _resize(crowd, wanted, address, connect_s)
                pipe.send(len(crowd))
            except OSError as error:
                pipe.send(str(error))


def _resize(
    crowd: list[socket.socket], wanted: int, address: tuple[str, int], connect_s: float
) -> None:
    while len(crowd) > wanted:
        _say_goodbye(crowd.pop())
    for _ in range(wanted - len(crowd)):
        sock = socket.create_connection(address, connect_s)
        sock.sendall(REQUEST)
        if sock.recv(ANSWER_BYTES).startswith(b"HTTP/1.1 200 "):
            crowd.append(sock)
        else:  # it was let in to be told why it may not stay
            sock.close()


def _say_goodbye(sock: socket.socket) -> None:
    """Closes when the server has: thousands of threads that end at once are in each other's way."""
    with sock:
        sock.shutdown(socket.SHUT_WR)
        sock.recv(ANSWER_BYTES)
