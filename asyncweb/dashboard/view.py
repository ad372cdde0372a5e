"""From a frame to a picture: servers side by side, on one scale.

Rule: a pure function. The same frame and width give the same picture; nothing is measured here.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from asyncweb.dashboard.difference import differences
from asyncweb.dashboard.load_lines import WARM_STYLE, load_lines
from asyncweb.dashboard.rows import BY_ADDRESS, Row, history, is_open, rows_of
from asyncweb.drawing.sparkline import BLOCKS, axis, bars, columns, sparkline
from asyncweb.metrics.histogram import Histogram
from asyncweb.metrics.snapshot import Frame, Track

# Blue, orange and green keep apart for the colour-blind; names and places say the same.
COLOURS = {"async": "#3b8fd6", "threads": "#e07b00"}
OTHER_COLOURS = ("#3b8fd6", "#e07b00", "#2a9d6f", "#b05fb5")
KINDS = {"async": "event loop", "threads": "a thread each"}
LEAST_PANEL = 36
LABEL_WIDTH, VALUE_WIDTH, SENT_WIDTH = 9, 11, 9
BAR_LINES, AXIS_LINES = 3, 1
PANEL_EDGES, FOOT_LINES = 2, 2


def render(frame: Frame, width: int = 100, height: int | None = None) -> RenderableType:
    """The picture of `frame`, at most `width` columns wide; panels stack where it is narrow.

    Where a `height` is given, bars and rows go until it fits, or no more can go.
    """
    tracks = frame.tracks
    across = max(1, min(len(tracks), width // LEAST_PANEL))
    head = [Text(frame.title, style="bold", no_wrap=True, overflow="ellipsis")]
    if frame.turn is not None:
        head += load_lines(frame.turn, width)
    has_ended = frame.turn is not None and frame.turn.has_ended
    # Of a race that has ended the verdict speaks, which knows the noise.
    said = [] if has_ended else differences(frame)
    foot = [Text(sentence, overflow="fold") for sentence in said]
    if frame.note:
        foot.append(Text(frame.note, style="dim", no_wrap=True, overflow="ellipsis"))
    room = None
    if height is not None:
        lines = height - len(head) - FOOT_LINES * bool(foot)
        room = lines // max(math.ceil(len(tracks) / across), 1) - PANEL_EDGES
    shared = _Shared.of(tracks, room, only_measured=frame.turn is not None)
    panels = [_panel(track, shared, width // across, place) for place, track in enumerate(tracks)]
    rows = [_side_by_side(panels[at : at + across]) for at in range(0, len(panels), across)]
    return Group(*head, *rows, *foot)


def colour(track: Track, place: int) -> str:
    """The colour of a server: always the same for the same engine."""
    return COLOURS.get(track.engine, OTHER_COLOURS[place % len(OTHER_COLOURS)])


@dataclass(frozen=True, slots=True)
class _Shared:
    """What all panels share, so that the eye may compare them."""

    rows: list[Row]
    is_open: bool  # then there are two latencies
    bar_lines: int  # of the latencies below
    tops: dict[str, float]  # the largest value of each row, over all servers
    low_s: float  # the ends of the latency axis
    high_s: float

    @classmethod
    def of(cls, tracks: Sequence[Track], room: int | None, only_measured: bool) -> _Shared:
        """What `tracks` share, in panels with `room` for so many lines."""
        open_loop = is_open(tracks)
        rows = rows_of(tracks, None if room is None else room - open_loop, only_measured)
        left = BAR_LINES if room is None else room - open_loop - len(rows) - AXIS_LINES
        latencies = [track.now.latency for track in tracks if track.now.latency.count]
        low_s = min((latency.min for latency in latencies), default=0.001)
        high_s = max((latency.max for latency in latencies), default=1.0)
        return cls(
            rows=rows,
            is_open=open_loop,
            bar_lines=max(min(left, BAR_LINES), 0),
            tops={row.label: _top(tracks, row) for row in rows},
            low_s=max(low_s, 1e-6) / 1.5,
            high_s=max(high_s, 1e-6) * 1.5,
        )


def _top(tracks: Sequence[Track], row: Row) -> float:
    return max((value for track in tracks for value, _ in history(track, row)), default=0.0)


def _side_by_side(panels: Sequence[RenderableType]) -> RenderableType:
    grid = Table.grid()
    grid.add_row(*panels)
    return grid


def _panel(track: Track, shared: _Shared, width: int, place: int) -> RenderableType:
    inner = width - 4
    value_widths = (VALUE_WIDTH, SENT_WIDTH) if shared.is_open else (VALUE_WIDTH,)
    line_width = inner - LABEL_WIDTH - 1 - sum(width + 1 for width in value_widths)
    style = colour(track, place)
    table = Table.grid(padding=(0, 1, 0, 0))
    table.add_column(width=LABEL_WIDTH, style="dim", no_wrap=True)
    for value_width in value_widths:
        table.add_column(width=value_width, justify="right", no_wrap=True, style="bold")
    table.add_column(width=line_width, no_wrap=True, style=style)
    if shared.is_open:
        table.add_row("", Text("from due", "not bold dim"), Text("from send", "not bold dim"), "")
    for row in shared.rows:
        figures = [row.text(track.now)]
        if shared.is_open:
            figures.append(row.sent(track.now) if row.sent else "")
        table.add_row(row.label, *figures, _beside(row, track, shared, line_width))
    kind = "" if track.engine == BY_ADDRESS else f": {KINDS.get(track.engine, track.engine)}"
    title = Text(f"{track.name}{kind}", style=f"bold {style}")
    body = Group(table, *_latency_bars(track.now.latency, shared, inner, style))
    return Panel(body, title=title, title_align="left", border_style=style, width=width)


def _beside(row: Row, track: Track, shared: _Shared, width: int) -> Text:
    if row.words is not None:
        return Text(row.words(track.now), no_wrap=True, overflow="ellipsis")
    past = history(track, row)[-4 * width :]
    drawn = Text(sparkline([value for value, _ in past], width, shared.tops[row.label]))
    # Squeezed like the line itself, so that each mark stands below what it marks.
    warm = sparkline([float(is_warm_up) for _, is_warm_up in past], width, 1.0)
    for at, mark in enumerate(warm):
        if mark == BLOCKS[-1]:
            drawn.stylize(WARM_STYLE, at, at + 1)
    return drawn


def _latency_bars(
    latency: Histogram, shared: _Shared, width: int, style: str
) -> list[RenderableType]:
    if not shared.bar_lines:
        return []
    shares = columns(latency, shared.low_s, shared.high_s, width)
    lines = bars(shares, shared.bar_lines, max(shares))
    drawn: list[RenderableType] = [Text(line, style=style, no_wrap=True) for line in lines]
    return [*drawn, Text(axis(shared.low_s, shared.high_s, width), style="dim", no_wrap=True)]
