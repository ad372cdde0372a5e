"""A bounded number of threads for any number of clients.

Rule: a client has a thread only while it is answered. Whenever it is waited for, it is parked at
the door, which reads what it sends, refuses it or lets it go, and its thread takes the next one.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from asyncweb.servers.handoff import Handoff
from asyncweb.servers.joining import left_behind
from asyncweb.servers.thread_client import Client

if TYPE_CHECKING:
    from asyncweb.servers.threads import ThreadEngine


class Pool:
    """`size` threads; at most `room` clients wait for one of them."""

    def __init__(self, engine: ThreadEngine, size: int, room: int):
        self._engine = engine
        self._room = room
        self._ready: Handoff[Client | None] = Handoff()
        self.threads = [
            threading.Thread(target=self._work, name=f"asyncweb-pool-{number}", daemon=True)
            for number in range(size)
        ]
        for thread in self.threads:
            thread.start()

    def take(self, client: Client) -> bool:
        """Gives `client` to the next free thread; False when too many wait for one already.

        Only the thread at the door calls it. One in the middle of an answer always has a place.
        """
        if not client.mid_answer and len(self._ready) >= self._room:
            return False
        self._ready.put(client)
        return True

    @property
    def queued(self) -> int:
        """How many clients wait for a thread."""
        return len(self._ready)

    def stop(self, end: float) -> None:
        """Ends all threads until `end`; a handler that does not return keeps its own."""
        self._dismiss()
        left_behind(self.threads, end)
        for client in self._ready.take_back():  # nobody is left for them
            if client is not None:
                client.leave()
        self._dismiss()

    def _dismiss(self) -> None:
        for _ in self.threads:
            self._ready.put(None)

    def _work(self) -> None:
        while (client := self._ready.get()) is not None:
            self._engine.run_turn(client)
            del client  # else a thread that waits would keep the last one
