"""The thread-per-request server: each client has a thread that waits for it, and for nobody else.

Rule: one thread at the door accepts; it runs no handler and never waits for a client.
"""

from __future__ import annotations

import os
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterable
from selectors import EVENT_READ
from typing import Any

from asyncweb.app import App
from asyncweb.coroutine import run_to_end
from asyncweb.http.bytestream import Watcher
from asyncweb.http.known import Known
from asyncweb.http.messages import Request
from asyncweb.loopless import ADVICE, as_needs_event_loop
from asyncweb.servers.admission import overloaded
from asyncweb.servers.base import Server
from asyncweb.servers.ending import breaking, closed_on_error, ending, open_log
from asyncweb.servers.extras import server_context
from asyncweb.servers.garbage import Pauses
from asyncweb.servers.joining import left_behind
from asyncweb.servers.kinds import check_kinds
from asyncweb.servers.listener import port_of
from asyncweb.servers.observer import Failure, Observer, presence
from asyncweb.servers.pool import Pool
from asyncweb.servers.spelling import DateLine
from asyncweb.servers.stuck import warn_of
from asyncweb.servers.thread_client import Client
from asyncweb.servers.thread_clients import Clients
from asyncweb.servers.thread_door import Door, Parked
from asyncweb.servers.thread_stream import ThreadStream
from asyncweb.servers.thread_tasks import ThreadTasks

JOIN_S = 1.0  # for the threads of clients that were cut off


class ThreadServer(Server):
    """Serves an App, or a WSGI app, with a thread per connection, so per request.

    `keep_alive=False` closes after each answer: literally a thread per request. `max_threads`
    makes it a pool: a connection has a thread only while a request of it is answered; at most
    `queue` of them wait for one, and more are told 503.

    >>> with ThreadServer(App(), max_threads=8, name="slow") as server:
    ...     server, server.settings()["max_threads"]
    (<ThreadServer slow at http://127.0.0.1:...>, 8)
    """

    engine = "threads"
    guests = "wsgi"

    def __init__(
        self,
        app: App | Callable[..., Any],
        *,
        max_threads: int | None = None,
        queue: int = 1024,
        **settings: Any,
    ):
        super().__init__(app, **settings)
        check_kinds(max_threads=max_threads, queue=queue)
        self.max_threads = max_threads
        self.queue = queue

    def settings(self) -> dict[str, Any]:
        """The arguments that make another server like this one."""
        return {**super().settings(), "max_threads": self.max_threads, "queue": self.queue}

    def _launch(self, listener: socket.socket) -> ThreadEngine:
        return ThreadEngine(self, listener)


class ThreadEngine(ThreadTasks):
    """The thread at the door, and the clients with their threads."""

    alive = True  # as long as this process

    def __init__(self, server: ThreadServer, listener: socket.socket):
        self.app = server.app
        self.observer: Observer = server.observer
        self.limits = server.limits
        self.keep_alive = server.keep_alive
        self.date = DateLine()
        self.tls = server_context(server.tls)
        self.scheme = server.scheme
        self.known = Known(server.limits, server.scheme)
        self.port = port_of(listener)
        self.is_one_of_many = server.is_one_of_many
        self.pid = os.getpid()
        self._name = f"asyncweb-{server.name}"
        self.log = open_log(server.access_log, server.engine)  # it may fail; no hook has run yet
        self.ended = ending(server.observer, self.log)
        self.broke_off = breaking(self.log)
        with closed_on_error(self.log):
            run_to_end(self.app.startup(), ADVICE)
        self._pool = Pool(self, server.max_threads, server.queue) if server.max_threads else None
        self.door = Door(self, listener, f"{self._name}-door")
        room = sys.maxsize if self._pool is None else self.door.room  # to wait without a thread
        self.clients = Clients(server.limits, room)
        self._owner: Pool | Clients = self._pool or self.clients  # of the handlers' threads
        self.door.open()
        self._pauses = Pauses(self.observer.collected)

    # ------------------------------------------------------------------ Engine, for the Context

    def failed(self, request: Request | str, error: BaseException) -> None:
        """Keeps the failure, for `server.errors`."""
        self.observer.failed(Failure.of(request, as_needs_event_loop(error)))

    def flush(self, watchers: Iterable[Watcher]) -> None:
        """Sends what waits for clients of this server, in the thread that calls."""
        for watcher in watchers:
            watcher.flush()

    # ------------------------------------------------------------------ Running, for the Server

    def stop(self, drain_s: float) -> None:
        """Shuts the door, ends the threads of clients that were answered, warns of those left."""
        end = time.monotonic() + drain_s
        try:
            self.door.close()
            self.clients.drain(end)
        finally:  # Ctrl-C ends the wait, and leaves nothing behind
            self._end(time.monotonic() + JOIN_S)
            for thread in left_behind(self._owner.threads, end=0.0):
                warn_of(thread, thread.name, "it does not take that its client was cut off")

    def counts(self) -> dict[str, Any]:
        """What the observer counted, and who is here now."""
        queued = 0 if self._pool is None else self._pool.queued
        return {**self.observer.counts(), **presence(self.clients(), queued)}

    def errors(self) -> list[Failure]:
        """The last failures."""
        return list(self.observer.errors)

    def _end(self, end: float) -> None:
        """Cuts off who is still here; handlers have until `end`, then the shutdown hooks run."""
        for client in self.clients():
            client.abort()
        self.door.stop()
        if self._pool is not None:
            self._pool.stop(end)
        left_behind(self._owner.threads, end)
        self._pauses.close()
        if self.log is not None:
            self.log.close()
        run_to_end(self.app.shutdown(self.failed), ADVICE)

    # ------------------------------------------------------------------ clients

    def welcome(self, client: Client) -> None:
        """A client is at the door: lets it in, or tells it why not."""
        client.refusal = self.clients.enter(client)
        if client.refusal is None:
            self._let_in(client)
        elif self.clients.is_crowded:
            client.drop()
        else:
            self.run_turn(client)

    def go_on(self, client: Parked) -> None:
        """What a parked client waited for has come."""
        if self._pool is None or isinstance(client, ThreadStream) or client.lingering:
            self.run_turn(client)
        elif not client.hear():
            self.door.park(client, EVENT_READ)
        elif not client.runs_code:
            self.run_turn(client)
        elif not self._pool.take(client):
            full = overloaded("all threads are busy and the queue is full")
            client.connection.turn_away(full)
            self.run_turn(client)

    def run_turn(self, client: Parked) -> None:
        """Goes on with the conversation in this thread; parks the client when it has to wait."""
        event = client.turn()
        if event is not None:
            self.door.park(client, event)

    def _let_in(self, client: Client) -> None:
        if self._pool is not None:
            self.run_turn(client)  # up to its first wait
            return
        thread = threading.Thread(target=client.serve, name=f"{self._name}-client", daemon=True)
        try:
            thread.start()
        except (RuntimeError, MemoryError):
            client.refusal = overloaded("no thread could be started")
            self.run_turn(client)
        else:
            client.thread = thread
