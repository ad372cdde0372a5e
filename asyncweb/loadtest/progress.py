"""How a load test stands while it runs.

Rule: counts since the present phase began, but for the rate and the CPU, which are the present
ones. What was counted in the warm-up is never mixed with what counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from asyncweb.metrics.histogram import Histogram


class Phase(StrEnum):
    """What a load is at.

    >>> Phase.WARM_UP, str(Phase.WARM_UP)
    (<Phase.WARM_UP: 'warm-up'>, 'warm-up')
    """

    GATHERING = "connecting"
    WARM_UP = "warm-up"
    MEASURED = "measured"
    OVER = "over"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, slots=True)
class Progress:
    """A load test under way.

    >>> part = Progress(1.0, 10, 20.0, Histogram([0.1]), {"reset": 1}, connected=2, in_flight=1)
    >>> both = part + part
    >>> both.at_s, both.requests, both.throughput_rps, both.errors, both.phase
    (1.0, 20, 40.0, {'reset': 2}, <Phase.MEASURED: 'measured'>)
    """

    at_s: float  # since the clock started, the warm-up included; 0 while the crowd gathers
    requests: int  # whole answers in this phase
    throughput_rps: float  # since the progress before
    latency: Histogram  # in seconds, in this phase
    errors: Mapping[str, int]
    connected: int  # connections open now
    in_flight: int  # requests sent and not yet answered
    phase: Phase = Phase.MEASURED
    service: Histogram = field(default_factory=Histogram)  # from the send, of an open loop
    slip_s: float | None = None  # p99 of how late we sent what was due; None for a closed loop
    waiting: int = 0  # requests that are due, while no connection is free
    dropped: int = 0  # requests that were due and never sent
    warm_up_requests: int = 0  # whole answers of the warm-up, which do not count
    client_cpu: float = 0.0  # of one core, since the progress before; of the busiest process
    client_lag_s: float = 0.0  # p99 of how late the generator's own loop is; of the latest process

    def __add__(self, other: Progress) -> Progress:
        """Two processes that make one load together, as one."""
        slips = [part.slip_s for part in (self, other) if part.slip_s is not None]
        return Progress(
            at_s=max(self.at_s, other.at_s),
            requests=self.requests + other.requests,
            throughput_rps=self.throughput_rps + other.throughput_rps,
            latency=self.latency + other.latency,
            errors=dict(Counter(self.errors) + Counter(other.errors)),
            connected=self.connected + other.connected,
            in_flight=self.in_flight + other.in_flight,
            phase=max(self, other, key=lambda part: part.at_s).phase,
            service=self.service + other.service,
            slip_s=max(slips, default=None),
            waiting=self.waiting + other.waiting,
            dropped=self.dropped + other.dropped,
            warm_up_requests=self.warm_up_requests + other.warm_up_requests,
            client_cpu=max(self.client_cpu, other.client_cpu),
            client_lag_s=max(self.client_lag_s, other.client_lag_s),
        )
