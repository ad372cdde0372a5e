"""Shares all the memory out among the connections."""


def fit(points, memory):
    """How many connections fit into `memory` bytes, a whole number, on the line of `points`."""
    return int(memory / bytes_each(points))
