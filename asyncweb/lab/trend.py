"""Does memory level off, or go on growing: two slopes, and the bands in which they may lie.

Rule: growth is told only when it is outside its band, level only when growth is ruled out; what is
neither is not known yet, and that is an answer.

An allocator fills its pools ever more slowly, a leak goes on as it began. So what was looked at is
halved, and each half is a line of its own: through the medians of equal parts, by least squares,
with the 95 % band that their own scatter gives.
"""

from __future__ import annotations

import itertools
import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from asyncweb.errors import LessonError

Points: TypeAlias = Sequence[tuple[float, float]]  # x, bytes

PARTS, T_95 = 8, 2.45  # of each half; Student's t for as many, less two
MARKEDLY = 0.5  # a second half that grows by less than so much of the first is levelling off
LEAK_BYTES = 4.096  # for each request: one page in a thousand of them
LEAK, LEVEL, UNKNOWN = "leak", "level", "unknown"


@dataclass(frozen=True, slots=True)
class Trend:
    """A slope in bytes for each step of x, and the half of its 95 % band.

    >>> trend = Trend(2.0, 0.5)
    >>> trend.low, trend.high, str(trend)
    (1.5, 2.5, '+2.0 ± 0.5')
    """

    slope: float
    band: float

    @property
    def low(self) -> float:
        """The least that the slope may be."""
        return self.slope - self.band

    @property
    def high(self) -> float:
        """The most that the slope may be."""
        return self.slope + self.band

    def __str__(self) -> str:
        return f"{self.slope:+,.1f} ± {self.band:,.1f}"


@dataclass(frozen=True, slots=True)
class Judgement:
    """What two halves of a long run say about its memory, in bytes for each request.

    >>> grows = judge([(x, 50.0 * x + x % 3) for x in range(100)])
    >>> grows.verdict, round(grows.second.slope), str(grows)
    ('leak', 50, 'leak: +50.0 ± 0.0 bytes a request, ...')
    >>> judge([(x, 5_000 + x % 3) for x in range(1000)]).verdict
    'level'
    >>> low, high = grows.after(1_000_000)
    >>> round(low / 1e6), round(high / 1e6)
    (50, 50)
    """

    first: Trend
    second: Trend
    least: float  # bytes a request; slower growth counts as none

    @property
    def verdict(self) -> str:
        """Whether it is a "leak", is "level", or is "unknown" as yet."""
        # In both halves: an allocator takes memory in steps, and one step is no leak.
        grows_on = self.first.low > 0 and self.second.slope > MARKEDLY * self.first.slope
        if self.second.low > 0 and grows_on and self.second.slope > self.least:
            return LEAK
        return LEVEL if self.second.high < self.least else UNKNOWN

    def after(self, requests: float) -> tuple[float, float]:
        """The least and the most bytes that so many requests add, if all goes on as it went.

        Whether it does, nobody has looked.
        """
        return self.second.low * requests, self.second.high * requests

    def __str__(self) -> str:
        second = f"{self.second} bytes a request"
        match self.verdict:
            case "leak":
                return f"leak: {second}, after {self.first} in the first half: it goes on"
            case "level":
                return f"level: {second}; growth of {self.least:g} is ruled out"
        return (
            f"unknown: {second}, after {self.first} in the first half; growth of {self.least:g} is "
            "neither seen nor ruled out: look longer"
        )


def judge(points: Points, least: float = LEAK_BYTES) -> Judgement:
    """What `points` of (requests answered, bytes) say; growth below `least` counts as none.

    Raises LessonError for fewer than 16 points.
    """
    middle = len(points) // 2
    return Judgement(trend(points[:middle]), trend(points[middle:]), least)


def trend(points: Points) -> Trend:
    """The slope through the medians of equal parts of `points`, and the half of its band.

    Raises LessonError for fewer than 8 points, and when nothing was answered between them.

    >>> print(trend([(x, 7 * x + x % 2) for x in range(12)]))
    +7.0 ± 0.1
    """
    if len(points) < PARTS:
        raise LessonError(f"{len(points)} looks are too few for a trend, {PARTS} is the least")
    middles = medians(points)
    if middles[0][0] == middles[-1][0]:
        raise LessonError(f"nothing was answered in {len(points)} looks: there is no trend by it")
    grows, at_0 = statistics.linear_regression(*zip(*middles, strict=True))
    rest = sum((y - at_0 - grows * x) ** 2 for x, y in middles)
    mean = statistics.fmean(x for x, _ in middles)
    spread = sum((x - mean) ** 2 for x, _ in middles)
    return Trend(grows, T_95 * math.sqrt(rest / (PARTS - 2) / spread))


def medians(points: Points) -> list[tuple[float, float]]:
    """The middle of each of PARTS equal parts, in which outliers have no say.

    >>> medians([(x, 99 if x == 1 else x) for x in range(40)])[0]
    (2, 3)
    """
    bounds = [len(points) * part // PARTS for part in range(PARTS + 1)]
    parts = [points[begin:end] for begin, end in itertools.pairwise(bounds)]
    return [
        (statistics.median(x for x, _ in part), statistics.median(y for _, y in part))
        for part in parts
    ]
