"""From a frame to a picture: servers side by side, on one scale.

Rule: a pure function. The same frame and width give the same picture; nothing is measured here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from asyncweb.dashboard.difference import differences
from asyncweb.drawing import units
from asyncweb.drawing.sparkline import axis, bars, columns, sparkline
from asyncweb.metrics.histogram import Histogram
from asyncweb.metrics.snapshot import Frame, Snapshot, Track

# Blue, orange and green keep apart for the colour-blind; names and places say the same.
COLOURS = {"async": "#3b8fd6", "threads": "#e07b00"}
OTHER_COLOURS = ("#3b8fd6", "#e07b00", "#2a9d6f", "#b05fb5")
KINDS = {"async": "event loop", "threads": "a thread each", "url": "by its address"}
LEAST_PANEL = 36
LABEL_WIDTH, VALUE_WIDTH = 10, 11
BAR_LINES = 3


@dataclass(frozen=True, slots=True)
class _Row:
    """One line of a panel: a figure, and beside it its history, or words."""

    label: str
    text: Callable[[Snapshot], str]
    value: Callable[[Snapshot], float | None] | None = None
    words: Callable[[Snapshot], str] | None = None


def _percentile(name: str) -> Callable[[Snapshot], float | None]:
    return lambda moment: moment.latency_s.get(name)


def _in_flight(moment: Snapshot) -> str:
    return f"{units.count(moment.in_flight)}/{units.count(moment.connections)}"


def _error_count(moment: Snapshot) -> str:
    return units.count(sum(moment.errors.values()))


ROWS = (
    _Row("requests", lambda s: units.rate(s.throughput_rps), lambda s: s.throughput_rps),
    _Row("p50", lambda s: units.seconds(s.latency_s.get("p50")), _percentile("p50")),
    _Row("p90", lambda s: units.seconds(s.latency_s.get("p90")), _percentile("p90")),
    _Row("p99", lambda s: units.seconds(s.latency_s.get("p99")), _percentile("p99")),
    _Row("max", lambda s: units.seconds(s.latency_s.get("max"))),
    _Row("in flight", _in_flight, lambda s: s.in_flight),
    _Row("errors", _error_count, words=lambda s: units.errors(s.errors) if s.errors else ""),
    _Row("RSS", lambda s: units.memory(s.rss_bytes), lambda s: s.rss_bytes),
    _Row("USS", lambda s: units.memory(s.uss_bytes), lambda s: s.uss_bytes),
    _Row("per conn.", lambda s: units.memory(s.bytes_per_connection)),
    _Row("threads", lambda s: units.count(s.threads), lambda s: s.threads),
    _Row("loop lag", lambda s: units.seconds(s.loop_lag_s), lambda s: s.loop_lag_s),
    _Row("CPU", lambda s: units.percent(s.cpu_percent), lambda s: s.cpu_percent),
)


def render(frame: Frame, width: int = 100) -> RenderableType:
    """The picture of `frame`, at most `width` columns wide; panels stack where it is narrow."""
    tracks = frame.tracks
    across = max(1, min(len(tracks), width // LEAST_PANEL))
    panel_width = width // across
    scale = _Scale.of(tracks)
    panels = [_panel(track, scale, panel_width, place) for place, track in enumerate(tracks)]
    parts: list[RenderableType] = [
        Text(frame.title, style="bold", no_wrap=True, overflow="ellipsis")
    ]
    parts += [_side_by_side(panels[at : at + across]) for at in range(0, len(panels), across)]
    parts += [Text(sentence, overflow="fold") for sentence in differences(frame)]
    if frame.note:
        parts.append(Text(frame.note, style="dim", no_wrap=True, overflow="ellipsis"))
    return Group(*parts)


def colour(track: Track, place: int) -> str:
    """The colour of a server: always the same for the same engine."""
    return COLOURS.get(track.engine, OTHER_COLOURS[place % len(OTHER_COLOURS)])


@dataclass(frozen=True, slots=True)
class _Scale:
    """What all panels share, so that the eye may compare them."""

    tops: dict[str, float]  # the largest value of each row, over all servers
    low_s: float  # the ends of the latency axis
    high_s: float

    @classmethod
    def of(cls, tracks: Sequence[Track]) -> _Scale:
        tops = {
            row.label: max(
                (max(_history(track, row), default=0.0) for track in tracks), default=0.0
            )
            for row in ROWS
        }
        latencies = [track.now.latency for track in tracks if track.now.latency.count]
        low_s = min((latency.min for latency in latencies), default=0.001)
        high_s = max((latency.max for latency in latencies), default=1.0)
        return cls(tops, max(low_s, 1e-6) / 1.5, max(high_s, 1e-6) * 1.5)


def _history(track: Track, row: _Row) -> list[float]:
    if row.value is None:
        return []
    values = (row.value(moment) for moment in track.snapshots)
    return [value for value in values if value is not None]


def _side_by_side(panels: Sequence[RenderableType]) -> RenderableType:
    grid = Table.grid()
    grid.add_row(*panels)
    return grid


def _panel(track: Track, scale: _Scale, width: int, place: int) -> RenderableType:
    inner = width - 4
    line_width = inner - LABEL_WIDTH - VALUE_WIDTH - 2
    style = colour(track, place)
    table = Table.grid(padding=(0, 1, 0, 0))
    table.add_column(width=LABEL_WIDTH, style="dim", no_wrap=True)
    table.add_column(width=VALUE_WIDTH, justify="right", no_wrap=True, style="bold")
    table.add_column(width=line_width, no_wrap=True, style=style)
    for row in ROWS:
        table.add_row(row.label, row.text(track.now), _beside(row, track, scale, line_width))
    title = Text(f"{track.name}: {KINDS.get(track.engine, track.engine)}", style=f"bold {style}")
    body = Group(table, *_latency_bars(track.now.latency, scale, inner, style))
    return Panel(body, title=title, title_align="left", border_style=style, width=width)


def _beside(row: _Row, track: Track, scale: _Scale, width: int) -> str:
    if row.words is not None:
        return row.words(track.now)
    return sparkline(_history(track, row)[-4 * width :], width, scale.tops[row.label])


def _latency_bars(
    latency: Histogram, scale: _Scale, width: int, style: str
) -> list[RenderableType]:
    shares = columns(latency, scale.low_s, scale.high_s, width)
    lines = bars(shares, BAR_LINES, max(shares))
    drawn: list[RenderableType] = [Text(line, style=style, no_wrap=True) for line in lines]
    return [*drawn, Text(axis(scale.low_s, scale.high_s, width), style="dim", no_wrap=True)]
