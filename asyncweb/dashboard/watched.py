"""One server that is watched, and what is needed to tell what it did since the last look.

Rule: it is asked once for each look. What it does not tell is None.
"""

from __future__ import annotations

import contextlib
from dataclasses import replace
from operator import itemgetter
from typing import Any

from asyncweb.attach.target import KeepsFailures, SelfMeasured, Target
from asyncweb.errors import ServerError
from asyncweb.metrics.held import HeldUp
from asyncweb.metrics.histogram import Histogram
from asyncweb.metrics.latencies import Latencies
from asyncweb.metrics.probes import ProcessProbe, ProcessUse, slope
from asyncweb.metrics.recorder import all_of
from asyncweb.metrics.snapshot import Snapshot

ROUTES_SHOWN = 5
FAILURES_SHOWN = 3
LOADS_KEPT = 200  # different numbers of connections, for the memory that each takes


class Watched:
    """What is watched of `server`, as a row of moments."""

    def __init__(self, server: Target):
        self.server = server
        self.name = server.name
        self.was_late = False  # when it was last looked at
        self._self_measured = server if isinstance(server, SelfMeasured) else None
        self._probe: ProcessProbe | None = None
        self._probed_pid = 0
        self._before = (0.0, 0)  # (moment in s, requests)
        self._held = HeldUp()
        self._latencies = Latencies()
        self._memory: dict[float, float] = {}  # the most bytes seen with so many connections
        self._failed = 0  # answers with a 5xx
        self._failures: tuple[str, ...] = ()  # and what the last ones were

    def sample(self, at_s: float) -> Snapshot | None:
        """The server now; None when it does not run, or was late to answer."""
        self.was_late = False
        try:
            counts = self.server.counts()
            use = self._use()
        except ServerError:
            return None
        except TimeoutError:
            self.was_late = True
            return None
        requests: int | None = counts["requests"]  # None: nobody can tell
        (then_s, then), self._before = self._before, (at_s, requests or 0)
        answered = max((requests or 0) - then, 0)
        is_known = requests is not None and at_s > then_s
        refused = _refusals(counts["statuses"])
        moment = Snapshot(
            at_s=at_s,
            requests=requests or 0,
            throughput_rps=answered / (at_s - then_s) if is_known else None,
            errors=refused | counts.get("errors", {}),
            connections=counts["connections"],
            in_flight=counts["in_flight"],
            **self._cost(use, counts["connections"]),
            queued=counts.get("queued"),
            **self._held.look(at_s, counts),
            routes=_slowest(counts.get("routes", {})),
            failures=self._last_failures(refused.get("5xx", 0)),
            heap=counts.get("heap", {}),
        )
        if "routes" not in counts:  # nobody has recorded any latency
            return moment
        return replace(moment, **self._latencies.look(at_s, all_of(counts["routes"])))

    def _cost(self, use: ProcessUse | None, connections: int | None) -> dict[str, Any]:
        if use is None:
            return {}
        is_new = connections not in self._memory
        if connections is not None and not (is_new and len(self._memory) >= LOADS_KEPT):
            most = self._memory.get(connections, 0)
            self._memory[connections] = max(use.rss_bytes, most)
        return {
            "rss_bytes": use.rss_bytes,
            "uss_bytes": use.uss_bytes,
            "vms_bytes": use.vms_bytes,
            "bytes_per_connection": slope(list(self._memory.items())),
            "threads": use.threads,
            "cpu_percent": use.cpu_percent,
        }

    def _last_failures(self, failed: int) -> tuple[str, ...]:
        """What the last errors were; asked for only when there are more than before."""
        if failed != self._failed and isinstance(self.server, KeepsFailures):
            with contextlib.suppress(ServerError, TimeoutError):
                last = self.server.errors[-FAILURES_SHOWN:]
                self._failures = tuple(f"{failure.request}: {failure.error}" for failure in last)
                self._failed = failed
        return self._failures

    def _use(self) -> ProcessUse | None:
        if self._self_measured is not None:
            return self._self_measured.use()
        return self._probe_for(self.server.pid).sample() if self.server.in_own_process else None

    def _probe_for(self, pid: int) -> ProcessProbe:
        if self._probe is None or self._probed_pid != pid:
            self._probe, self._probed_pid = ProcessProbe(pid), pid
        return self._probe


def _slowest(routes: dict[str, Histogram]) -> dict[str, float | None]:
    """The p99 of the slowest routes, the slowest first."""
    p99 = {
        route or "(no route)": durations.percentile(0.99)
        for route, durations in routes.items()
        if durations.count  # else its first answer is being counted right now
    }
    ordered = sorted(p99.items(), key=itemgetter(1), reverse=True)
    return dict(ordered[:ROUTES_SHOWN])


def _refusals(statuses: dict[int, int]) -> dict[str, int]:
    kinds = {"4xx": range(400, 500), "5xx": range(500, 600)}
    counted = {
        kind: sum(number for status, number in statuses.items() if status in family)
        for kind, family in kinds.items()
    }
    return {kind: number for kind, number in counted.items() if number}
