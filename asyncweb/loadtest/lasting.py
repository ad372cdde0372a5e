"""How long a load lasts, and what it says of a schedule that it cuts short.

Rule: a schedule is run whole, unless somebody says how long; and no load claims to have asked for
what came after its end.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from asyncweb.loadtest.arrivals import Arrivals

DEFAULT_S = 10.0


@runtime_checkable
class Shaped(Protocol):
    """A schedule that takes a while to show what it is."""

    @property
    def lasts_s(self) -> float:
        """That while, in seconds; 0 for one that is the same at any moment."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A schedule of which a load sees the first `lasts_s` seconds. It is the load that ends then.

    >>> from asyncweb.loadtest.arrivals import stages
    >>> str(Cut(stages([(100, 10), (500, 20)]), lasts_s=10))
    'the first 10 s of 100 requests/s for 10 s, then to 500 in 20 s'
    """

    whole: Arrivals
    lasts_s: float

    def moments(self, seed: int) -> Iterator[float]:
        """Those of the whole."""
        return self.whole.moments(seed)

    def __str__(self) -> str:
        return f"the first {self.lasts_s:g} s of {self.whole}"


def shape_s(arrivals: Arrivals | None) -> float:
    """The seconds in which `arrivals` show what they are; 0 if they are always the same.

    >>> from asyncweb.loadtest.arrivals import Replay, constant, sine, spike, stages
    >>> shape_s(stages([(100, 10), (500, 20)])), shape_s(sine(0, 200, period_s=20))
    (30.0, 20.0)
    >>> shape_s(spike(100, 1000, at_s=5, for_s=2)), shape_s(Replay((0.0, 60.0)))
    (12.0, 61.0)
    >>> shape_s(constant(100)), shape_s(None)
    (0.0, 0.0)
    """
    return arrivals.lasts_s if isinstance(arrivals, Shaped) else 0.0


def length_s(said: float | None, arrivals: Arrivals | None) -> float:
    """How many seconds a load lasts: those that are `said`, or else all of its schedule, or ten.

    >>> length_s(None, None), length_s(5, None)
    (10.0, 5)
    """
    return said if said is not None else shape_s(arrivals) or DEFAULT_S


def within(arrivals: Arrivals | None, duration_s: float) -> Arrivals | None:
    """`arrivals`, which say so if a load of `duration_s` seconds ends before they do."""
    if arrivals is None or shape_s(arrivals) <= duration_s:
        return arrivals
    return Cut(arrivals, duration_s)
