"""Makes one sorted list of all requests."""

ENOUGH = 10  # so many requests shall lie beyond a percentile that is told


def percentile(latencies, percent):
    """The time that `percent` (a whole number, 1 to 100) of 100 requests did not exceed.

    It is one of `latencies`: the shortest for which that is true. Raises ValueError when there are
    none.
    """
    if not latencies:
        raise ValueError("nothing was measured, so there is no percentile")
    rank = -(-percent * len(latencies) // 100)
    return sorted(latencies)[rank - 1]


def typical(latencies):
    """The time that half of the users waited at most."""
    return percentile(latencies, 50)


def can_tell(count, percent):
    """Whether `count` requests are enough for this percentile: ENOUGH of them lie beyond it."""
    return count * (100 - percent) >= ENOUGH * 100


def percentile_of_all(histograms, percent):
    """The percentile of all requests in a list of `histograms`: the upper end of its bucket.

    The histograms stay as they are.
    """
    everything = []
    for histogram in histograms:
        for end_ms, count in histogram.items():
            everything += [end_ms] * count
    return percentile(everything, percent)
