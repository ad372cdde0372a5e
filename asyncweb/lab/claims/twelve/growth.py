"""What thousands of connections do to a system that a hundred do not.

Rule: latency is compared at the same requests a second alone. As fast as it goes, the mean is
connections by requests a second for every system (Little's law); only the CPU per request is then
the system's own, and it is that whether or not the generator was the limit.
"""

from __future__ import annotations

from dataclasses import dataclass

from asyncweb.lab.claims.figures import Band, Figures
from asyncweb.lab.claims.names import FULL, STEADY
from asyncweb.lab.claims.twelve.looks import doubt, faulty, rise

FEW, MANY = 100, (4000, 2000)  # connections; of the many, as many as could be looked at


@dataclass(frozen=True)
class Growth:
    """Of one system. What is a rise is how many times as much there is on many connections.

    >>> figures = Figures()
    >>> figures.add("steady_100", "Node.js", {"mean_us": 200.0, "cpu_share": 0.2})
    >>> figures.add("steady_4000", "Node.js", {"mean_us": 300.0, "cpu_share": 0.2})
    >>> grown = Growth.of(figures, "Node.js")
    >>> grown.count, grown.latency.median, grown.cost
    (4000, 1.5, None)
    """

    count: int  # of connections, the many
    latency: Band  # rise of the mean at the same rate
    cpu: Band  # share of a core on many connections, at the same rate
    cpu_rise: Band | None  # of that share; None where the clock of the CPU was too coarse
    cost: Band | None  # rise of the CPU per request, as fast as it goes; None if not seen well
    doubt: str  # why none of these decides anything; "" when they do

    @classmethod
    def of(cls, figures: Figures, system: str) -> Growth | None:
        """None where nobody has looked at that system on so many connections."""
        count = most(figures, system)
        few, many = STEADY[FEW], STEADY[count]
        latency = rise(figures, system, few, many, "mean_us")
        cpu = figures.band(many, system, "cpu_share")
        if latency is None or cpu is None:
            return None
        cpu_rise = rise(figures, system, few, many, "cpu_share")
        doubts = (doubt(figures, measure, system) for measure in (few, many))
        why = next(filter(None, doubts), "")
        return cls(count, latency, cpu, cpu_rise, _cost(figures, system, count), why)

    @property
    def most(self) -> float:
        """The larger of both rises that make answers late: of the latency, and of the cost."""
        return max(self.latency.median, self.cost.median if self.cost else 0.0)


def most(figures: Figures, system: str) -> int:
    """On how many connections that system was looked at."""
    return next((count for count in MANY if figures.rounds(STEADY[count], system)), MANY[-1])


def _cost(figures: Figures, system: str, count: int) -> Band | None:
    loads = (FULL[FEW], FULL[count])
    if any(faulty(figures, load, system) for load in loads):
        return None
    return rise(figures, system, *loads, "cpu_us")
