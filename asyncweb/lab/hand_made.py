"""A server that a student makes by hand: a listening socket and a thread for their function.

Rule: `stop()` ends it wherever it waits. The listener lets nobody in any more, and each connection
that it let in comes to its end, so that code which knows nothing of stopping falls out of
`accept` with an OSError and out of `recv` with b"".
"""

from __future__ import annotations

import contextlib
import html
import socket
import threading
import time
import weakref
from collections.abc import Callable
from typing import Any, Self

from asyncweb.servers.stuck import warn_of

HOST = "127.0.0.1"
END_S = 5.0  # for the function to return, once there is nothing left to wait for
HANGUP_S = 1.0  # for its other threads to close their connections
_running: dict[str, HandMade] = {}
_ports: dict[str, int] = {}  # that a server of this name had before


def start(serve: Callable[..., Any], *arguments: Any, name: str = "") -> HandMade:
    """Runs `serve(listener, *arguments)` in a daemon thread, with a listening socket of its own.

    Returns at once; clients can connect. A server that runs under the same `name`, which is that
    of the function unless it is given, is stopped first and leaves its port to the new one.

    >>> def one_word(listener):
    ...     connection, address = listener.accept()
    ...     with connection:
    ...         connection.sendall(b"hello")
    >>> with start(one_word) as server:
    ...     with socket.create_connection(server.address) as client:
    ...         client.recv(100)
    b'hello'
    """
    name = name or getattr(serve, "__name__", "by hand")
    if name in _running:
        _running[name].stop()
    server = HandMade(name, serve, arguments, Listener(_ports.get(name, 0)))
    _running[name], _ports[name] = server, server.address[1]
    return server


def stop_all() -> None:
    """Stops every server that was made by hand."""
    for server in tuple(_running.values()):
        server.stop()


class Listener(socket.socket):
    """A listening socket on this machine that remembers whom it has let in."""

    def __init__(self, port: int = 0):
        super().__init__(fileno=_listening(port).detach())
        self.is_over = False
        self._let_in: weakref.WeakSet[socket.socket] = weakref.WeakSet()
        self._counting = threading.Lock()

    def accept(self) -> tuple[socket.socket, Any]:
        """The next client's connection, and its address. Raises OSError when the server stops."""
        self._check()
        connection, address = super().accept()
        try:
            self._check()  # it may be the one who only wakes us
        except OSError:
            connection.close()
            raise
        with self._counting:
            self._let_in.add(connection)
        return connection, address

    def end(self) -> None:
        """Lets nobody in any more, and ends the connections of those who are in."""
        self.is_over = True
        for connection in self.let_in():
            with contextlib.suppress(OSError):  # the other side was quicker
                connection.shutdown(socket.SHUT_RDWR)
        # No system agrees with the next on how to wake who waits in accept(), except by a client.
        with contextlib.suppress(OSError):
            socket.create_connection(self.getsockname(), END_S).close()

    def let_in(self) -> list[socket.socket]:
        """The connections that are still open."""
        with self._counting:
            return [connection for connection in self._let_in if connection.fileno() >= 0]

    def _check(self) -> None:
        if self.is_over:
            raise ConnectionAbortedError("this server was stopped: it lets nobody in any more")


class HandMade:
    """A student's server while it runs: `address`, `url`, and the `error` that ended it, if any.

    >>> server = start(lambda listener: listener.nonsense(), name="broken")
    >>> server.wait()
    >>> server
    <HandMade broken: ended by AttributeError: 'Listener' object has no attribute 'nonsense'>
    """

    def __init__(
        self, name: str, serve: Callable[..., Any], arguments: tuple[Any, ...], listener: Listener
    ):
        self.name = name
        self.address: tuple[str, int] = listener.getsockname()
        self.error: BaseException | None = None
        self._listener = listener
        self._thread = threading.Thread(
            target=self._run, args=(serve, arguments), name=f"asyncweb-{name}", daemon=True
        )
        self._thread.start()

    @property
    def url(self) -> str:
        """Where to reach it: "http://127.0.0.1:PORT"."""
        return "http://{}:{}".format(*self.address)

    @property
    def is_running(self) -> bool:
        """Whether the function has not returned, or failed, yet."""
        return self._thread.is_alive()

    def wait(self, seconds: float = END_S) -> None:
        """Returns when the function has, or after `seconds`."""
        self._thread.join(seconds)

    def stop(self) -> None:
        """Ends it, and every connection it has. Warns when the function does not return."""
        self._listener.end()
        self.wait(END_S)
        if self.is_running:
            warn_of(self._thread, self.name)
        deadline = time.monotonic() + HANGUP_S
        while (left := self._listener.let_in()) and time.monotonic() < deadline:
            time.sleep(0.005)  # a thread for each client ends a moment after its connection
        for connection in left:
            connection.close()
        self._listener.close()
        if _running.get(self.name) is self:
            del _running[self.name]

    def _run(self, serve: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
        try:
            serve(self._listener, *arguments)
        except BaseException as error:  # shown by the server itself: a thread has no cell
            self.error = None if self._listener.is_over else error

    @property
    def _state(self) -> str:
        error = self.error
        while isinstance(error, BaseExceptionGroup):  # whose own words say nothing of the cause
            error = error.exceptions[0]
        if error is not None:
            return f"ended by {type(error).__name__}: {error}"
        return f"at {self.url}" if self.is_running else "stopped"

    def __repr__(self) -> str:
        colon = "" if self._state.startswith("at ") else ":"
        return f"<HandMade {self.name}{colon} {self._state}>"

    def _repr_html_(self) -> str:
        link = f'<a href="{self.url}" target="_blank">{self.url}</a>'
        state = link if self._state.startswith("at ") else html.escape(self._state)
        return f"<b>{html.escape(self.name)}</b>: {state}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.stop()


def _listening(port: int) -> socket.socket:
    try:
        return socket.create_server((HOST, port))
    except OSError:  # another program has taken it meanwhile
        return socket.create_server((HOST, 0))
