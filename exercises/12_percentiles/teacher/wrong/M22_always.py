"""Tells a percentile of whatever there is."""

import math
from collections import Counter

ENOUGH = 10  # so many requests shall lie beyond a percentile that is told


def percentile(latencies, percent):
    """The time that `percent` (a whole number, 1 to 100) of 100 requests did not exceed.

    It is one of `latencies`: the shortest for which that is true. Raises ValueError when there are
    none.
    """
    if not latencies:
        raise ValueError("nothing was measured, so there is no percentile")
    rank = math.ceil(percent * len(latencies) / 100)
    return sorted(latencies)[rank - 1]


def typical(latencies):
    """The time that half of the users waited at most."""
    return percentile(latencies, 50)


def can_tell(count, percent):
    """Whether `count` requests are enough for this percentile: ENOUGH of them lie beyond it."""
    return count > 0


def percentile_of_all(histograms, percent):
    """The percentile of all requests in a list of `histograms`: the upper end of its bucket.

    The histograms stay as they are.
    """
    together = Counter()
    for histogram in histograms:
        together.update(histogram)
    rank = math.ceil(percent * together.total() / 100)
    for end_ms in sorted(together):
        rank -= together[end_ms]
        if rank <= 0:
            return end_ms
