"""How the latencies of the run are spread: upright bars over a logarithmic axis.

Rule: one axis for all servers.
"""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text

from asyncweb.dashboard.box import Line
from asyncweb.drawing.sparkline import axis, bars, columns
from asyncweb.metrics.snapshot import Track


def ends(tracks: Sequence[Track]) -> tuple[float, float]:
    """Where the axis of all `tracks` begins and ends, in seconds."""
    latencies = [track.now.latency for track in tracks if track.now.latency.count]
    low_s = min((latency.min for latency in latencies), default=0.001)
    high_s = max((latency.max for latency in latencies), default=1.0)
    return max(low_s, 1e-6) / 1.5, max(high_s, 1e-6) * 1.5


def spread_lines(
    track: Track, axis_ends: tuple[float, float], lines: int, width: int, style: str
) -> list[Line]:
    """The bars of `track`, and the axis as the last of the `lines`."""
    if lines < 2:
        return []
    low_s, high_s = axis_ends
    shares = columns(track.now.latency, low_s, high_s, width)
    drawn = [[Text(line, style=style)] for line in bars(shares, lines - 1, max(shares))]
    return [*drawn, [Text(axis(low_s, high_s, width), style="dim")]]
