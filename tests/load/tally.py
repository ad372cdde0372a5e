"""What happened to the requests of good clients in one phase.

Rule: a request belongs to the phase in which it was to be sent, however late its answer comes.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from asyncweb.metrics.histogram import Histogram, summary

FAULTS_KEPT = 20


@dataclass(frozen=True, slots=True)
class Lost:
    """A request without an answer."""

    kind: str
    pid: int  # of the process that served the connection; 0 when it had not answered yet
    sent_at: float  # by time.monotonic, which all processes share
    why: str


@dataclass(slots=True)
class Tally:
    """Counts of one phase."""

    planned: int = 0
    sent: Counter[str] = field(default_factory=Counter)
    answered: int = 0
    wrong: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    lost: list[Lost] = field(default_factory=list)
    closed: int = 0  # connections that ended with nothing in flight
    unconnected: int = 0  # connects that failed
    pids: Counter[int] = field(default_factory=Counter)  # who answered
    latency: Histogram = field(default_factory=Histogram)  # from the planned moment
    slip: Histogram = field(default_factory=Histogram)  # how late we came to the planned moment
    seconds: float = 0.0
    cpu_seconds: float = 0.0  # of the client's process

    def is_wrong(self, fault: str) -> None:
        """Counts an answer that is not the right one."""
        self.wrong += 1
        if fault in self.faults or len(self.faults) < FAULTS_KEPT:
            self.faults[fault] += 1

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON and for the report."""
        seconds = max(self.seconds, 1e-9)
        return {
            "planned": self.planned,
            "sent": sum(self.sent.values()),
            "answered": self.answered,
            "wrong": self.wrong,
            "faults": dict(self.faults),
            "lost": len(self.lost),
            "lost_how": dict(Counter(f"{one.kind}: {one.why}" for one in self.lost)),
            "closed": self.closed,
            "unconnected": self.unconnected,
            "latency_s": summary(self.latency),
            "generator_slip_s": summary(self.slip),
            "generator_cpu": self.cpu_seconds / seconds,
            "rate_rps": self.answered / seconds,
            "seconds": self.seconds,
        }
