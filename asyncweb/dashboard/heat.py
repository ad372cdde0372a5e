"""How late answers came, over time: a column a moment, a line a band of latency.

Rule: a shade is a share of the answers of its own moment, so that a slow second of few answers is
seen as well as one of many.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise

from rich.text import Text

from asyncweb.dashboard.box import Line
from asyncweb.drawing import units
from asyncweb.metrics.recent import BAND_ENDS_S
from asyncweb.metrics.snapshot import Snapshot, Track

SHADES = "·░▒▓█"
SHADE_FROM = (0.0, 0.02, 0.1, 0.3, 0.6)  # shares; even one answer of thousands is a dot


def used_bands(tracks: Sequence[Track]) -> range:
    """The bands of latency in which any of `tracks` has answers."""
    by_band = zip(*_all_heat(tracks), strict=True)
    used = [place for place, counts in enumerate(by_band) if any(counts)]
    return range(used[0], used[-1] + 1) if used else range(0)


def heat_lines(
    cells: Sequence[Sequence[Snapshot]], bands: range, lines: int, margin: int, style: str
) -> list[Line]:
    """The map of the `cells` of a time axis in at most so many `lines`, right of a `margin`.

    The slowest are above.
    """
    columns = _columns(cells)
    totals = [sum(column) for column in columns]
    drawn: list[Line] = []
    for start, end in reversed(_groups(bands, lines)):
        shades = "".join(
            _shade(sum(column[start:end]) / total) if total else " "
            for column, total in zip(columns, totals, strict=True)
        )
        label = f"to {units.seconds(BAND_ENDS_S[end - 1])}" if end <= len(BAND_ENDS_S) else "more"
        drawn.append([Text(label[:margin].ljust(margin), "dim"), Text(shades, style)])
    return drawn


def _all_heat(tracks: Sequence[Track]) -> list[tuple[int, ...]]:
    return [moment.heat for track in tracks for moment in track.snapshots if moment.heat]


def _columns(cells: Sequence[Sequence[Snapshot]]) -> list[list[int]]:
    """The answers of each column by band; an empty list where there are none."""
    return [
        list(map(sum, zip(*(moment.heat for moment in cell if moment.heat), strict=True)))
        for cell in cells
    ]


def _groups(bands: range, lines: int) -> list[tuple[int, int]]:
    """`bands` in at most so many groups of neighbours: (start, end), the fastest first."""
    number = max(min(lines, len(bands)), 1)
    edges = [bands.start + round(place * len(bands) / number) for place in range(number + 1)]
    return list(pairwise(edges)) if bands else []


def _shade(share: float) -> str:
    if not share:
        return " "
    return SHADES[bisect_right(SHADE_FROM, share) - 1]
