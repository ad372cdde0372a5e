"""Exercise 12: percentiles, of raw times and of several servers together.

All times are in milliseconds. A histogram is a dict: the upper end of a bucket in milliseconds, and
how many requests fell into it, such as `{10: 900, 20: 100}`.
"""

ENOUGH = 10  # so many requests shall lie beyond a percentile that is told


def percentile(latencies, percent):
    """The time that `percent` (a whole number, 1 to 100) of 100 requests did not exceed.

    It is one of `latencies`: the shortest for which that is true. Raises ValueError when there are
    none.
    """
    raise NotImplementedError("Task 12.1: find a percentile of raw times")


def typical(latencies):
    """The time that half of the users waited at most."""
    raise NotImplementedError("Task 12.2: say what half of the users wait")


def can_tell(count, percent):
    """Whether `count` requests are enough for this percentile: ENOUGH of them lie beyond it."""
    raise NotImplementedError("Task 12.3: say whether there is enough to tell")


def percentile_of_all(histograms, percent):
    """The percentile of all requests in a list of `histograms`: the upper end of its bucket.

    The histograms stay as they are.
    """
    raise NotImplementedError("Task 12.4: find the percentile of several servers")
