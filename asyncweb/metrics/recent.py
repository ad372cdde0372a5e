"""What a growing histogram has gained of late.

Rule: whoever is looked at only counts; several may look, and none takes anything from another.
"""

from __future__ import annotations

import bisect
from collections import deque

from asyncweb.metrics.histogram import Histogram

RECENT_S = 5.0
# The bands of a heat map end here, in seconds, three to a decade; the last band has no end.
BAND_ENDS_S = tuple(10 ** (third / 3) for third in range(-15, 6))


class Recent:
    """Compares a histogram with what it was before.

    >>> recent, so_far = Recent(), Histogram([0.1, 0.1])
    >>> recent.look(0.0, so_far)  # of what was before the first look, nobody knows when
    (<Histogram, empty>, <Histogram, empty>)
    >>> recent.look(1.0, so_far + Histogram([0.2]))[0].count
    1
    >>> now, lately = recent.look(2.0, so_far + Histogram([0.2, 0.3]))
    >>> now.count, lately.count
    (1, 2)
    """

    def __init__(self, before: Histogram | None = None):
        self._looks: deque[tuple[float, Histogram]] = deque()
        self._before = before

    def look(self, at_s: float, so_far: Histogram) -> tuple[Histogram, Histogram]:
        """What `so_far` has gained since the last look, and within the last RECENT_S seconds.

        One that has become smaller counts anew, and all of it is a gain.
        """
        if self._before is None:
            self._before = so_far
        if self._looks and so_far.count < self._looks[-1][1].count:
            self._looks.clear()
            self._before = Histogram()
        now = so_far.since(self._looks[-1][1] if self._looks else self._before)
        while self._looks and self._looks[0][0] <= at_s - RECENT_S:
            self._before = self._looks.popleft()[1]
        lately = so_far.since(self._before)
        self._looks.append((at_s, so_far))
        return now, lately


def bands(histogram: Histogram) -> tuple[int, ...]:
    """How many durations fall in each band of a heat map, the shortest first.

    >>> [place for place, number in enumerate(bands(Histogram([0.001, 0.5, 99]))) if number]
    [6, 15, 21]
    """
    counted = [0] * (len(BAND_ENDS_S) + 1)
    for start_s, end_s, number in histogram.buckets():
        counted[bisect.bisect(BAND_ENDS_S, (start_s + end_s) / 2)] += number
    return tuple(counted)
