"""Exercise 12: percentiles, of raw times and of several servers together.

All times are in milliseconds. A histogram is a dict: the upper end of a bucket in milliseconds, and
how many requests fell into it, such as `{10: 900, 20: 100}`.
"""

### BEGIN SOLUTION
import math
from collections import Counter

### END SOLUTION

ENOUGH = 10  # so many requests shall lie beyond a percentile that is told


def percentile(latencies, percent):
    """The time that `percent` (a whole number, 1 to 100) of 100 requests did not exceed.

    It is one of `latencies`: the shortest for which that is true. Raises ValueError when there are
    none.
    """
    ### BEGIN SOLUTION Task 12.1: find a percentile of raw times
    if not latencies:
        raise ValueError("nothing was measured, so there is no percentile")
    rank = math.ceil(percent * len(latencies) / 100)
    return sorted(latencies)[rank - 1]
    ### END SOLUTION


def typical(latencies):
    """The time that half of the users waited at most."""
    ### BEGIN SOLUTION Task 12.2: say what half of the users wait
    return percentile(latencies, 50)
    ### END SOLUTION


def can_tell(count, percent):
    """Whether `count` requests are enough for this percentile: ENOUGH of them lie beyond it."""
    ### BEGIN SOLUTION Task 12.3: say whether there is enough to tell
    return count * (100 - percent) >= ENOUGH * 100
    ### END SOLUTION


def percentile_of_all(histograms, percent):
    """The percentile of all requests in a list of `histograms`: the upper end of its bucket.

    The histograms stay as they are.
    """
    ### BEGIN SOLUTION Task 12.4: find the percentile of several servers
    together = Counter()
    for histogram in histograms:
        together.update(histogram)
    rank = math.ceil(percent * together.total() / 100)
    for end_ms in sorted(together):
        rank -= together[end_ms]
        if rank <= 0:
            return end_ms
    ### END SOLUTION
