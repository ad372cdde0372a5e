"""What both servers share: their address, how they start and stop, what they tell.

Rule: `start` returns when the socket listens, and raises in the caller what went wrong; `stop`
returns when nothing of the server is left. Both can be called twice.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import ssl
import struct
import sys
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar, Self, Unpack

from asyncweb.app import App
from asyncweb.errors import PortInUse, ServerError
from asyncweb.guests.guest import Kind, welcome
from asyncweb.http.limits import Limits
from asyncweb.servers import registry
from asyncweb.servers.address import checked_host, unix_path, url_of
from asyncweb.servers.arguments import check_drain, check_workers
from asyncweb.servers.extras import Extras, LogTarget, check_can_travel, checked_extras
from asyncweb.servers.kinds import check_kinds
from asyncweb.servers.listener import listen
from asyncweb.servers.observer import Failure, Observer
from asyncweb.servers.options import SocketOptions
from asyncweb.servers.running import Running

if TYPE_CHECKING:
    from asyncweb.servers.tls import Tls
    from asyncweb.servers.unix import SocketFile

DRAIN_S = 5.0
# At a stop, a connection that was just in use is given this long to send the request that may
# already be on its way.
RECENT_S = 0.1


class Server(ABC):
    """One App on one address. See AsyncServer and ThreadServer for the two ways of serving it.

    >>> import http.client
    >>> from asyncweb import AsyncServer
    >>> app = App()
    >>> broken = app.get("/")(lambda ctx: 1 / 0)
    >>> server = AsyncServer(app, name="demo").start()
    >>> server.is_running, server.in_own_process, server.pid == os.getpid()
    (True, False, True)
    >>> server.url == f"http://127.0.0.1:{server.port}"
    True
    >>> client = http.client.HTTPConnection(server.host, server.port)
    >>> client.request("GET", "/")
    >>> client.getresponse().status, [failure.error for failure in server.errors]
    (500, ['ZeroDivisionError: division by zero'])
    >>> client.close()
    >>> sorted(server.stats())
    ['blocks', 'connections', 'in_flight', 'queued', 'requests', 'statuses']
    >>> server.observer.tell(server.counts()) == server.stats()
    True
    >>> server.stop()
    >>> server.wait()  # no longer than it runs
    >>> server, server.twin().settings() == server.settings()
    (<AsyncServer demo stopped>, True)
    """

    engine: ClassVar[str]  # "async" or "threads"
    guests: ClassVar[Kind]  # the apps of others that it takes
    is_one_of_many = False  # other processes serve its app at the same address

    def __init__(
        self,
        app: App | Callable[..., Any],
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        name: str | None = None,
        limits: Limits | None = None,
        keep_alive: bool = True,
        observer: Observer | None = None,
        **extras: Unpack[Extras],
    ):
        if not isinstance(app, App):
            app = welcome(app, self.guests, host)
        check_kinds(port=port, name=name, limits=limits, keep_alive=keep_alive, observer=observer)
        self.app = app
        self.host = checked_host(host)
        self.given_port = port
        self.given_name = name
        self.name = name or self.engine
        self.limits = limits or Limits()
        self.keep_alive = keep_alive
        self.observer = observer or Observer()
        checked = checked_extras(extras, self.engine)
        self.socket_options: SocketOptions = checked["socket_options"]
        self.tls: Tls | ssl.SSLContext | None = checked["tls"]
        self.access_log: LogTarget = checked["access_log"]
        self.scheme = "https" if self.tls else "http"
        self.last_port = port
        self._running: Running | None = None
        self._file: SocketFile | None = None  # of a Unix socket that listens
        self._stopped = threading.Event()
        self._stopped.set()

    @abstractmethod
    def _launch(self, listener: socket.socket) -> Running:
        """Starts serving on the listening socket, in this process."""

    def settings(self) -> dict[str, Any]:
        """The arguments that make another server like this one, without name and port."""
        kept = ("host", "limits", "keep_alive", *Extras.__annotations__)
        return {name: getattr(self, name) for name in kept}

    def twin(self, observer: Observer | None = None) -> Self:
        """A server like this one that has not been started, on a port of its own."""
        return type(self)(self.app, observer=observer, **self.settings())

    # ------------------------------------------------------------------ life

    def start(self, *, process: bool = False, workers: int | None = None) -> Self:
        """Listens, and serves from a thread of its own, or from a process of its own.

        `workers=N` serves from N processes that share one socket; one that dies is replaced, and
        `process` then adds nothing. Replaces the server that this cell, name or port had before.
        Raises PortInUse when another program holds the port, ServerError when it cannot start
        for another reason; but what a startup hook raises as it is, unless workers tell of it.
        """
        check_workers(workers)
        if self.is_running:
            registry.keep(self)
            return self
        self.stop(drain_s=0)  # what a process that has died has left
        port = registry.replace(self)
        self.last_port = port or self.last_port  # a start that fails leaves its place to the next
        try:
            self._running = self._run(port, process, workers)
        except PortInUse:
            if self.given_port or unix_path(self.host):
                raise
            self._running = self._run(0, process, workers)  # the old place was taken meanwhile
        self.last_port = self._running.port
        self._stopped.clear()
        registry.add(self)
        return self

    def _run(self, port: int, process: bool, workers: int | None) -> Running:
        if process or workers is not None:
            check_can_travel(self.tls, self.access_log)
        listener = listen(self.host, port, self.socket_options)
        if path := unix_path(self.host):
            from asyncweb.servers.unix import SocketFile  # loaded by those who have one

            self._file = SocketFile(path)
        try:
            if workers is not None:
                from asyncweb.servers.workers import Workers  # they know both servers

                return Workers(self, listener, workers)
            if process:
                from asyncweb.servers.process import ServerProcess

                return ServerProcess(self, listener)
            return self._launch(listener)
        except BaseException:
            self._leave_place()
            listener.close()
            raise

    def _leave_place(self) -> None:
        """Removes the file of a Unix socket, which still listens: so it is ours for sure."""
        file, self._file = self._file, None
        if file is not None:
            file.remove()

    def stop(self, drain_s: float = DRAIN_S) -> None:
        """Stops accepting, answers what was accepted within `drain_s` seconds, then ends.

        What is not answered by then is cut off; a handler that goes on in spite of it is named in
        a RuntimeWarning. Raises TypeError or ValueError, and stops nothing, when `drain_s` is no
        number from 0 to 86400, a day.
        """
        check_drain(drain_s)
        running, self._running = self._running, None
        if running is None:
            return
        self._leave_place()
        try:
            running.stop(drain_s)
        finally:
            registry.remove(self)
            self._stopped.set()

    def wait(self) -> None:
        """Returns when the server has been stopped, or its process has died.

        Ctrl-C raises KeyboardInterrupt here.
        """
        # In steps: the end of a process wakes nobody, nor on Windows does Ctrl-C.
        while not (self._has_died or self._stopped.wait(1.0)):
            pass

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *error: object) -> None:
        self.stop()

    async def __aenter__(self) -> Self:
        starting = asyncio.create_task(asyncio.to_thread(self.start))
        try:
            return await asyncio.shield(starting)
        except asyncio.CancelledError:
            with contextlib.suppress(Exception):
                await starting
                await self.__aexit__()
            raise

    async def __aexit__(self, *error: object) -> None:
        await asyncio.to_thread(self.stop)

    # ------------------------------------------------------------------ what it tells

    @property
    def is_running(self) -> bool:
        """Whether it has been started, and neither was stopped nor has its process died since."""
        return self._running is not None and not self._has_died

    @property
    def _has_died(self) -> bool:
        return self._running is not None and not self._running.alive

    @property
    def in_own_process(self) -> bool:
        """Whether it runs in one process of its own, which `pid` names; workers are several."""
        return self._running is not None and self._running.pid != os.getpid()

    @property
    def port(self) -> int:
        """The port it listens on, or last did or was to; 0 before the first start."""
        return self._running.port if self._running else self.last_port

    @property
    def pid(self) -> int:
        """The process it runs in; with workers, the one that watches over them.

        Raises ServerError when it is not running.
        """
        return self._engine_running().pid

    @property
    def url(self) -> str:
        """Where to reach it: "http://127.0.0.1:8000"; a Unix socket: "http+unix://%2Frun%2Fa"."""
        return url_of(self.scheme, self.host, self.port)

    @property
    def errors(self) -> list[Failure]:
        """The last failures of handlers and hooks with their tracebacks, the oldest first."""
        return self._running.errors() if self._running else list(self.observer.errors)

    def stats(self) -> dict[str, Any]:
        """What the observer counted, and how many `connections` and `in_flight` there are now.

        With workers: the sums over all, and how many `workers` there are now. Raises
        ServerError when the server is not running.
        """
        return self.observer.tell(self.counts())

    def counts(self) -> dict[str, Any]:
        """The same as the observer counts it, before it makes plain values of it; see `stats`."""
        return self._engine_running().counts()

    def _engine_running(self) -> Running:
        if self._running is None:
            raise ServerError(f"{self.name} is not running; call start() first")
        return self._running

    def __repr__(self) -> str:
        where = f"at {self.url}" if self.is_running else "stopped"
        return f"<{type(self).__name__} {self.name} {where}>"

    def _repr_html_(self) -> str:
        from asyncweb.servers.display import server_html  # loaded by those who look

        return server_html(self, getattr(self._running, "log", None))


def reset_on_close(sock: Any) -> None:
    """Makes closing `sock` a reset: a stream that broke off must not look like one that ended."""
    linger = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)
    with contextlib.suppress(OSError):
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
