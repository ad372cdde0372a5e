"""When requests are due: the schedules of an open loop.

Rule: a schedule hears nothing of answers. How fast anybody answers changes nothing in it, and the
same seed gives the same moments again.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, cycle, islice, pairwise
from typing import Protocol, runtime_checkable

from asyncweb.errors import LoadError

SINE_STEPS = 32  # straight lines in one period; they are within 0.5 % of the curve
REST_S = 1.0  # after the last moment of a recording, so that a load sends that one too


class Arrivals(Protocol):
    """A schedule: anything that tells when requests are due.

    A load that is not told how long runs one that is Shaped whole.

    >>> class Countdown:
    ...     def moments(self, seed):
    ...         return iter([0.0, 0.5, 0.75, 0.875])
    ...     def __str__(self):
    ...         return "faster and faster"
    >>> list(Countdown().moments(seed=0))[-1]
    0.875
    """

    def moments(self, seed: int) -> Iterator[float]:
        """When the requests are due, in seconds from the start, in order."""

    def __str__(self) -> str:
        """The schedule in a few words."""


@runtime_checkable
class Shaped(Protocol):
    """A schedule that takes a while to show what it is."""

    @property
    def lasts_s(self) -> float:
        """That while, in seconds; 0 for one that is the same at any moment."""


@dataclass(frozen=True, slots=True)
class Ramp:
    """`seconds` in which the rate goes straight from `begin_rps` to `end_rps`."""

    begin_rps: float
    end_rps: float
    seconds: float

    def __post_init__(self) -> None:
        for rate in (self.begin_rps, self.end_rps):
            if not 0 <= rate < math.inf:
                raise LoadError(f"a rate of {rate!r} requests/s: expected 0 or more")
        if not self.seconds > 0:
            raise LoadError(f"a stage of {self.seconds!r} s: expected seconds above 0")

    @property
    def requests(self) -> float:
        """How many are due in it."""
        return (self.begin_rps + self.end_rps) / 2 * self.seconds

    def moment_of(self, request: float) -> float:
        """When the `request`-th is due, in seconds from the beginning of the ramp."""
        # The area under a straight line is a parabola; this form of its root knows no special case.
        slope = (self.end_rps - self.begin_rps) / self.seconds
        root = math.sqrt(max(self.begin_rps**2 + 2 * slope * request, 0.0))
        return 2 * request / (self.begin_rps + root)


@dataclass(frozen=True, slots=True)
class Curve:
    """A rate that changes along `ramps`, and after them along those of `then`, again and again.

    `is_random`: the moments are those of people who know nothing of each other (Poisson);
    otherwise they are as even as the rate allows.

    >>> list(Curve((Ramp(0, 4, 1), Ramp(4, 4, 0.5))).moments(seed=0))
    [0.7071067811865475, 1.0, 1.25, 1.5]
    """

    ramps: tuple[Ramp, ...]
    is_random: bool = False
    then: tuple[Ramp, ...] = ()
    words: str = "a changing rate"

    def __post_init__(self) -> None:
        if not any(ramp.requests for ramp in self.then or self.ramps):
            # Whoever looked for the first moment of `then` would look for ever.
            raise LoadError(f"{self.words}: nothing is ever due; expected a rate above 0")

    def moments(self, seed: int) -> Iterator[float]:
        """When the requests are due, in seconds from the start."""
        gaps = _random_gaps(seed) if self.is_random else _even_gaps()
        due, began_s = next(gaps), 0.0  # `due` counts requests from the beginning of the ramp
        for ramp in chain(self.ramps, cycle(self.then)):
            while due <= ramp.requests and ramp.requests:
                yield began_s + ramp.moment_of(due)
                due += next(gaps)
            due -= ramp.requests
            began_s += ramp.seconds

    @property
    def lasts_s(self) -> float:
        """The seconds of its `ramps`; 0 when it has none, and is the same all the time."""
        return sum((ramp.seconds for ramp in self.ramps), 0.0)

    def __str__(self) -> str:
        return f"{self.words}, at random" if self.is_random else self.words


@dataclass(frozen=True, slots=True)
class Replay:
    """Moments that were written down, in seconds from the first of the recording.

    >>> list(Replay((0.0, 0.5, 0.75)).moments(seed=0))
    [0.0, 0.5, 0.75]
    """

    at_s: tuple[float, ...]

    def __post_init__(self) -> None:
        if not self.at_s or any(not 0 <= moment < math.inf for moment in self.at_s):
            raise LoadError("a replay is a list of seconds, 0 or more, with at least one in it")
        if list(self.at_s) != sorted(self.at_s):
            raise LoadError("the moments of a replay have to be in order")

    def moments(self, seed: int) -> Iterator[float]:
        """The moments, whatever the seed."""
        return iter(self.at_s)

    @property
    def lasts_s(self) -> float:
        """The seconds until all of them are over."""
        return self.at_s[-1] + REST_S

    def __str__(self) -> str:
        return f"{len(self.at_s):,} recorded moments"


@dataclass(frozen=True, slots=True)
class Share:
    """Of the moments of a schedule those of one process of several: every so many-th.

    >>> whole = Replay((0.0, 1.0, 2.0, 3.0, 4.0))
    >>> [list(Share(whole, first, 2).moments(seed=0)) for first in range(2)]
    [[0.0, 2.0, 4.0], [1.0, 3.0]]
    """

    whole: Arrivals
    first: int
    of: int

    def moments(self, seed: int) -> Iterator[float]:
        """Its own moments."""
        return islice(self.whole.moments(seed), self.first, None, self.of)

    @property
    def lasts_s(self) -> float:
        """As long as the whole."""
        return shape_s(self.whole)

    def __str__(self) -> str:
        return str(self.whole)


def shape_s(arrivals: Arrivals | None) -> float:
    """The seconds in which `arrivals` show what they are; 0 if they are always the same.

    >>> shape_s(stages([(100, 10), (500, 20)])), shape_s(sine(0, 200, period_s=20))
    (30.0, 20.0)
    >>> shape_s(spike(100, 1000, at_s=5, for_s=2)), shape_s(Replay((0.0, 60.0)))
    (12.0, 61.0)
    >>> shape_s(constant(100)), shape_s(None)
    (0.0, 0.0)
    """
    return arrivals.lasts_s if isinstance(arrivals, Shaped) else 0.0


def constant(rate_rps: float, *, is_random: bool = False) -> Curve:
    """`rate_rps` requests a second, for as long as the load lasts.

    >>> moments = constant(100).moments(seed=0)
    >>> [next(moments) for _ in range(3)]
    [0.01, 0.02, 0.03]
    """
    if not 0 < rate_rps < math.inf:
        raise LoadError(f"rate={rate_rps!r}: expected requests a second, above 0")
    return Curve((), is_random, _steady(rate_rps), f"{rate_rps:g} requests/s")


def stages(
    steps: Sequence[tuple[float, float]], *, is_random: bool = False, begin_rps: float | None = None
) -> Curve:
    """Each of `steps`, (requests/s, seconds), is reached in a straight line and in that time.

    The first begins at its own rate, or at `begin_rps`.

    >>> str(stages([(100, 10), (500, 20)]))
    '100 requests/s for 10 s, then to 500 in 20 s'
    """
    if not steps:
        raise LoadError("stages=[]: expected at least one (requests/s, seconds)")
    ramps, rate = [], steps[0][0] if begin_rps is None else begin_rps
    words = []
    for goal, seconds in steps:
        ramps.append(Ramp(rate, goal, seconds))
        words.append(
            f"{goal:g} requests/s for {seconds:g} s"
            if goal == rate
            else f"to {goal:g} in {seconds:g} s"
        )
        rate = goal
    return Curve(tuple(ramps), is_random, words=", then ".join(words))


def spike(
    base_rps: float, peak_rps: float, *, at_s: float, for_s: float, is_random: bool = False
) -> Curve:
    """`base_rps`, but `peak_rps` from `at_s` on for `for_s` seconds; then the base again.

    By itself it lasts until `at_s` seconds after the peak.

    >>> moments = spike(1, 3, at_s=1, for_s=1).moments(seed=0)
    >>> [round(next(moments), 2) for _ in range(5)]
    [1.0, 1.33, 1.67, 2.0, 3.0]
    """
    base = Ramp(base_rps, base_rps, at_s)
    words = f"{base_rps:g} requests/s with a spike of {peak_rps:g} at {at_s:g} s for {for_s:g} s"
    ramps = (base, Ramp(peak_rps, peak_rps, for_s), base)
    return Curve(ramps, is_random, _steady(base_rps), words)


def sine(low_rps: float, high_rps: float, *, period_s: float, is_random: bool = False) -> Curve:
    """A rate that swings between two, from the lower one, once in `period_s` seconds.

    >>> moments = list(zip(range(300), sine(0, 20, period_s=10).moments(seed=0)))
    >>> sum(moment <= 10 for _, moment in moments), sum(moment <= 2.5 for _, moment in moments)
    (100, 9)
    """
    middle, swing = (low_rps + high_rps) / 2, (high_rps - low_rps) / 2
    rates = [
        middle - swing * math.cos(2 * math.pi * step / SINE_STEPS) for step in range(SINE_STEPS + 1)
    ]
    ramps = tuple(
        Ramp(max(begin, 0.0), max(end, 0.0), period_s / SINE_STEPS)
        for begin, end in pairwise(rates)
    )
    words = f"{low_rps:g} to {high_rps:g} requests/s and back in {period_s:g} s"
    return Curve(ramps, is_random, then=ramps, words=words)


def _steady(rate_rps: float) -> tuple[Ramp, ...]:
    """What repeats as long as a rate stays: a ramp without an end would lose precision."""
    return (Ramp(rate_rps, rate_rps, max(1.0, 1 / rate_rps)),) if rate_rps else ()


def _even_gaps() -> Iterator[float]:
    while True:
        yield 1.0


def _random_gaps(seed: int) -> Iterator[float]:
    dice = random.Random(seed)
    while True:
        yield dice.expovariate(1.0)
