"""On which side of a line a figure lies, with all that the noise leaves open.

Rule: a figure is never surer than identical servers were steady; across a line is neither side.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from asyncweb.lab.claims.figures import Band
from asyncweb.lab.claims.verdict import Word
from asyncweb.loadtest.noise import ENOUGH_ROUNDS, PAIR, PLAIN

COUNTED = 1.05  # CPU and memory of identical servers are closer to each other than their latencies

# What the rules say of them, so that it is written down before a run.
TIMED_NOISE = (
    f"Latencies count as unsure by what their rounds differ, by {100 * (PLAIN - 1):.0f} % at "
    f"least, and by {100 * (PAIR['p50'] - 1):.0f} % in fewer than {ENOUGH_ROUNDS} rounds."
)
COUNTED_NOISE = (
    "CPU and memory count as unsure by what their rounds differ, by "
    f"{100 * (COUNTED - 1):.0f} % at least."
)


@dataclass(frozen=True)
class Reach:
    """From where to where a figure may lie.

    >>> str(Reach(80, 90).at_most(100)), str(Reach(80, 120).at_most(100))
    ('holds here', 'cannot be compared')
    >>> str(Reach(80, 90).at_least(100)), str(Reach(80, 90).between(70, 100))
    ('does not hold here', 'holds here')
    """

    low: float
    high: float

    def at_most(self, line: float) -> Word:
        """HOLDS when all of it is, FAILS when none of it is, OPEN between."""
        if self.high <= line:
            return Word.HOLDS
        return Word.FAILS if self.low > line else Word.OPEN

    def at_least(self, line: float) -> Word:
        """HOLDS when all of it is, FAILS when none of it is, OPEN between."""
        if self.low >= line:
            return Word.HOLDS
        return Word.FAILS if self.high < line else Word.OPEN

    def between(self, least: float, most: float) -> Word:
        """HOLDS when all of it lies there, FAILS when none of it does, OPEN otherwise."""
        sides = {self.at_least(least), self.at_most(most)}
        if Word.FAILS in sides:
            return Word.FAILS
        return Word.HOLDS if sides == {Word.HOLDS} else Word.OPEN


def timed(band: Band) -> Reach:
    """Of what a clock said: a few rounds of it are as unsteady as a pair of identical servers.

    >>> timed(Band.of([100.0])).high, round(timed(Band.of([100.0] * 5)).high)
    (144.0, 110)
    """
    return _widened(band, PLAIN if band.rounds >= ENOUGH_ROUNDS else PAIR["p50"])


def counted(band: Band) -> Reach:
    """Of what the system counts, CPU and memory: steady from the first round on.

    >>> round(counted(Band.of([100.0])).high), counted(Band.of([90.0, 100.0, 150.0])).high
    (105, 150.0)
    """
    return _widened(band, COUNTED)


def span(reaches: Sequence[Reach]) -> Reach:
    """All that any of them leaves open.

    >>> span([Reach(1, 2), Reach(3, float("inf"))])
    Reach(low=1, high=inf)
    """
    return Reach(min(reach.low for reach in reaches), max(reach.high for reach in reaches))


def _widened(band: Band, noise: float) -> Reach:
    return Reach(min(band.least, band.median / noise), max(band.most, band.median * noise))
