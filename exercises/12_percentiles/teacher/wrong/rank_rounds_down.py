"""Rounds down, so a part of a request does not count."""


def percentile(latencies, percent):
    """The time that `percent` (a whole number, 1 to 100) of 100 requests did not exceed.

    It is one of `latencies`: the shortest for which that is true. Raises ValueError when there are
    none.
    """
    if not latencies:
        raise ValueError("nothing was measured, so there is no percentile")
    rank = max(1, percent * len(latencies) // 100)
    return sorted(latencies)[rank - 1]
