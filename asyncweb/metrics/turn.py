"""A load on one target at one moment: how far it is, and how the load generator fares.

Rule: plain values only, as in a snapshot; None is "not known".
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Generator:
    """What the load generator could spoil, and how near it is to that."""

    cpu_share: float = 0.0  # of one core; of the busiest process
    lag_s: float = 0.0  # p99 of how late its loop is
    slip_s: float | None = None  # p99 of how late it sent what was due; None for a closed loop
    usual_s: float = 0.0  # the median latency, beside which a lag is large or small
    throughput_rps: float = 0.0  # now
    ceiling_rps: float | None = None  # the most it can do on this machine


@dataclass(frozen=True, slots=True)
class Turn:
    """The load that is going on."""

    target: str
    phase: str  # "connecting", "warm-up", "measured", "over" or "interrupted"
    at_s: float = 0.0  # since the clock started, the warm-up included
    lasts_s: float = 0.0  # as planned, likewise
    warm_up_s: float = 0.0  # as planned
    requests: int = 0  # answers in this phase
    most_requests: int | None = None  # after which it ends, however early
    warm_up_requests: int = 0  # answers that were cut off
    connected: int = 0
    connections: int = 0  # as planned
    round: int = 1
    rounds: int = 1
    next_target: str = ""  # of the turn after this one; "" for the last
    generator: Generator = Generator()

    @property
    def has_ended(self) -> bool:
        """Whether nothing more will come of it."""
        return self.phase in ("over", "interrupted")
