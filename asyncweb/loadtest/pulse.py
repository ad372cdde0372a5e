"""Tells how a crowd stands, again and again.

Rule: it only looks; a crowd that nobody looks at runs just the same.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from asyncweb.loadtest.progress import Phase, Progress
from asyncweb.metrics.histogram import Histogram

if TYPE_CHECKING:
    from asyncweb.loadtest.client import Crowd


class Pulse:
    """Remembers the last look, so that the next one can tell what went on in between."""

    def __init__(self, crowd: Crowd):
        self._crowd = crowd
        self._phase = Phase.GATHERING
        self._looked_at, self._requests = time.perf_counter(), 0
        self._cpu_at, self._cpu_s = self._looked_at, time.process_time()

    def progress(self) -> Progress:
        """How it stands now."""
        crowd = self._crowd
        if crowd.phase is not self._phase:  # since then everything is counted anew
            self._phase, self._looked_at, self._requests = crowd.phase, crowd.counts_from, 0
        now, tally = time.perf_counter(), crowd.tally
        latency = tally.latency()
        requests, self._requests = latency.count - self._requests, latency.count
        passed_s, self._looked_at = now - self._looked_at, now
        is_open = crowd.plan.arrivals is not None
        return Progress(
            at_s=now - crowd.began if crowd.began else 0.0,
            requests=latency.count,
            throughput_rps=requests / max(passed_s, 1e-9),
            latency=latency,
            errors=dict(tally.errors),
            connected=len(crowd.visitors),
            in_flight=crowd.in_flight(),
            phase=crowd.phase,
            service=tally.service() if is_open else Histogram(),
            slip_s=tally.slips.percentile(0.99) if tally.slips.count else None,
            waiting=crowd.pace.waiting,
            dropped=tally.dropped,
            warm_up_requests=crowd.warm_up.latency().count,
            client_cpu=self._cpu(now),
            client_lag_s=crowd.strain.lag_s,
        )

    def _cpu(self, now: float) -> float:
        """The share of a core that this process has used since the last look."""
        before_s, self._cpu_s = self._cpu_s, time.process_time()
        passed_s, self._cpu_at = now - self._cpu_at, now
        return (self._cpu_s - before_s) / max(passed_s, 1e-9)
