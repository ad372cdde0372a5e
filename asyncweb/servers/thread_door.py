"""The thread at the door: it lets clients in, and watches over all who have no thread just now.

Rule: it never runs a handler, and never waits for one client alone.
"""

from __future__ import annotations

import contextlib
import queue
import selectors
import socket
import threading
import time
from selectors import EVENT_READ
from typing import TYPE_CHECKING, TypeAlias

from asyncweb.servers.address import client_address
from asyncweb.servers.listener import NO_FILES, NO_FILES_PAUSE_S
from asyncweb.servers.thread_client import Client
from asyncweb.servers.thread_stream import ThreadStream

if TYPE_CHECKING:
    from asyncweb.servers.threads import ThreadEngine

Parked: TypeAlias = Client | ThreadStream
SWEEP_S = 1.0  # how often the patience with each parked client is checked


class Door:
    """Accepts from the listener, and wakes parked clients when what they wait for has come."""

    def __init__(self, engine: ThreadEngine, listener: socket.socket, name: str):
        self._engine = engine
        self._listener = listener
        self._listener.setblocking(False)
        self._arriving: queue.SimpleQueue[tuple[Parked, int]] = queue.SimpleQueue()
        self._waker, self._wake = socket.socketpair()
        self._waker.setblocking(False)
        self._wake.setblocking(False)
        self._selector = selectors.DefaultSelector()
        self._parked: set[Parked] = set()
        self.streams: set[ThreadStream] = set()  # whose handlers have taken them over
        self._closing = self._stopping = False
        self._closed = threading.Event()
        self._opens_at: float | None = None  # after a failed accept
        self._thread = threading.Thread(target=self._watch, name=name, daemon=True)
        self._thread.start()

    def park(self, client: Parked, event: int) -> None:
        """Wakes `client` when `event` has come; called from any thread."""
        self._arriving.put((client, event))
        self._ring()

    def close(self) -> None:
        """Lets in who has already knocked, then nobody any more."""
        self._closing = True
        self._ring()
        self._closed.wait()

    def stop(self) -> None:
        """Ends the thread; who is still parked is let go."""
        self._stopping = True
        self._ring()
        self._thread.join()

    def _ring(self) -> None:
        with contextlib.suppress(OSError):  # closed, or so full that it is heard anyway
            self._wake.send(b"!")

    # ------------------------------------------------------------------ in the thread

    def _watch(self) -> None:
        with self._selector, self._waker, self._wake, self._listener:
            self._selector.register(self._waker, EVENT_READ)
            self._selector.register(self._listener, EVENT_READ)
            swept = time.monotonic()
            while not self._stopping:
                self._wait_for_news()
                self._park_arrivals()
                self._open_or_close()
                if time.monotonic() - swept >= SWEEP_S:
                    self._sweep()
                    swept = time.monotonic()
            self._park_arrivals()
            for client in self._parked:
                client.leave()

    def _wait_for_news(self) -> None:
        pause_s = SWEEP_S if self._opens_at is None else NO_FILES_PAUSE_S
        for key, _ in self._selector.select(pause_s):
            if key.data is not None:
                self._wake_up(key.data)
            elif key.fileobj is self._listener:
                self._accept_all()

    def _wake_up(self, client: Parked) -> None:
        self._selector.unregister(client)
        self._parked.discard(client)
        client.settle()
        self._engine.go_on(client)

    def _park_arrivals(self) -> None:
        with contextlib.suppress(BlockingIOError):
            self._waker.recv(4096)
        while not self._arriving.empty():
            client, event = self._arriving.get()
            self._selector.register(client, event, client)
            self._parked.add(client)

    def _sweep(self) -> None:
        for client in tuple(self._parked):
            if client.settle():
                self._selector.unregister(client)
                self._parked.discard(client)
                self._engine.go_on(client)
        now = time.monotonic()
        for stream in tuple(self.streams):
            stream.look(now)

    # ------------------------------------------------------------------ the listener

    def _accept_all(self) -> None:
        while True:
            try:
                sock, address = self._listener.accept()
            except OSError as error:
                if error.errno in NO_FILES and self._opens_at is None:
                    self._selector.unregister(self._listener)  # the client stays in the backlog
                    self._opens_at = time.monotonic() + NO_FILES_PAUSE_S
                return
            self._engine.welcome(sock, client_address(address))

    def _open_or_close(self) -> None:
        if self._opens_at is not None and time.monotonic() >= self._opens_at:
            self._opens_at = None
            self._selector.register(self._listener, EVENT_READ)
        if self._closing and not self._closed.is_set():
            self._accept_all()
            if self._opens_at is None:
                self._selector.unregister(self._listener)
            self._opens_at = None
            self._listener.close()
            self._closed.set()
