"""The time axis that all pictures of one frame share.

Rule: a moment has one column, whichever server it is of and however many moments are missing; where
nothing is known the column is empty.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from asyncweb.metrics.snapshot import Frame, Snapshot

SPANS_S = (10, 30, 60, 120, 300, 600, 1800, 3600)
HOLDS_S = 1.0  # a figure stands for the interval that ends with it, when that is no longer


@dataclass(frozen=True, slots=True)
class Timeline:
    """`width` columns that end now.

    >>> timeline = Timeline(now_s=9.5, span_s=10, width=10)
    >>> cells = timeline.cells([Snapshot(at_s) for at_s in (0.1, 6.0, 7.0, 9.0, 9.4)])
    >>> [len(cell) for cell in cells]
    [1, 0, 0, 0, 0, 0, 1, 1, 0, 2]
    >>> timeline.axis()
    '10s ago  ┘'
    """

    now_s: float
    span_s: float
    width: int

    @classmethod
    def of(cls, frame: Frame, width: int) -> Timeline:
        """The axis on which all moments of `frame` have a place, unless it names its own span."""
        now_s = frame.now_s
        if frame.span_s is not None:
            return cls(now_s, frame.span_s, max(width, 1))
        firsts = [track.snapshots[0].at_s for track in frame.tracks if track.snapshots]
        age_s = now_s - min(firsts, default=now_s)
        span_s = next((span for span in SPANS_S if span >= age_s), age_s)
        return cls(now_s, span_s, max(width, 1))

    def place(self, at_s: float) -> int:
        """The column of a moment; below 0 for one that is too long ago."""
        # Whole columns since the run began: so the picture moves, and does not shimmer.
        column_s = self.span_s / self.width
        return self.width - 1 - (int(self.now_s / column_s) - int(at_s / column_s))

    def cells(self, moments: Sequence[Snapshot]) -> list[list[Snapshot]]:
        """For each column the `moments` that stand for a part of its time."""
        cells: list[list[Snapshot]] = [[] for _ in range(self.width)]
        column_s = self.span_s / self.width
        first = int(self.now_s / column_s) - self.width + 1
        before_s, before = -math.inf, 0
        for moment in moments:
            end = int(moment.at_s / column_s) - first
            start = before + 1 if moment.at_s - before_s <= HOLDS_S else end
            before_s, before = moment.at_s, end
            for column in range(max(min(start, end), 0), end + 1):
                cells[column].append(moment)
        return cells

    def axis(self) -> str:
        """Where it begins and where it ends."""
        minutes = self.span_s / 60
        begins = f"{self.span_s:.0f}s ago" if minutes < 2 else f"{minutes:.0f}min ago"
        return begins[: self.width - 1].ljust(self.width - 1) + "┘"

    def marked(self, frame: Frame) -> str:
        """The numbers of the marks of `frame` that have a place, 1 for its first."""
        line = [" "] * self.width
        for number, mark in enumerate(frame.marks, 1):
            place = self.place(mark.at_s)
            if 0 <= place < self.width:
                written = str(number)[: self.width - place]
                line[place : place + len(written)] = written
        return "".join(line)
