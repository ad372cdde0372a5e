"""What a load test found, and what limited it.

Rule: only whole answers count as requests. What was not measured is not told, and what the load
generator spoiled by itself is said.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from asyncweb.loadtest.tally import Second
from asyncweb.metrics.histogram import Histogram, summary

CPU_BUSY = 0.85  # of a core; above it the generator measures itself
LAG_SHARE = 0.25  # of the median latency; a loop later than this has spoiled it
IDLE_SHARE = 0.1  # of the time; connections idle longer between two requests: the client is late

FAILED_ANSWERS = ("4xx", "5xx")  # errors that are whole answers all the same


@dataclass(frozen=True, slots=True)
class Progress:
    """A load test under way."""

    at_s: float  # since it began
    requests: int  # whole answers since it began
    throughput_rps: float  # since the progress before
    latency: Histogram  # in seconds, since it began
    errors: Mapping[str, int]
    connected: int  # connections open now
    in_flight: int  # requests sent and not yet answered


@dataclass(frozen=True, slots=True)
class Result:
    """What a load test found. Latency counts from when a request was due, which in a closed loop is
    its send, to the last byte of its answer.

    An answer of 4xx or 5xx is a request and an error both; the other kinds of error (connect,
    timeout, reset, protocol) got no whole answer and are no requests.

    >>> result = Result("http://127.0.0.1:8000/", 2, 1.0, 3, 0, Histogram([0.1, 0.2, 0.3]))
    >>> result.throughput_rps, result.latency_s["max"], result.to_dict()["limited_by"]
    (3.0, 0.3, 'server')
    >>> result.limited_by, result.explain()
    ('server', 'the server: all 2 connections were waiting for it')
    """

    target: str
    connections: int
    duration_s: float  # until the planned end
    requests: int  # whole answers
    late: int  # of these, came after the planned end: in the latency, but not in the throughput
    latency: Histogram
    errors: Mapping[str, int] = field(default_factory=dict)
    busy_share: float = 1.0  # of all connections' time, spent waiting for an answer (Little's law)
    client_cpu: float = 0.0  # of one core, the load generator's own
    client_lag_s: float = 0.0  # p99 of how late the generator's own loop was
    interrupted: bool = False
    service: Histogram = field(default_factory=Histogram)  # as latency, but from the send
    slips: Histogram = field(default_factory=Histogram)  # seconds that we were late with a request
    connects: Histogram = field(default_factory=Histogram)  # seconds until a connection was made
    dropped: int = 0  # requests that were due and never sent
    sent_bytes: int = 0
    received_bytes: int = 0
    seconds: tuple[Second, ...] = ()  # what happened in each whole second
    schedule: str = ""  # of an open loop, in words; empty for a closed one

    @property
    def throughput_rps(self) -> float:
        """Whole answers per second."""
        return (self.requests - self.late) / self.duration_s if self.duration_s else 0.0

    @property
    def latency_s(self) -> dict[str, float | None]:
        """p50, p90, p99 and max in seconds; None when nothing was answered."""
        return summary(self.latency)

    @property
    def limited_by(self) -> str:
        """What kept the throughput from being higher: "server", or a part of the generator."""
        if not self.requests:
            return "errors" if self.errors else "nothing was answered"
        if self.client_cpu > CPU_BUSY:
            return "client CPU"
        if self.client_lag_s > max(LAG_SHARE * self.latency.percentile(0.5), 0.005):
            return "client lag"
        if not self.errors and self.busy_share < 1 - IDLE_SHARE:
            return "client"
        return "server"

    def explain(self) -> str:
        """What limited the run, in plain words."""
        words = {
            "server": f"the server: all {self.connections} connections were waiting for it",
            "client CPU": f"the load generator: it used {self.client_cpu:.0%} of a core",
            "client lag": f"the load generator: its loop was {self.client_lag_s:.3f} s late",
            "client": "the load generator: its connections idled between two requests",
            "errors": "errors: no request was answered",
            "nothing was answered": "the time: it ended before the first answer came",
        }
        return words[self.limited_by]

    def to_dict(self) -> dict[str, Any]:
        """Plain values in seconds, for JSON."""
        return {
            "target": self.target,
            "connections": self.connections,
            "duration_s": self.duration_s,
            "requests": self.requests,
            "errors": dict(self.errors),
            "throughput_rps": self.throughput_rps,
            "latency_s": self.latency_s,
            "limited_by": self.limited_by,
            "client_cpu": self.client_cpu,
            "interrupted": self.interrupted,
        }


@dataclass(frozen=True, slots=True)
class Rounds:
    """Several results of one plan on one target: sums where one counts, medians where one rates.

    >>> latency = Histogram([0.1, 0.2, 0.3])
    >>> times = [Result("/", 2, seconds, 3, 0, latency, {"5xx": 1}) for seconds in (1.0, 2.0, 3.0)]
    >>> rounds = Rounds(times)
    >>> rounds.requests, rounds.errors, rounds.throughput_rps, rounds.throughput_range_rps
    (9, {'5xx': 3}, 1.5, (1.0, 3.0))
    >>> rounds.latency.count, rounds.latency_s["max"], rounds.limited_by, rounds.explain()
    (9, 0.3, 'server', 'the server: all 2 connections were waiting for it')
    """

    results: Sequence[Result]

    @property
    def requests(self) -> int:
        """Whole answers, of all rounds."""
        return sum(result.requests for result in self.results)

    @property
    def errors(self) -> dict[str, int]:
        """Errors by kind, of all rounds."""
        total: Counter[str] = Counter()
        for result in self.results:
            total.update(result.errors)
        return dict(total)

    @property
    def throughput_rps(self) -> float:
        """The median of the rounds."""
        return median(result.throughput_rps for result in self.results)

    @property
    def throughput_range_rps(self) -> tuple[float, float]:
        """The slowest and the fastest round."""
        rates = [result.throughput_rps for result in self.results]
        return min(rates), max(rates)

    @property
    def latency(self) -> Histogram:
        """Every answer of every round, in seconds."""
        merged = Histogram()
        for result in self.results:
            merged.merge(result.latency)
        return merged

    @property
    def latency_s(self) -> dict[str, float | None]:
        """The median of the rounds for p50, p90 and p99; the largest of all for max."""
        if not self.requests:
            return summary(Histogram())
        figures = [summary(result.latency) for result in self.results if result.requests]
        medians: dict[str, float | None] = {
            name: median(figure[name] or 0.0 for figure in figures)
            for name in ("p50", "p90", "p99")
        }
        return {**medians, "max": max(figure["max"] or 0.0 for figure in figures)}

    @property
    def limited_by(self) -> str:
        """What limited most of the rounds."""
        return Counter(result.limited_by for result in self.results).most_common(1)[0][0]

    def explain(self) -> str:
        """What limited most of the rounds, in plain words."""
        return next(
            result.explain() for result in self.results if result.limited_by == self.limited_by
        )
