"""Opens all connections once, and expects their memory back."""


def measure(server, sizes):
    """A point for each of `sizes`, which come in any order: the memory with so many connections."""
    server.hold(max(sizes))
    server.hold(0)
    points = []
    for count in sorted(sizes):
        server.hold(count)
        points.append((count, server.resident()))
    return points
