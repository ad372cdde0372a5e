"""Leaves the line to the library, and warms up with a few connections."""

from statistics import linear_regression, median


def bytes_each(points):
    """What one more connection takes, in bytes: the slope of the line through all `points`.

    It is the line of least squares: the sum of (count - mean count) * (bytes - mean bytes), divided
    by the sum of (count - mean count) ** 2. Raises ValueError for fewer than three sizes.
    """
    counts, taken = zip(*points, strict=True)
    if len(set(counts)) < 3:
        raise ValueError("fewer than three sizes")
    return linear_regression(counts, taken).slope


def measure(server, sizes):
    """A point for each of `sizes`, which come in any order: the memory with so many connections."""
    for _ in range(3):
        server.hold(1)
        server.hold(0)
    seen = {}
    for count in sorted(set(sizes)):
        server.hold(count)
        seen[count] = server.resident()
    return [(count, seen[count]) for count in sizes]


def leaks(looks):
    """Whether the server keeps something of every round of work.

    `looks[0]` is its memory before the first round, `looks[n]` after round n, when all connections
    of it were closed. There are four rounds or more. A rise by less than NOISE is none.
    """
    early, late = median(looks[2:4]), median(looks[-2:])
    return late - early > early * NOISE
