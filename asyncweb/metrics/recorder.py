"""An observer that remembers how long things took: each route, and the loop's own heartbeat.

Rule: what is recorded costs a request about a microsecond; what is told is computed when asked. It
only grows: several may ask, and none takes anything from another.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

from asyncweb.metrics.heap import by_kind
from asyncweb.metrics.histogram import Histogram, summary
from asyncweb.servers.observer import Observer

HEAP_EVERY_S = 5.0


class Recorder(Observer):
    """Counts like any observer, and keeps a histogram per route and one of the loop's lag.

    With `heap` it also tells what Python's objects take, looked at every few seconds.

    >>> recorder = Recorder()
    >>> recorder.ended("/users/{id:int}", 200, seconds=0.002)
    >>> recorder.lagged(0.25)
    >>> recorder.collected(0.004)
    >>> stats = recorder.stats()
    >>> stats["routes"]["/users/{id:int}"]["max"], stats["loop_lag_s"]["max"]
    (0.002, 0.25)
    >>> Histogram.from_dict(stats["gc_pauses"]).max
    0.004
    >>> counts = recorder.counts()
    >>> counts["routes"], recorder.tell(counts) == stats
    ({'/users/{id:int}': <Histogram of 1: p50 0.002000 s, p99 0.002000 s>}, True)
    """

    def __init__(self, heap: bool = False) -> None:
        super().__init__()
        self._heap: dict[str, int] | None = {} if heap else None
        self._heap_due = 0.0
        self.routes: dict[str, Histogram] = {}
        self.lag = Histogram()
        self.pauses = Histogram()  # of the garbage collector

    def _keep(self, route: str, durations: Sequence[float]) -> None:
        self.routes.setdefault(route, Histogram()).record_all(durations)

    def lagged(self, seconds: float) -> None:
        """Records how late the loop came to its heartbeat."""
        self.lag.record(seconds)

    def collected(self, seconds: float) -> None:
        """Records how long the garbage collector took."""
        self.pauses.record(seconds)

    def counts(self) -> dict[str, Any]:
        """The counts; Histograms of each of the `routes`, `loop_lag` and `gc_pauses`; the `heap`.

        The histograms are those that go on to grow: who keeps one for later copies it.
        """
        return {
            **super().counts(),
            "routes": self.routes.copy(),
            "loop_lag": self.lag,
            "gc_pauses": self.pauses,
            "heap": self._heap_now(),
        }

    def tell(self, counts: dict[str, Any]) -> dict[str, Any]:
        """The counts; in seconds `latency`, `routes`, `loop_lag`, `loop_lag_s` and `gc_pauses`; and
        `heap` in bytes.

        `latency`, of all routes, `loop_lag` and `gc_pauses` are histograms since the start, for
        `Histogram.from_dict`. `loop_lag_s` sums its one up; it is None on a thread server, which
        has no loop. With workers `each` tells the same of every one.
        """
        routes, lag = counts["routes"], counts["loop_lag"]
        told = {
            **counts,
            "latency": all_of(routes).to_dict(),
            "routes": {
                route: {"count": histogram.count, **summary(histogram)}
                for route, histogram in routes.items()
            },
            "loop_lag": lag.to_dict(),
            "loop_lag_s": summary(lag) if lag.count else None,
            "gc_pauses": counts["gc_pauses"].to_dict(),
        }
        if "each" in counts:
            told["each"] = {pid: self.tell(worker) for pid, worker in counts["each"].items()}
        return told

    def _heap_now(self) -> dict[str, int]:
        """Bytes by kind of object; empty when it was not asked for."""
        if self._heap is not None and time.monotonic() >= self._heap_due:
            self._heap = by_kind()
            self._heap_due = time.monotonic() + HEAP_EVERY_S
        return self._heap or {}


def all_of(routes: Mapping[str, Histogram]) -> Histogram:
    """The durations of all `routes`."""
    return sum(routes.values(), Histogram())
