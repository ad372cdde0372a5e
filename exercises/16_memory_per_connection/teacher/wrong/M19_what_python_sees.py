"""Asks tracemalloc."""


def measure(server, sizes):
    """A point for each of `sizes`, which come in any order: the memory with so many connections."""
    server.hold(1)
    points = []
    for count in sorted(sizes):
        server.hold(count)
        points.append((count, server.traced()))
    return points
