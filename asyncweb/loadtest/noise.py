"""How far a load may be from itself: the A/A band, without which no A/B means anything.

Whoever asks whether two loads differ, `compare` or the verdict of a race, is answered here.

Rule: nothing is less noisy than identical servers were; with too little to know, it is infinite.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from random import Random
from statistics import fmean, median
from typing import TYPE_CHECKING

from asyncweb.loadtest.percentiles import Percentile, percentiles

if TYPE_CHECKING:
    from asyncweb.loadtest.result import Result
    from asyncweb.loadtest.rounds import Rounds

# By how much identical servers have differed, on two cores: medians of many rounds, and one pair.
PLAIN = 1.1
PAIR = {"throughput": 1.44, "p50": 1.44, "p99": 5.0}
RESAMPLES = 400
SEED = 0  # the same loads have the same noise
BAND = 0.95  # of the resamples
FEWEST = 3  # values; fewer tell nothing of how they vary
ENOUGH_ROUNDS = 4  # of each load; with fewer, one busy moment of the machine looks like a server


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of two loads. `noise` is the factor by which one load may differ from itself.

    >>> figure = Figure("p99", 0.010, 0.030, noise=1.5)
    >>> round(figure.factor, 1), figure.is_plain, Figure("p99", 0.010, 0.014, 1.5).is_plain
    (3.0, True, False)
    """

    name: str  # "throughput", in requests/s, or "p50" or "p99", in seconds
    a: float
    b: float
    noise: float  # 1 or more; infinite when there is too little to know

    @property
    def factor(self) -> float:
        """The larger of both by the smaller one; infinite when that is 0."""
        smaller = min(self.a, self.b)
        return max(self.a, self.b) / smaller if smaller else math.inf

    @property
    def is_plain(self) -> bool:
        """Whether a and b differ by more than the noise."""
        return self.factor > self.noise

    @property
    def doubt(self) -> str:
        """Why a difference that is not plain is none, in a few words."""
        if math.isinf(self.noise):
            return "there is too little to know the noise"
        return f"either may differ from itself {self.noise:.2f} times"


def figures(a: Rounds, b: Rounds) -> tuple[Figure, ...]:
    """Throughput, p50 and p99 of two loads, both answered, with the noise of each figure.

    Of ENOUGH_ROUNDS and more the figures are medians, and the noise is how far these are apart when
    rounds of one load are drawn again. Of fewer it comes from within them, which knows nothing of
    what changes between two measurements, so it is at least what a pair of identical servers has
    shown.
    """
    return (throughput(a, b), *(_between if _are_enough(a, b) else _within)(a, b))


def throughput(a: Rounds, b: Rounds) -> Figure:
    """The first of `figures`, also of loads that were not answered."""
    if _are_enough(a, b):
        return _of_medians("throughput", a.rates_rps, b.rates_rps)
    noise = max(_unsteadiness(a), _unsteadiness(b), PAIR["throughput"])
    return Figure("throughput", a.throughput_rps, b.throughput_rps, noise)


def swing(rates: Sequence[float]) -> float:
    """The highest of `rates` by the lowest.

    >>> swing([100.0, 150.0, 120.0]), swing([0.0, 0.0]), swing([0.0, 1.0])
    (1.5, 1.0, inf)
    """
    if min(rates) == max(rates):
        return 1.0
    return Figure("", min(rates), max(rates), 1).factor


def within(result: Result) -> float:
    """By which factor the rate of a run like `result` may differ from it, by its seconds.

    Infinite when it has too few of them.
    """
    return _apart(tuple(second.requests for second in result.seconds), fmean)


def _are_enough(a: Rounds, b: Rounds) -> bool:
    return min(len(a.results), len(b.results)) >= ENOUGH_ROUNDS


def _between(a: Rounds, b: Rounds) -> tuple[Figure, ...]:
    return (
        _of_medians("p50", _latencies(a, 0.5), _latencies(b, 0.5)),
        _of_medians("p99", _latencies(a, 0.99), _latencies(b, 0.99)),
    )


def _within(a: Rounds, b: Rounds) -> tuple[Figure, ...]:
    figures = []
    for one, other in zip(percentiles(a.latency), percentiles(b.latency), strict=True):
        if one.name in PAIR:
            noise = max(math.exp(math.hypot(_width(one), _width(other))), PAIR[one.name])
            figures.append(Figure(one.name, one.value_s, other.value_s, noise))
    return tuple(figures)


def _latencies(load: Rounds, fraction: float) -> list[float]:
    return [result.latency.percentile(fraction) for result in load.results if result.requests]


def _unsteadiness(load: Rounds) -> float:
    """How far the rate of `load` is from itself, by its seconds and by its rounds."""
    seconds = tuple(second.requests for result in load.results for second in result.seconds)
    if len(load.results) == 1:
        return _apart(seconds, fmean)
    between = swing(load.rates_rps)
    return max(between, _apart(seconds, fmean)) if len(seconds) >= FEWEST else between


def _of_medians(name: str, a: Sequence[float], b: Sequence[float]) -> Figure:
    noise = max(_apart(tuple(a), median), _apart(tuple(b), median), PLAIN)
    return Figure(name, median(a), median(b), noise)


@lru_cache(maxsize=256)  # what a run is said to be limited by is asked again and again
def _apart(values: tuple[float, ...], middle: Callable[[Sequence[float]], float]) -> float:
    """The factor between two middles of values drawn again from `values`: 95 % have no more."""
    if len(values) < FEWEST:
        return math.inf
    dice = Random(SEED)
    factors = sorted(
        Figure("", middle(_drawn(values, dice)), middle(_drawn(values, dice)), 1).factor
        for _ in range(RESAMPLES)
    )
    return factors[math.ceil(BAND * RESAMPLES) - 1]


def _drawn(values: Sequence[float], dice: Random) -> list[float]:
    return dice.choices(values, k=len(values))


def _width(found: Percentile) -> float:
    """How far the farther end of the band is, as a logarithm."""
    if found.low_s is None or found.high_s is None:
        return math.inf
    return math.log(max(found.high_s / found.value_s, found.value_s / found.low_s))
