"""Divides all the memory by the connections."""


def bytes_each(points):
    """What one more connection takes, in bytes: the slope of the line through all `points`.

    It is the line of least squares: the sum of (count - mean count) * (bytes - mean bytes), divided
    by the sum of (count - mean count) ** 2. Raises ValueError for fewer than three sizes.
    """
    if len({count for count, _ in points}) < 3:
        raise ValueError(f"{points} has fewer than three sizes")
    return max(points)[1] / max(points)[0]
