"""Tries each time until enough requests do not exceed it."""


def percentile(latencies, percent):
    """The time that `percent` (a whole number, 1 to 100) of 100 requests did not exceed.

    It is one of `latencies`: the shortest for which that is true. Raises ValueError when there are
    none.
    """
    if not latencies:
        raise ValueError("nothing was measured, so there is no percentile")
    for longest in sorted(latencies):
        if 100 * sum(latency <= longest for latency in latencies) >= percent * len(latencies):
            return longest


def typical(latencies):
    """The time that half of the users waited at most."""
    ordered = sorted(latencies)
    return ordered[(len(ordered) - 1) // 2]
