"""A load under way on a thread of its own, so that nobody who waits for it is silent meanwhile.

Rule: the engine is spoken to by that thread only.
"""

from __future__ import annotations

import queue
import threading

from asyncweb.errors import LoadError
from asyncweb.loadtest.plan import Plan
from asyncweb.loadtest.progress import Progress
from asyncweb.loadtest.result import Result
from asyncweb.loadtest.run import LoadProcess


class UnderWay:
    """One `plan` that `load` does. `news` gets each Progress, then the Result or a LoadError."""

    def __init__(self, load: LoadProcess, plan: Plan):
        self.plan = plan
        self.news: queue.SimpleQueue[Progress | Result | LoadError] = queue.SimpleQueue()
        self._load = load
        self._connections = plan.connections
        self._stopping = threading.Event()
        threading.Thread(target=self._run, name="load under way", daemon=True).start()

    def resize(self, connections: int) -> None:
        """So many shall ask, as soon as the load hears of it."""
        self._connections = connections

    def stop(self) -> None:
        """The load shall end: its Result comes as the last of the news."""
        self._stopping.set()

    def _run(self) -> None:
        try:
            self.news.put(self._result())
        except LoadError as error:
            self.news.put(error)

    def _result(self) -> Result:
        self._load.prepare(self.plan)
        self._load.start()
        connections = self.plan.connections
        for progress in self._load.snapshots():
            self.news.put(progress)
            if self._stopping.is_set():
                break
            if progress.at_s and connections != self._connections:
                connections = self._connections
                self._load.resize(connections)
        return self._load.stop()
