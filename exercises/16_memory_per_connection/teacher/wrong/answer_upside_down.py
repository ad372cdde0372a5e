"""Tells how many connections a byte takes."""


def bytes_each(points):
    """What one more connection takes, in bytes: the slope of the line through all `points`.

    It is the line of least squares: the sum of (count - mean count) * (bytes - mean bytes), divided
    by the sum of (count - mean count) ** 2. Raises ValueError for fewer than three sizes.
    """
    if len({count for count, _ in points}) < 3:
        raise ValueError(f"{points} has fewer than three sizes")
    mean_count = sum(count for count, _ in points) / len(points)
    mean_bytes = sum(taken for _, taken in points) / len(points)
    rise = sum((count - mean_count) * (taken - mean_bytes) for count, taken in points)
    return sum((count - mean_count) ** 2 for count, _ in points) / rise
