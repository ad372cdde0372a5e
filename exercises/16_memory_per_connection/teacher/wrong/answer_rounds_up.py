"""Counts a connection that fits only in part."""

import math


def fit(points, memory):
    """How many connections fit into `memory` bytes, a whole number, on the line of `points`."""
    each = bytes_each(points)
    base = sum(taken - each * count for count, taken in points) / len(points)
    return math.ceil((memory - base) / each)
