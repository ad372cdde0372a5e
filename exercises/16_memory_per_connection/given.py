"""A server whose memory is known to the byte, as no real one's is."""

import random
from itertools import accumulate

from asyncweb.grading import same

MIB = 1 << 20
STACK = 8 * MIB  # of addresses, for each thread


class Server:
    """A process that grows by `each` bytes with a connection, and by `lazy` with the first of all.

    It keeps what it has got. By tracemalloc, only a tenth of a connection is Python's.
    """

    def __init__(self, each, base=30 * MIB, lazy=6 * MIB):
        self.each, self.lazy = each, lazy
        self._base = base
        self._open = self._most = 0

    def hold(self, count):
        """Opens or closes connections until `count` are open."""
        self._open = count
        self._most = max(self._most, count)

    def resident(self):
        """What is in memory."""
        return self._base + (self.lazy if self._most else 0) + self.each * self._most

    def reserved(self):
        """What has an address."""
        return self.resident() + 20 * self._base + STACK * self._open

    def traced(self):
        """What Python has allocated."""
        return (self._base + self.each * self._open) // 10


def line(each, base, sizes):
    """Points on a straight line."""
    return [(count, base + each * count) for count in sizes]


def slope(points):
    """How steep the points are, from the definition: every pair has a say by its distance."""
    pairs = [(a, b) for at, a in enumerate(points) for b in points[at + 1 :]]
    rise = sum((b[0] - a[0]) * (b[1] - a[1]) for a, b in pairs)
    return rise / sum((b[0] - a[0]) ** 2 for a, b in pairs)


def is_near(got, expected, share=0.01):
    """Whether a number is what was expected, to one per cent."""
    return type(got) in (int, float) and abs(got - expected) <= abs(expected) * share


def same_size(got, expected):
    """As `same`, for a number of bytes, to one per cent."""
    if type(got) not in (int, float):
        same(got, expected)
    if not is_near(got, expected):
        raise AssertionError(f"expected {expected:,.0f} bytes, got {got:,.0f}")


def rounds(first, *rises):
    """The memory before and after rounds of work, which rises so."""
    return list(accumulate([first, *rises]))


def wobbling(looks, seed):
    """The same, disturbed by up to a five-hundredth."""
    dice = random.Random(seed)
    return [look + dice.randrange(look // 500) for look in looks]
