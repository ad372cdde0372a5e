"""Asks for ten times as many as are needed."""


def can_tell(count, percent):
    """Whether `count` requests are enough for this percentile: ENOUGH of them lie beyond it."""
    return count * (100 - percent) > ENOUGH * ENOUGH * 100
