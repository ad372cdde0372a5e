"""The thread-per-request server: each client has a thread that waits for it, and for nobody else.

Rule: one thread at the door accepts; it never reads a request and never waits for a client.
"""

from __future__ import annotations

import os
import selectors
import socket
import threading
import time
from collections.abc import Callable
from typing import Any

from asyncweb.app import App
from asyncweb.errors import ServerError
from asyncweb.http.messages import Request
from asyncweb.middleware import run_to_end
from asyncweb.servers.base import RECENT_S, DateLine, Server, presence
from asyncweb.servers.loopless import ADVICE, as_needs_event_loop
from asyncweb.servers.observer import Failure, Observer
from asyncweb.servers.pool import Pool
from asyncweb.servers.thread_client import Client

NO_FILES_PAUSE_S = 0.05  # accept() fails while no descriptor is free; trying at once would spin


class ThreadServer(Server):
    """Serves an App with a thread per connection, so per request.

    `keep_alive=False` closes after each answer: literally a thread per request. `max_threads`
    makes it a pool: a connection has a thread only while a request of it is answered; at most
    `queue` of them wait for one, and more are told 503.
    """

    engine = "threads"

    def __init__(
        self, app: App, *, max_threads: int | None = None, queue: int = 1024, **settings: Any
    ):
        super().__init__(app, **settings)
        for name, value in (("max_threads", max_threads), ("queue", queue)):
            if value is not None and value < 1:
                raise ValueError(f"{name}={value!r}: expected at least 1")
        self.max_threads = max_threads
        self.queue = queue

    def settings(self) -> dict[str, Any]:
        """The arguments that make another server like this one."""
        return {**super().settings(), "max_threads": self.max_threads, "queue": self.queue}

    def _launch(self, listener: socket.socket) -> ThreadEngine:
        return ThreadEngine(self, listener)


class ThreadEngine:
    """The thread at the door, and the clients with their threads."""

    def __init__(self, server: ThreadServer, listener: socket.socket):
        self.app = server.app
        self.observer: Observer = server.observer
        self.limits = server.limits
        self.keep_alive = server.keep_alive
        self.date = DateLine()
        self.port: int = listener.getsockname()[1]
        self.pid = os.getpid()
        self._name = f"asyncweb-{server.name}"
        self._clients: set[Client] = set()
        self._counting = threading.Lock()
        self._listener = listener
        self._stopping = False
        run_to_end(self.app.startup(), ADVICE)
        self._waker, self._wake = socket.socketpair()
        self._pool = Pool(self, server.max_threads, server.queue) if server.max_threads else None
        self._door = threading.Thread(
            target=self._watch_door, name=f"{self._name}-door", daemon=True
        )
        self._door.start()

    # ------------------------------------------------------------------ Engine, for the Context

    async def sleep(self, seconds: float) -> None:
        """The thread sleeps; the others do not notice."""
        time.sleep(seconds)

    async def offload(self, function: Callable[..., Any], *args: Any) -> Any:
        """Calls it here: this thread holds nobody up."""
        return function(*args)

    def failed(self, request: Request, error: BaseException) -> None:
        """Keeps the failure, for `server.errors`."""
        error = as_needs_event_loop(error)
        self.observer.failed(Failure.of(f"{request.method} {request.raw_path}", error))

    # ------------------------------------------------------------------ Running, for the Server

    def stop(self, drain_s: float) -> None:
        """Ends the door and, when their requests are answered, the clients' threads."""
        end = time.monotonic() + drain_s
        self._stopping = True
        self._wake.close()  # which the door's selector sees
        self._door.join()
        for client in self.clients():
            client.connection.draining = True
        while (clients := self.clients()) and time.monotonic() < end:
            for client in clients:
                client.leave_if_idle(time.monotonic(), RECENT_S)
            time.sleep(0.005)
        for client in self.clients():
            client.abort()
        if self._pool is not None:
            self._pool.stop()
        run_to_end(self.app.shutdown(), ADVICE)

    def stats(self) -> dict[str, Any]:
        """What the observer counted, and who is here now."""
        return {**self.observer.stats(), **presence(self.clients())}

    def errors(self) -> list[Failure]:
        """The last failures."""
        return list(self.observer.errors)

    # ------------------------------------------------------------------ clients

    def clients(self) -> tuple[Client, ...]:
        """Those who are connected now."""
        with self._counting:
            return tuple(self._clients)

    def arrived(self, client: Client) -> None:
        """Counts a client in."""
        with self._counting:
            self._clients.add(client)

    def left(self, client: Client) -> None:
        """Counts a client out."""
        with self._counting:
            self._clients.discard(client)

    # ------------------------------------------------------------------ the door

    def _watch_door(self) -> None:
        with selectors.DefaultSelector() as selector, self._listener, self._waker:
            self._listener.setblocking(False)
            selector.register(self._listener, selectors.EVENT_READ)
            selector.register(self._waker, selectors.EVENT_READ)
            while not self._stopping:
                selector.select()
                self._accept_all()
            self._accept_all()  # those who had already knocked

    def _accept_all(self) -> None:
        while True:
            try:
                sock, address = self._listener.accept()
            except BlockingIOError:
                return
            except OSError:
                time.sleep(NO_FILES_PAUSE_S)
                return
            self._welcome(Client(self, sock, address[:2]))

    def _welcome(self, client: Client) -> None:
        if self._pool is not None:
            self._pool.take(client)
            return
        thread = threading.Thread(target=client.serve, name=f"{self._name}-client", daemon=True)
        try:
            thread.start()
        except RuntimeError:
            client.turn_away(ServerError("no thread could be started"))
