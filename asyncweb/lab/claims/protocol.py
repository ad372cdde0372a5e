"""How the trial measures, written down before anything is measured.

Rule: what is not in here is not measured; a run that goes on does so by the very same protocol.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from asyncweb.lab.claims import names

CONNECTIONS = 64  # of the wait, of the fixed rate, of wrk and of the load that warms up


@dataclass(frozen=True)
class Loads:
    """What is asked by a few connections."""

    requests: int  # of each closed loop, exactly, unless `most_s` are over before
    warm_requests: int  # that are not counted, of either answer that costs something
    warm_s: float  # at most, for each of the two
    rate_rps: float  # of an open loop, for a CPU that has to work
    rate_s: float
    wrk_s: int  # of each
    wrk_connections: tuple[int, ...] = (1, 64)
    most_s: float = 20.0


@dataclass(frozen=True)
class Crowds:
    """Loads of many connections, each of which is open before the clock starts."""

    sizes: tuple[int, ...]
    rate_rps: float  # of the open loop
    seconds: float  # of each: the open loop, and the closed one
    idle: tuple[int, ...]  # connections that say nothing, for the slope of memory


@dataclass(frozen=True)
class Others:
    """What `asking` connections feel of `waiting` ones, which wait 10 ms again and again."""

    seconds: float
    rate_rps: float
    asking: int = 4
    waiting: int = 8


@dataclass(frozen=True)
class Many:
    """Connections that are held at once, all by one core."""

    connections: int
    patience_s: float  # for all to have come; and for all to be answered, when all have asked


@dataclass(frozen=True)
class Soak:
    """A load that never changes, and what becomes of the resident memory."""

    seconds: float
    rate_rps: float
    connections: int = 16


@dataclass(frozen=True)
class Rounds:
    """How often each is measured."""

    basics: int
    crowds: int
    once: int = 1  # wrk, the soak, and very many connections


@dataclass(frozen=True)
class Protocol:
    """A way to measure; `quick` and `full` make the two there are.

    >>> quick().rounds_of(names.START), full().rounds_of(names.START), full().rounds_of(names.SOAK)
    (2, 5, 1)
    """

    name: str
    most_minutes: float  # of one run; what would end later is not begun
    rounds: Rounds
    loads: Loads
    crowds: Crowds
    others: Others
    many: Many
    soak: Soak

    def measures(self) -> tuple[tuple[str, ...], ...]:
        """What is measured, by the visits it is measured in: a visit is a process of its own."""
        sizes = self.crowds.sizes
        closed = (*names.HELLO.values(), *names.READ.values(), names.WAIT)
        wrk = (names.WRK[connections] for connections in self.loads.wrk_connections)
        crowds = (kind[size] for size in sizes for kind in (names.STEADY, names.FULL))
        return (
            (names.START, *closed, *wrk, names.RATE, names.OTHERS, names.LOADED),
            (*crowds, names.SOAK),
            (names.MANY,),
        )

    def rounds_of(self, measure: str) -> int:
        """How many looks at each system there shall be."""
        if measure in (names.WRK[64], names.SOAK, names.MANY):
            return self.rounds.once
        is_crowd = measure in (*names.STEADY.values(), *names.FULL.values())
        return self.rounds.crowds if is_crowd else self.rounds.basics

    def seconds(self) -> float:
        """About how long one system takes in all; one in Java some seconds more each visit.

        >>> round(15 * full().seconds() / 60)
        75
        """
        loads, crowds, rounds = self.loads, self.crowds, self.rounds
        visit_s = VISIT_S + 2 * min(loads.warm_requests / TYPICAL_RPS, loads.warm_s)
        closed_s = (len(names.HELLO) + len(names.READ) + 1) * loads.requests / TYPICAL_RPS
        basics_s = visit_s + closed_s + loads.rate_s + 2 * self.others.seconds
        basics_s += loads.wrk_s * (1 in loads.wrk_connections)
        crowds_s = sum(2 * (crowds.seconds + size / TYPICAL_RPS) for size in crowds.sizes)
        once_s = loads.wrk_s + self.soak.seconds + VISIT_S + self.many.connections / TYPICAL_RPS * 3
        return (
            rounds.basics * basics_s + rounds.crowds * (visit_s + crowds_s) + rounds.once * once_s
        )

    def to_dict(self) -> dict[str, Any]:
        """Plain values, as JSON can hold them."""
        return asdict(self)


SYSTEMS = 15
# A start and a stop, and what is answered a second: of a usual system on a machine of two cores.
VISIT_S, TYPICAL_RPS = 1.0, 6_000


def quick() -> Protocol:
    """Less than five minutes for fifteen systems: to see that all works, and the large gaps.

    There is a second round of what few connections ask where the machine, or the choice of systems,
    leaves time for it.
    """
    return Protocol(
        "quick", 4.2, Rounds(2, 1),
        Loads(
            requests=1_000, warm_requests=1_000, warm_s=1.0, rate_rps=5_000, rate_s=0.7, wrk_s=1,
            wrk_connections=(64,), most_s=2.0,
        ),
        Crowds(sizes=(100,), rate_rps=1_000, seconds=0.5, idle=(100, 250, 500)),
        Others(seconds=0.4, rate_rps=500),
        Many(connections=2_000, patience_s=4.0),
        Soak(seconds=3.6, rate_rps=1_000),
    )  # fmt: skip


def full(soak_s: float = 60.0) -> Protocol:
    """60 to 90 minutes for fifteen systems; each minute of soak adds one for each of them."""
    return Protocol(
        "full", 90.0 + max(soak_s - 60.0, 0.0) / 60 * SYSTEMS, Rounds(5, 3),
        Loads(
            requests=10_000, warm_requests=8_000, warm_s=5.0, rate_rps=5_000, rate_s=3.0, wrk_s=2
        ),
        Crowds(
            sizes=(100, 1_000, 2_000, 4_000), rate_rps=1_000, seconds=3.0,
            idle=(250, 500, 1_000, 1_500, 2_000),
        ),
        Others(seconds=3.0, rate_rps=400),
        Many(connections=50_000, patience_s=40.0),
        Soak(soak_s, rate_rps=1_000),
    )  # fmt: skip
