"""A bounded number of threads for any number of clients.

Rule: a client has a thread only while something it sent is read and answered. Whenever it is
waited for, it is parked at the door, and its thread takes the next one.
"""

from __future__ import annotations

import queue
import threading
from typing import TYPE_CHECKING

from asyncweb.servers.thread_client import Client

if TYPE_CHECKING:
    from asyncweb.servers.threads import ThreadEngine


class Pool:
    """`size` threads; at most `room` clients wait for one of them."""

    def __init__(self, engine: ThreadEngine, size: int, room: int):
        self._engine = engine
        self._ready: queue.Queue[Client | None] = queue.Queue(room)
        self._threads = [
            threading.Thread(target=self._work, name=f"asyncweb-pool-{number}", daemon=True)
            for number in range(size)
        ]
        for thread in self._threads:
            thread.start()

    def take(self, client: Client) -> bool:
        """Gives `client` to the next free thread; False when too many wait for one already."""
        try:
            self._ready.put_nowait(client)
        except queue.Full:
            return False
        return True

    def stop(self) -> None:
        """Ends all threads; a handler that never returns keeps its own."""
        for _ in self._threads:
            self._ready.put(None)
        for thread in self._threads:
            thread.join(1.0)

    def _work(self) -> None:
        while (client := self._ready.get()) is not None:
            self._engine.run_turn(client)
