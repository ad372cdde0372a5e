"""A histogram of durations whose buckets grow with the value, so that 1 % is 1 % everywhere.

Rule: this module knows no clock. A histogram holds any number of values in a few kilobytes, and
two of them added are exactly the histogram of both.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from typing import Any, Self

from asyncweb.errors import EmptyHistogram

LOWEST_S = 1e-6
HIGHEST_S = 3600.0
GROWTH = 1.02  # each bucket ends 2 % above its start: its middle is within 1 % of all it holds
_PER_LOG = 1 / math.log(GROWTH)
_OFFSET = -math.log(LOWEST_S) * _PER_LOG
LAST_BUCKET = int(math.log(HIGHEST_S / LOWEST_S) * _PER_LOG)
_EDGES_S = [LOWEST_S * GROWTH**index for index in range(LAST_BUCKET + 2)]
USUAL = {"p50": 0.5, "p90": 0.9, "p99": 0.99}  # the percentiles that are read everywhere


class Histogram:
    """Durations in seconds, in buckets; those outside 1 µs to 1 h go to the first or last one.

    >>> histogram = Histogram([0.010, 0.010])
    >>> histogram.record(0.500)
    >>> histogram.count, round(histogram.mean, 3), histogram.max
    (3, 0.173, 0.5)
    >>> [count for start_s, end_s, count in histogram.buckets()]
    [2, 1]
    >>> both = histogram.copy()
    >>> both.merge(Histogram.from_dict(histogram.to_dict()))
    >>> both.record_all([0.001] * 4)
    >>> both
    <Histogram of 10: p50 0.010078 s, p99 0.498441 s>
    """

    __slots__ = ("_counts", "count", "max", "min", "total")

    def __init__(self, values: Iterable[float] = ()):
        self._counts: Counter[int] = Counter()
        self.total = 0.0  # exact, in seconds
        self.count = 0
        self.min = math.inf  # exact, in seconds
        self.max = 0.0  # exact, in seconds
        self.record_all(tuple(values))

    def record(self, seconds: float) -> None:
        """Counts one duration."""
        self.record_all((seconds,))

    def record_all(self, durations: Sequence[float]) -> None:
        """Counts each of `durations`, in seconds."""
        if not durations:
            return
        shortest, longest = min(durations), max(durations)
        self.total += sum(durations)
        self.min, self.max = min(self.min, shortest), max(self.max, longest)
        if shortest < LOWEST_S or longest > HIGHEST_S:
            durations = [min(max(seconds, LOWEST_S), HIGHEST_S) for seconds in durations]
        self._counts.update([int(log * _PER_LOG + _OFFSET) for log in map(math.log, durations)])
        self.count += len(durations)  # last: who reads it in another thread finds what it counts

    @property
    def mean(self) -> float:
        """The mean in seconds, exact. Raises EmptyHistogram before the first value."""
        self._check_not_empty()
        return self.total / self.count

    def percentile(self, fraction: float) -> float:
        """The latency in seconds that `fraction` (0 to 1) of the requests did not exceed.

        Exact to 1 % of the value, the width of a bucket. Raises EmptyHistogram before the first
        request, ValueError for a fraction that is none.

        >>> round(Histogram([0.010, 0.010, 0.500]).percentile(0.5), 3)
        0.01
        """
        return self.percentiles([fraction])[0]

    def percentiles(self, fractions: Sequence[float]) -> list[float]:
        """`percentile` of each of them, all of one moment.

        >>> [round(seconds, 2) for seconds in Histogram([0.010, 0.010, 0.500]).percentiles([0, 1])]
        [0.01, 0.5]
        """
        for fraction in fractions:
            if not 0 <= fraction <= 1:
                raise ValueError(f"percentile({fraction!r}): expected 0 to 1, e.g. 0.99")
        self._check_not_empty()
        counts = self._sorted_counts()
        ranks = list(accumulate(count for _, count in counts))  # of the last one in each bucket
        places = [bisect_left(ranks, math.ceil(fraction * ranks[-1])) for fraction in fractions]
        middles = [LOWEST_S * GROWTH ** (counts[place][0] + 0.5) for place in places]
        return [min(max(middle, self.min), self.max) for middle in middles]

    def buckets(self) -> Iterator[tuple[float, float, int]]:
        """The buckets that hold something: (start in s, end in s, count), the shortest first."""
        for index, count in self._sorted_counts():
            yield _EDGES_S[index], _EDGES_S[index + 1], count

    def merge(self, other: Histogram) -> None:
        """Adds all that `other` holds."""
        self._counts.update(dict(other._counts))
        self.count += other.count
        self.total += other.total
        self.min = min(self.min, other.min)
        self.max = max(self.max, other.max)

    def since(self, earlier: Histogram) -> Histogram:
        """What was recorded after `earlier`, which is what this one was before.

        Its min and max are exact to 1 %.

        >>> Histogram([0.1, 0.2, 0.2]).since(Histogram([0.1, 0.2])).count
        1
        """
        later = Histogram()
        before = earlier._counts.get
        gained = {place: count - before(place, 0) for place, count in self._counts.items()}
        later._counts = Counter({place: count for place, count in gained.items() if count > 0})
        later.count = sum(later._counts.values())
        if later.count:
            later.total = max(self.total - earlier.total, 0.0)
            ends = [LOWEST_S * GROWTH ** (place + 0.5) for place in later._counts]
            later.min, later.max = max(min(ends), self.min), min(max(ends), self.max)
        return later

    def __add__(self, other: Histogram) -> Histogram:
        both = self.copy()
        both.merge(other)
        return both

    def copy(self) -> Histogram:
        """A histogram of its own with the same values."""
        twin = Histogram()
        twin.__setstate__(self.__getstate__())
        return twin

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON; `from_dict` reads them again."""
        counts = {str(index): count for index, count in self._sorted_counts()}
        low = self.min if self.count else 0.0
        return {"counts": counts, "total_s": self.total, "min_s": low, "max_s": self.max}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Self:
        """The histogram that `to_dict` wrote. Raises ValueError for a bucket that there is not."""
        histogram = cls()
        counts = {int(index): count for index, count in data["counts"].items()}
        if wrong := counts.keys() - range(LAST_BUCKET + 1):
            raise ValueError(f"bucket {min(wrong)}: expected 0 to {LAST_BUCKET}")
        histogram._counts.update(counts)
        histogram.count = sum(histogram._counts.values())
        histogram.total, histogram.max = data["total_s"], data["max_s"]
        histogram.min = data["min_s"] if histogram.count else math.inf
        return histogram

    def __getstate__(self) -> tuple[Any, ...]:
        return dict(self._counts), self.total, self.count, self.min, self.max

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        counts, self.total, self.count, self.min, self.max = state
        self._counts = Counter(counts)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Histogram) and self.to_dict() == other.to_dict()

    __hash__ = None  # type: ignore[assignment]  # it changes

    def __repr__(self) -> str:
        if not self.count:
            return "<Histogram, empty>"
        p50, p99 = self.percentiles((0.5, 0.99))
        return f"<Histogram of {self.count}: p50 {p50:.6f} s, p99 {p99:.6f} s>"

    def _sorted_counts(self) -> list[tuple[int, int]]:
        counts = dict(self._counts)  # another thread may be recording
        return [(index, counts[index]) for index in sorted(counts)]

    def _check_not_empty(self) -> None:
        if not self.count:
            raise EmptyHistogram("no value has been recorded yet, so there is nothing to tell")


def details(histogram: Histogram) -> dict[str, float | None]:
    """A summary, and p99.9, which takes a thousand values to mean something."""
    return _figures(histogram, {**USUAL, "p99.9": 0.999})


def summary(histogram: Histogram) -> dict[str, float | None]:
    """The figures that are read everywhere, in seconds: p50, p90, p99 and max; None when empty."""
    return _figures(histogram, USUAL)


def _figures(histogram: Histogram, wanted: Mapping[str, float]) -> dict[str, float | None]:
    if not histogram.count:
        return dict.fromkeys([*wanted, "max"])
    figures = zip(wanted, histogram.percentiles([*wanted.values()]), strict=True)
    return {**dict(figures), "max": histogram.max}
