"""Expects memory to fall when connections close."""


def measure(server, sizes):
    """A point for each of `sizes`, which come in any order: the memory with so many connections."""
    server.hold(1)
    points = []
    for count in sizes:
        server.hold(count)
        points.append((count, server.resident()))
    return points
