"""The time axis that all rows of one timeline share.

Rule: a moment has the same place in every row.
"""

from __future__ import annotations

from dataclasses import dataclass

from asyncweb.lab.timeline.story import RUNS, WAITS, Event, Timeline

TICKS = 8  # at most


@dataclass(frozen=True, slots=True)
class Scale:
    """`lasts_ms` on so many columns.

    >>> scale = Scale(lasts_ms=12.0, columns=24)
    >>> scale.column(6.0), scale.column_ms, scale.ticks()
    (12, 0.5, [0.0, 2.0, 4.0, 6.0, 8.0, 10.0, 12.0])
    """

    lasts_ms: float
    columns: int

    @property
    def column_ms(self) -> float:
        """How much time a column stands for."""
        return (self.lasts_ms or 1.0) / self.columns

    def place(self, at_ms: float) -> float:
        """How many columns from the left."""
        return at_ms / self.column_ms

    def column(self, at_ms: float) -> int:
        """The column that a moment falls into."""
        return min(max(int(self.place(at_ms)), 0), self.columns - 1)

    def columns_of(self, event: Event) -> range:
        """Those that have a part of `event`."""
        return range(self.column(event.begins_ms), self.column(event.ends_ms) + 1)

    def share(self, event: Event, column: int) -> float:
        """How many ms of `event` are in `column`."""
        begins_ms = max(event.begins_ms, column * self.column_ms)
        return max(min(event.ends_ms, (column + 1) * self.column_ms) - begins_ms, 0.0)

    def ticks(self) -> list[float]:
        """Round moments from 0 on, TICKS of them at most."""
        least_ms = (self.lasts_ms or 1.0) / TICKS
        power = 10.0**-6
        while 10 * power < least_ms:
            power *= 10
        step_ms = next(step * power for step in (1, 2, 5, 10) if step * power >= least_ms)
        count = int(self.lasts_ms / step_ms + 1e-9)
        return [round(step_ms * number, 6) for number in range(count + 1)]


def thread_spans(timeline: Timeline, thread: str) -> list[Event]:
    """What occupies `thread`: on the loop what runs, else also what waits in it."""
    occupies = (RUNS, WAITS) if timeline.engine == "threads" else (RUNS,)
    return [event for event in timeline.events if event.thread == thread and event.what in occupies]
