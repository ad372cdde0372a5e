"""The event-loop server: every connection on one thread, which never waits for one of them.

Rule: one callback per piece of news. A handler that does not wait is answered inside the callback
that brought its request; only one that waits costs a task.
"""

from __future__ import annotations

import asyncio
import os
import socket
import threading
import time
from typing import Any

from asyncweb.http.known import Known
from asyncweb.http.messages import Request
from asyncweb.servers.admission import Admission
from asyncweb.servers.aio_client import Client
from asyncweb.servers.aio_door import Door
from asyncweb.servers.aio_drain import drain, mark_draining
from asyncweb.servers.aio_flusher import Flusher
from asyncweb.servers.aio_peer import Peer
from asyncweb.servers.aio_start import Start
from asyncweb.servers.aio_tasks import LoopTasks
from asyncweb.servers.base import Server
from asyncweb.servers.ending import breaking, closed_on_error, ending, open_log
from asyncweb.servers.event_loop import new_event_loop
from asyncweb.servers.extras import server_context
from asyncweb.servers.garbage import Pauses
from asyncweb.servers.listener import port_of
from asyncweb.servers.observer import Failure, presence
from asyncweb.servers.spelling import DateLine
from asyncweb.servers.stuck import END_TIMEOUT_S, warn_of
from asyncweb.servers.sweep import Sweep
from asyncweb.servers.watchdog import Watchdog

BEAT_S = 0.05  # the heartbeat that measures how late the loop is


class AsyncServer(Server):
    """Serves an App, or an ASGI app, from one event loop: uvloop where it exists, or asyncio's own.

    A plain `def` handler runs on the loop and holds up everyone until it returns; so does an
    `async def` between two awaits. `await ctx.offload(f)` moves work that blocks to a thread.

    >>> from asyncweb import App
    >>> with AsyncServer(App(), name="fast") as server:  # or: async with
    ...     server
    <AsyncServer fast at http://127.0.0.1:...>
    """

    engine = "async"
    guests = "asgi"

    def _launch(self, listener: socket.socket) -> EventLoopEngine:
        return EventLoopEngine(self, listener)


class EventLoopEngine(LoopTasks):
    """The loop, its thread and the clients it serves: all who are let in at its `door`."""

    alive = True  # as long as this process

    def __init__(self, server: Server, listener: socket.socket | None):
        super().__init__()
        self.app = server.app
        self.observer = server.observer
        self.limits = server.limits
        self.keep_alive = server.keep_alive
        self.admission = Admission(server.limits)
        self.date = DateLine()
        self.tls = server_context(server.tls)
        self.scheme = server.scheme
        self.known = Known(server.limits, server.scheme)
        self.log = open_log(server.access_log, server.engine)  # it may fail; no hook has run yet
        self.ended = ending(server.observer, self.log)
        self.broke_off = breaking(self.log)
        self.options = server.socket_options
        self.clients: set[Peer] = set()
        self.port = port_of(listener) if listener is not None else 0
        self.pid = os.getpid()
        self._listener = listener
        self._sweep = Sweep(lambda: self.clients)
        self._drain_s = 0.0
        start = Start()
        self._thread = threading.Thread(
            target=self._main, args=(listener, start), name=f"asyncweb-{server.name}", daemon=True
        )
        with closed_on_error(self.log):
            try:
                self._thread.start()
                start.wait()
            except BaseException:
                if start.give_up(self._thread):
                    self.stop(drain_s=0)
                self.end_threads()
                raise

    # ------------------------------------------------------------------ Engine, for the Context

    def failed(self, request: Request | str, error: BaseException) -> None:
        """Keeps the failure, for `server.errors`."""
        self.observer.failed(Failure.of(request, error))

    # ------------------------------------------------------------------ Running, for the Server

    def stop(self, drain_s: float) -> None:
        """Ends the loop and its threads; warns of what does not let one of them go."""
        self._drain_s, end = drain_s, time.monotonic() + drain_s
        self.loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join(drain_s + END_TIMEOUT_S)
        left = self.end_threads(end)
        listener = self._listener
        if self._thread.is_alive() and listener is not None and listener.fileno() >= 0:
            socket.close(listener.detach())  # nobody shall wait in its queue any more
        if self.log is not None:
            self.log.close()
        if self._thread.is_alive():
            warn_of(self._thread, self._thread.name)
        for thread in left:
            warn_of(thread, thread.name, "its call waits outside of Python")

    def counts(self) -> dict[str, Any]:
        """What the observer counted, and who is here now."""
        return {**self.observer.counts(), **presence(tuple(self.clients))}

    def errors(self) -> list[Failure]:
        """The last failures."""
        return list(self.observer.errors)

    # ------------------------------------------------------------------ on the loop's thread

    def _main(self, listener: socket.socket | None, start: Start) -> None:
        try:
            with asyncio.Runner(loop_factory=new_event_loop) as runner:
                runner.run(self._serve(listener, start))
        except BaseException as error:
            start.fail(error)

    async def _serve(self, listener: socket.socket | None, start: Start) -> None:
        self.loop = asyncio.get_running_loop()
        self.loop.set_default_executor(self._executor_threads.as_executor())
        self.flush = Flusher(self.loop).add
        self._stopping = asyncio.Event()
        with start.abandonable():
            await self.app.startup()
        if not start.claim():
            await self.app.shutdown(self.failed)
            return
        self.door = Door(self.loop, listener, self._new_client, self.failed)
        await self.door.open()
        self._beaten_at = time.monotonic()
        heart = self.loop.create_task(self._beat())
        watchdog = Watchdog(self._thread, lambda: self._beaten_at, self.observer.blocked)
        pauses = Pauses(self.observer.collected)
        start.succeed()
        await self._stopping.wait()
        mark_draining(self.clients)  # before the door is shut, which takes turns of the loop
        await self.door.close()
        await drain(self.clients, self.background, self._drain_s)
        heart.cancel()
        watchdog.stop()
        pauses.close()
        await self.app.shutdown(self.failed)

    def _new_client(self) -> asyncio.Protocol:
        if self.tls is None:
            return Client(self)
        from asyncweb.servers.aio_tls import TlsLayer  # loaded by those who encrypt

        return TlsLayer(self.tls, Client(self))

    async def _beat(self) -> None:
        """Measures how late the loop comes to its heartbeat; looks after some of the clients."""
        due = time.monotonic()
        while True:
            await asyncio.sleep(BEAT_S)
            now, due = time.monotonic(), due + BEAT_S
            lag = max(now - due, 0.0)
            due = self._beaten_at = now
            while lag >= 0:  # each beat that was missed meanwhile was late too
                self.observer.lagged(lag)
                lag -= BEAT_S
            for client in self._sweep.due(now):
                if client in self.clients:
                    self._look_at(client, now)

    def _look_at(self, client: Peer, now: float) -> None:
        try:
            client.check_patience(now)
        except Exception as error:  # ours: it shall not end the looks at all the others
            self.failed("a look at a client", error)
            client.abort()
