"""The moments of a server since the beginning, for the report at the end.

Rule: bounded, and no peak is lost: when it is full, every two moments become one that keeps the
worst of both.
"""

from __future__ import annotations

from dataclasses import replace

from asyncweb.metrics.snapshot import Snapshot

MOST_MOMENTS = 1000  # even; about as many as a plot has dots across


class Past:
    """Moments that lie the further apart the more there are.

    >>> past = Past(most=4)
    >>> for second in range(1, 7):
    ...     past.add(Snapshot(at_s=second, loop_lag_s=1.0 if second == 3 else 0.0))
    >>> [(moment.at_s, moment.loop_lag_s) for moment in past.moments]
    [(2, 0.0), (4, 1.0), (6, 0.0)]
    """

    def __init__(self, most: int = MOST_MOMENTS):
        self._most = most
        self._kept: list[Snapshot] = []
        self._each = 1  # how many moments one of `_kept` stands for
        self._latest: Snapshot | None = None  # stands for `_gathered`, fewer than `_each`
        self._gathered = 0

    @property
    def moments(self) -> tuple[Snapshot, ...]:
        """What is kept, oldest first; the last one is now."""
        return (*self._kept, self._latest) if self._latest else tuple(self._kept)

    def add(self, moment: Snapshot) -> None:
        """Adds the latest moment."""
        self._latest = _both(self._latest, moment) if self._latest else moment
        self._gathered += 1
        if self._gathered < self._each:
            return
        self._kept.append(self._latest)
        self._latest, self._gathered = None, 0
        if len(self._kept) == self._most:
            self._kept = list(map(_both, self._kept[::2], self._kept[1::2]))
            self._each *= 2


def _both(earlier: Snapshot, later: Snapshot) -> Snapshot:
    """One moment for two. What is counted since the beginning the later one knows."""
    return replace(
        later,
        loop_lag_s=_larger(earlier.loop_lag_s, later.loop_lag_s),
        gc_pause_s=_larger(earlier.gc_pause_s, later.gc_pause_s),
        block=later.block or earlier.block,
    )


def _larger(one: float | None, other: float | None) -> float | None:
    return max((value for value in (one, other) if value is not None), default=None)
