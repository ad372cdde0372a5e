"""Lets every pair of points vote, by its distance; asks the line at its mean."""


def bytes_each(points):
    """What one more connection takes, in bytes: the slope of the line through all `points`.

    It is the line of least squares: the sum of (count - mean count) * (bytes - mean bytes), divided
    by the sum of (count - mean count) ** 2. Raises ValueError for fewer than three sizes.
    """
    if len(set(count for count, _ in points)) <= 2:
        raise ValueError("a line needs three sizes")
    rise = run = 0
    for count, taken in points:
        for other, more in points:
            rise += (other - count) * (more - taken)
            run += (other - count) ** 2
    return rise / run


def fit(points, memory):
    """How many connections fit into `memory` bytes, a whole number, on the line of `points`."""
    count = sum(count for count, _ in points) / len(points)
    taken = sum(taken for _, taken in points) / len(points)
    return int(count + (memory - taken) / bytes_each(points))
