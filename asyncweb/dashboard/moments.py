"""Two moments of the same servers, figure by figure.

Rule: a pure function of two frames and a size; a figure that neither moment has is left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from asyncweb.dashboard.box import one_line
from asyncweb.dashboard.panels import LINES, PANELS, Layout, wanted
from asyncweb.dashboard.rows import Row
from asyncweb.dashboard.view import colour
from asyncweb.drawing.units import NOT_MEASURED
from asyncweb.metrics.snapshot import Frame, Snapshot, Track

LEAST_PANEL = 40
EDGES = 3  # lines of a panel that hold no figure
SAME = 0.02  # a smaller change is none


def render_moments(first: Frame, second: Frame, width: int, height: int) -> RenderableType:
    """The servers of `second` beside what they were in `first`, and how much that changed."""
    before = {track.name: track for track in first.tracks}
    pairs = [(before[track.name], track) for track in second.tracks if track.name in before]
    across = max(1, min(len(pairs), width // LEAST_PANEL))
    stacked = -(-len(pairs) // across) or 1
    rows = _rows(second, (height - 1) // stacked - EDGES)
    headings = ["", *(f"{frame.now_s:.1f} s" for frame in (first, second)), "change"]
    panels = [
        _panel(was, now, rows, headings, width // across, colour(now, place))
        for place, (was, now) in enumerate(pairs)
    ]
    table = Table.grid()
    for at in range(0, len(panels), across):
        table.add_row(*panels[at : at + across])
    title = f"{first.title}, then {second.title}" if first.title != second.title else first.title
    return Group(one_line(title, width, "bold"), table)


def _rows(frame: Frame, room: int) -> Sequence[Row]:
    """The figures of the panels of `frame`, as many as have room; pictures have no change."""
    show = tuple(name for name in frame.show or PANELS if name not in LINES)
    figures = replace(frame, show=show)
    return Layout.of(figures, wanted(figures), room).rows


def _panel(
    was: Track, now: Track, rows: Sequence[Row], headings: Sequence[str], width: int, style: str
) -> RenderableType:
    table = Table.grid(padding=(0, 1, 0, 0), expand=True)
    table.add_column(style="dim", no_wrap=True)
    for _ in headings[1:]:
        table.add_column(justify="right", no_wrap=True)
    table.add_row(*(Text(heading, style="bold") for heading in headings))
    for row in rows:
        figures = row.text(was.now), row.text(now.now)
        if any(figure.strip(f"{NOT_MEASURED}/") for figure in figures):
            table.add_row(row.label, *figures, change(row, was.now, now.now))
    title = Text(now.name, style=f"bold {style}")
    return Panel(table, title=title, title_align="left", border_style=style, width=width)


def change(row: Row, was: Snapshot, now: Snapshot) -> str:
    """How `row` changed from `was` to `now`, as a factor or in percent; "" where nobody can say.

    >>> rate = next(row for row in wanted(Frame("", ())) if row.label == "requests")
    >>> [change(rate, Snapshot(0.0, throughput_rps=100.0), Snapshot(1.0, throughput_rps=now))
    ...  for now in (250.0, 120.0, 101.0, 0.0)]
    ['x 2.50', '+20 %', 'same', '-100 %']
    """
    if row.value is None:
        return ""
    before, after = row.value(was), row.value(now)
    if before is None or after is None or not before:
        return "same" if before == after == 0 else ""
    ratio = after / before
    if ratio >= 2:
        return f"x {ratio:.2f}" if ratio < 100 else f"x {ratio:,.0f}"
    return "same" if abs(ratio - 1) < SAME else f"{100 * (ratio - 1):+.0f} %"
