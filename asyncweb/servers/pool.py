"""A bounded number of threads for any number of clients.

Rule: a client has a thread only while something it sent is read and answered. Between requests it
waits parked, with one thread watching over all who are parked.
"""

from __future__ import annotations

import contextlib
import queue
import selectors
import socket
import threading
import time
from typing import TYPE_CHECKING

from asyncweb.errors import ServerError
from asyncweb.servers.thread_client import Client

if TYPE_CHECKING:
    from asyncweb.servers.threads import ThreadEngine

SWEEP_S = 1.0  # how often the patience with each parked client is checked


class Pool:
    """`size` threads that answer, one that watches; at most `room` clients wait for a thread."""

    def __init__(self, engine: ThreadEngine, size: int, room: int):
        self._engine = engine
        self._ready: queue.Queue[Client | None] = queue.Queue(room)
        self._arriving: queue.SimpleQueue[Client | None] = queue.SimpleQueue()
        self._waker, self._wake = socket.socketpair()
        self._waker.setblocking(False)
        self._threads = [
            threading.Thread(target=self._work, name=f"asyncweb-pool-{number}", daemon=True)
            for number in range(size)
        ]
        self._watch = threading.Thread(
            target=self._watch_parked, name="asyncweb-parked", daemon=True
        )
        for thread in (*self._threads, self._watch):
            thread.start()

    def take(self, client: Client | None) -> None:
        """Parks `client` until it says something; called from any thread."""
        self._arriving.put(client)
        with contextlib.suppress(OSError):
            self._wake.send(b"!")

    def stop(self) -> None:
        """Ends all threads; a handler that never returns keeps its own."""
        self.take(None)
        self._watch.join()
        for _ in self._threads:
            self._ready.put(None)
        for thread in self._threads:
            thread.join(1.0)

    def _work(self) -> None:
        while (client := self._ready.get()) is not None:
            if client.converse():
                self.take(client)

    def _watch_parked(self) -> None:
        with selectors.DefaultSelector() as parked, self._waker, self._wake:
            parked.register(self._waker, selectors.EVENT_READ)
            swept = time.monotonic()
            while self._park_arrivals(parked):
                self._wait_for_news(parked)
                if time.monotonic() - swept >= SWEEP_S:
                    swept = time.monotonic()
                    self._sweep(parked, swept)
            for key in tuple(parked.get_map().values()):
                if key.data is not None:
                    key.data.leave()

    def _wait_for_news(self, parked: selectors.BaseSelector) -> None:
        """Waits until parked clients say something; gives each of them to a thread."""
        for key, _ in parked.select(SWEEP_S):
            if key.data is not None:
                parked.unregister(key.data)
                self._hand_over(key.data)

    def _park_arrivals(self, parked: selectors.BaseSelector) -> bool:
        """Parks who has arrived; False at the end."""
        with contextlib.suppress(BlockingIOError):
            self._waker.recv(4096)
        while not self._arriving.empty():
            client = self._arriving.get()
            if client is None:
                return False
            parked.register(client, selectors.EVENT_READ, client)
        return True

    def _hand_over(self, client: Client) -> None:
        try:
            self._ready.put_nowait(client)
        except queue.Full:
            client.turn_away(ServerError("all threads are busy and the queue is full"))

    def _sweep(self, parked: selectors.BaseSelector, now: float) -> None:
        for key in tuple(parked.get_map().values()):
            client = key.data
            if client is not None and client.expire_if_late(now):
                parked.unregister(client)
                self._hand_over(client)
