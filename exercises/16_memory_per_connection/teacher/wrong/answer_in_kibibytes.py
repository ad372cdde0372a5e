"""Tells kibibytes where bytes are asked for."""


def measure(server, sizes):
    """A point for each of `sizes`, which come in any order: the memory with so many connections."""
    server.hold(1)
    points = []
    for count in sorted(sizes):
        server.hold(count)
        points.append((count, server.resident() / 1024))
    return points
