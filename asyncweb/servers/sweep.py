"""Looks at very many, a few at a time.

Rule: each is looked at once in SWEEP_S seconds, and nobody is kept waiting while all are: 10,000
looks in a row would take as long as a hundred answers.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from typing import Generic, TypeVar

SWEEP_S = 1.0
LOOK_S = 0.02  # between two looks at a few
FEW = 64  # of whom not less than so many are looked at together

T = TypeVar("T")


class Sweep(Generic[T]):
    """Says who is to be looked at: all of `everybody()` in turn, then who is there by then.

    >>> sweep = Sweep(lambda: range(10_000))
    >>> began = time.monotonic() + SWEEP_S  # when the first are due
    >>> sweep.due(began - 0.5)
    ()
    >>> [len(sweep.due(began + later_s)) for later_s in (0, LOOK_S / 2, 2.5 * LOOK_S, 0.99)]
    [200, 0, 500, 9300]
    """

    def __init__(self, everybody: Callable[[], Iterable[T]]):
        self._everybody = everybody
        self._round: Sequence[T] = ()
        self._seen = 0  # of this round
        self._began = self._looked = time.monotonic()

    def due_in_s(self, now: float) -> float:
        """Seconds until somebody is to be looked at."""
        due = self._looked + LOOK_S if self._round else self._began + SWEEP_S
        return max(due - now, 0.0)

    def due(self, now: float) -> Sequence[T]:
        """Who is to be looked at now; mostly nobody."""
        if self.due_in_s(now) > 0:
            return ()
        if not self._round:
            self._began, self._round, self._seen = now, tuple(self._everybody()), 0
        self._looked = now
        share = min((now + LOOK_S - self._began) / SWEEP_S, 1.0)
        first, self._seen = self._seen, max(round(share * len(self._round)), self._seen + FEW)
        few = self._round[first : self._seen]
        if self._seen >= len(self._round):
            self._round = ()  # it would keep those who have left
        return few
