"""Looks for the first time before anything has run."""


def measure(server, sizes):
    """A point for each of `sizes`, which come in any order: the memory with so many connections."""
    points = []
    for count in sorted(sizes):
        server.hold(count)
        points.append((count, server.resident()))
    return points
