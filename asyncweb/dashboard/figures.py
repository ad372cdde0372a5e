"""The figures of a server, a line each: what it is, how much, and how it was.

Rule: the lines of one server stand beside those of another, column by column and on one scale.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Self

from rich.text import Text

from asyncweb.dashboard.box import Line
from asyncweb.dashboard.load_lines import WARM_STYLE
from asyncweb.dashboard.rows import ROOM, Row, is_open, levels
from asyncweb.dashboard.timeline import Timeline
from asyncweb.drawing import units
from asyncweb.drawing.sparkline import blocks
from asyncweb.metrics.recent import RECENT_S
from asyncweb.metrics.snapshot import Frame, Snapshot, Track

LABEL_WIDTH, VALUE_WIDTH = 9, ROOM
Levels = Sequence[float | None]
LEAST_LINE = 14  # columns of history that are worth more than one more column of figures


@dataclass(frozen=True, slots=True)
class Column:
    """One way to tell latencies."""

    heading: str
    name: str  # the field of a Snapshot

    def text(self, moment: Snapshot, label: str) -> str:
        """The latency `label` of `moment`."""
        told: Mapping[str, float | None] = getattr(moment, self.name)
        return units.seconds(told.get(label))


LATELY = f"{RECENT_S:.0f}s"


def columns_of(tracks: Sequence[Track], width: int) -> list[Column]:
    """How latencies are told in `width` columns: lately first, then the whole run.

    In an open loop from due and from send; these two are never told one without the other.
    """
    recent, run = [Column(f"last {LATELY}", "recent_s")], [Column("run", "latency_s")]
    if is_open(tracks):
        recent = [Column("from due", "recent_s"), Column("from send", "recent_service_s")]
        run = [Column("from due", "latency_s"), Column("from send", "service_s")]
    known = [
        group
        for group in (recent, run)
        if any(getattr(moment, group[0].name) for track in tracks for moment in track.snapshots)
    ]
    if len(known) < 2:
        return known[0] if known else run
    both = [*recent, *run]
    if width - margin(both) < LEAST_LINE:
        return recent
    if not is_open(tracks):
        return both
    return [
        Column(f"{column.heading.removeprefix('from ')} {when}", column.name)
        for when, group in ((LATELY, recent), ("run", run))
        for column in group
    ]


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of a frame, as all its servers show them."""

    rows: Sequence[Row]
    columns: Sequence[Column]
    timeline: Timeline
    cells: Sequence[Sequence[Sequence[Snapshot]]]  # of each server, by column of the time axis
    levels: Sequence[Sequence[Levels]]  # of each server, by row
    tops: Sequence[float]  # the largest value of each row, over all servers

    @classmethod
    def of(cls, frame: Frame, rows: Sequence[Row], columns: Sequence[Column], width: int) -> Self:
        """Those of `frame` in boxes that are `width` columns wide inside."""
        timeline = Timeline.of(frame, width - margin(columns))
        cells = [timeline.cells(track.snapshots) for track in frame.tracks]
        drawn = [[levels(of_track, row) for row in rows] for of_track in cells]
        tops = [
            max([level for line in lines for level in line if level is not None], default=0.0)
            for lines in zip(*drawn, strict=True)
        ]
        return cls(rows, columns, timeline, cells, drawn, tops)

    def lines(self, frame: Frame, place: int, style: str) -> list[Line]:
        """A line for each row, of the server at `place`."""
        now = frame.tracks[place].now
        warm = self._warm_up(frame, place)
        drawn: list[Line] = []
        for row, levels_of_row, top in zip(self.rows, self.levels[place], self.tops, strict=True):
            past = Text(row.words(now) if row.words else blocks(levels_of_row, top), style)
            for start, end in warm if row.value else ():
                past.stylize(WARM_STYLE, start, end)
            label = Text(row.label.ljust(LABEL_WIDTH + 1), "dim")
            drawn.append([label, Text(self._told(row, now), "bold"), past])
        return drawn

    def _warm_up(self, frame: Frame, place: int) -> list[tuple[int, int]]:
        """The columns of the time axis that do not count; only a load of ours has a warm-up."""
        if frame.turn is None:
            return []
        return _runs([any(moment.is_warm_up for moment in cell) for cell in self.cells[place]])

    def axis(self, frame: Frame) -> list[Line]:
        """The time axis, and above it the numbers of the marks where there are any."""
        left = margin(self.columns)
        drawn: list[Line] = [[Text(" " * left + self.timeline.axis(), style="dim")]]
        marked = self.timeline.marked(frame)
        if marked.strip():
            drawn.insert(0, [Text("marks".ljust(left) + marked, style="bold")])
        return drawn

    def _told(self, row: Row, now: Snapshot) -> str:
        if row.is_latency:
            told = [column.text(now, row.label) for column in self.columns]
        else:
            told = [row.text(now), *[""] * (len(self.columns) - 1)]
        return "".join(f"{text[:VALUE_WIDTH]:>{VALUE_WIDTH}} " for text in told)


def _runs(flags: Sequence[bool]) -> list[tuple[int, int]]:
    """Where `flags` are true without a break: (start, end).

    >>> _runs([True, True, False, True])
    [(0, 2), (3, 4)]
    """
    ends = [at for at, (one, other) in enumerate(pairwise([False, *flags, False])) if one != other]
    return list(zip(ends[::2], ends[1::2], strict=True))


def margin(columns: Sequence[Column]) -> int:
    """How many columns of the terminal stand left of the time axis."""
    return LABEL_WIDTH + 1 + len(columns) * (VALUE_WIDTH + 1)


def headings(columns: Sequence[Column], rows: Sequence[Row]) -> list[Line]:
    """What the columns tell; no line where all is of the whole run, and there is one column."""
    names = [column.heading for column in columns]
    if names == ["run"] or not any(row.is_latency for row in rows):
        return []
    line = " ".join(name.rjust(VALUE_WIDTH) for name in names)
    return [[Text(" " * (LABEL_WIDTH + 1) + line, style="dim")]]
