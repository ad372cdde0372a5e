"""Looks at very many, a few at a time.

Rule: each is looked at once in SWEEP_S seconds, and nobody is kept waiting while all are: 10,000
looks in a row would take as long as a hundred answers.
"""

from __future__ import annotations

import math
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
    >>> first, second = sweep.due(began), sweep.due(began + LOOK_S)
    >>> len(first), len(second), len(sweep.due(began + SWEEP_S)), sweep.due(began + SWEEP_S)
    (200, 200, 9600, ())
    """

    def __init__(self, everybody: Callable[[], Iterable[T]]):
        self._everybody = everybody
        self._left: list[T] = []  # of this round
        self._began = self._looked = time.monotonic()

    def due_in_s(self, now: float) -> float:
        """Seconds until somebody is to be looked at."""
        due = self._looked + LOOK_S if self._left else self._began + SWEEP_S
        return max(due - now, 0.0)

    def due(self, now: float) -> Sequence[T]:
        """Who is to be looked at now; mostly nobody."""
        if self.due_in_s(now) > 0:
            return ()
        gap_s = LOOK_S
        if self._left:
            gap_s = now - self._looked
        else:
            self._began, self._left = now, list(self._everybody())
        self._looked = now
        rest_s = max(self._began + SWEEP_S - now, gap_s)
        share = max(math.ceil(len(self._left) * gap_s / rest_s), FEW)
        few = self._left[-share:]
        del self._left[-share:]
        return few
