"""Exercise 16: what one more connection costs, as a slope over several sizes.

A server is watched from outside. `server.hold(n)` opens or closes connections until n are open. All
of these are in bytes:

    server.resident()  what of the process is in memory (RSS)
    server.reserved()  what has only an address (VMS)
    server.traced()    what Python has allocated, says tracemalloc

A point is a pair: so many connections, so many bytes.
"""

NOISE = 0.01  # of the memory: as much it wobbles by itself


def bytes_each(points):
    """What one more connection takes, in bytes: the slope of the line through all `points`.

    It is the line of least squares: the sum of (count - mean count) * (bytes - mean bytes), divided
    by the sum of (count - mean count) ** 2. Raises ValueError for fewer than three sizes.
    """
    raise NotImplementedError("Task 16.1: find the slope")


def measure(server, sizes):
    """A point for each of `sizes`, which come in any order: the memory with so many connections."""
    raise NotImplementedError("Task 16.2: measure a server at several sizes")


def fit(points, memory):
    """How many connections fit into `memory` bytes, a whole number, on the line of `points`."""
    raise NotImplementedError("Task 16.3: say how many connections fit")


def leaks(looks):
    """Whether the server keeps something of every round of work.

    `looks[0]` is its memory before the first round, `looks[n]` after round n, when all connections
    of it were closed. There are four rounds or more. A rise by less than NOISE is none.
    """
    raise NotImplementedError("Task 16.4: tell a plateau from a leak")
