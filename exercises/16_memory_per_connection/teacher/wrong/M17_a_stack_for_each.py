"""Has heard what a thread costs."""


def fit(points, memory):
    """How many connections fit into `memory` bytes, a whole number, on the line of `points`."""
    return memory // (8 * 1024 * 1024)
