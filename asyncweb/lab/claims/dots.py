"""Bands of several systems on one axis, as SVG: a row for each, a dot at each median.

Rule: form tells as much as colour, and what is drawn is also said in words; the colours are the
page's, which knows whether it is light or dark.
"""

from __future__ import annotations

import html
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from asyncweb.lab.claims.costs import digits
from asyncweb.lab.claims.figures import Band
from asyncweb.lab.claims.names import OURS

WIDTH, MARGIN, RIGHT = 900, 220, 30
ABOVE, AXIS, LANE, GAP = 8, 44, 9, 12
ROOM = 70  # that a number on the axis takes
SHAPES = ("circle", "square", "diamond", "triangle")
_STEPS = (1, 2, 5)


@dataclass(frozen=True)
class Series:
    """What is drawn with one mark: bands by system."""

    label: str
    bands: Mapping[str, Band]


@dataclass(frozen=True)
class Axis:
    """From `least` to `most`, each power of ten as long as the next.

    >>> Axis(10, 1000).place(100)
    0.5
    >>> Axis(3, 70).ticks()
    [5, 10, 20, 50]
    """

    least: float
    most: float

    @classmethod
    def around(cls, bands: Sequence[Band]) -> Axis:
        """One on which all of them have their place, with some room on both sides."""
        reached = [value for band in bands for value in (band.least, band.most)]
        values = [value for value in reached if 0 < value < math.inf]
        return cls(min(values, default=1) / 1.25, max(values, default=10) * 1.25)

    def place(self, value: float) -> float:
        """Where it is, from 0 to 1; what is beyond an end of the axis is at that end.

        >>> Axis(10, 1000).place(0), Axis(10, 1000).place(math.inf)
        (0.0, 1.0)
        """
        inside = min(max(value, self.least), self.most)
        return math.log(inside / self.least) / math.log(self.most / self.least)

    def ticks(self) -> list[float]:
        """Round numbers that stand on it, none too close to the one before."""
        powers = range(math.floor(math.log10(self.least)), math.ceil(math.log10(self.most)) + 1)
        round_ones = [step * 10**power for power in powers for step in _STEPS]
        inside = [value for value in round_ones if self.least <= value <= self.most]
        length = (WIDTH - MARGIN - RIGHT) / max(len(inside), 1)
        tens = [value for value in inside if math.log10(value) == round(math.log10(value))]
        return tens if length < ROOM else inside


def drawn(title: str, unit: str, series: Sequence[Series], systems: Sequence[str]) -> str:
    """The picture, as an SVG element that stands in a page."""
    axis = Axis.around([band for one in series for band in one.bands.values()])
    row = GAP + LANE * len(series)
    below = ABOVE + row * len(systems)
    height = below + AXIS
    parts = [
        f'<svg viewBox="0 0 {WIDTH} {height}" role="img" '
        f'aria-label="{html.escape(_spoken(title, unit, series, systems))}">',
        *_axis(axis, below, unit),
    ]
    for number, system in enumerate(systems):
        parts += _row(system, series, axis, ABOVE + row * number)
    return "\n".join([*parts, "</svg>"])


def mark(number: int, x: float, y: float) -> str:
    """The mark of the series with that number."""
    kind = f'class="mark tone{number % len(SHAPES)}"'
    shape = SHAPES[number % len(SHAPES)]
    if shape == "circle":
        return f'<circle {kind} cx="{x:.1f}" cy="{y:.1f}" r="4.5"/>'
    points = {
        "square": ((-4, -4), (4, -4), (4, 4), (-4, 4)),
        "diamond": ((0, -5.5), (5.5, 0), (0, 5.5), (-5.5, 0)),
        "triangle": ((0, -5), (5, 4), (-5, 4)),
    }[shape]
    placed = " ".join(f"{x + right:.1f},{y + down:.1f}" for right, down in points)
    return f'<polygon {kind} points="{placed}"/>'


def legend(labels: Sequence[str]) -> str:
    """What each mark stands for; nothing where there is only one."""
    if len(labels) < 2:
        return ""
    entries = (
        f'<li><svg viewBox="0 0 14 14" width="14" height="14" aria-hidden="true">'
        f"{mark(number, 7, 7)}</svg> {html.escape(label)}</li>"
        for number, label in enumerate(labels)
    )
    return f'<ul class="legend">{"".join(entries)}</ul>'


def _axis(axis: Axis, below: float, unit: str) -> Iterator[str]:
    for value in axis.ticks():
        x = _x(axis, value)
        yield f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="{ABOVE}" y2="{below}"/>'
        yield f'<text class="tick" x="{x:.1f}" y="{below + 16}">{_round(value)}</text>'
    middle = (MARGIN + WIDTH - RIGHT) / 2
    yield f'<text class="tick" x="{middle}" y="{below + 34}">{html.escape(unit)}</text>'


def _row(system: str, series: Sequence[Series], axis: Axis, top: float) -> Iterator[str]:
    height = GAP + LANE * len(series)
    middle = top + height / 2
    is_ours = " ours" if system in OURS else ""
    yield f'<line class="grid" x1="0" x2="{WIDTH}" y1="{top:.1f}" y2="{top:.1f}"/>'
    yield (
        f'<text class="name{is_ours}" x="{MARGIN - 12}" y="{middle + 4.5:.1f}">'
        f"{html.escape(system)}</text>"
    )
    for number, one in enumerate(series):
        band = one.bands.get(system)
        if band:
            yield from _band(band, number, axis, top + GAP / 2 + LANE * (number + 0.5))
    if not any(system in one.bands for one in series):
        yield f'<text class="none" x="{MARGIN}" y="{middle + 4.5:.1f}">not measured</text>'


def _band(band: Band, number: int, axis: Axis, y: float) -> Iterator[str]:
    left, right = _x(axis, band.least), _x(axis, band.most)
    yield (
        f'<line class="band tone{number % len(SHAPES)}" x1="{left:.1f}" x2="{right:.1f}" '
        f'y1="{y:.1f}" y2="{y:.1f}"/>'
    )
    yield mark(number, _x(axis, band.median), y)


def _x(axis: Axis, value: float) -> float:
    return MARGIN + (WIDTH - MARGIN - RIGHT) * axis.place(value)


def _round(value: float) -> str:
    return f"{value:,.0f}" if value >= 1 else f"{value:g}"


def _spoken(title: str, unit: str, series: Sequence[Series], systems: Sequence[str]) -> str:
    told = []
    for one in series:
        values = [
            f"{system} {digits(one.bands[system].median)}"
            for system in sorted(systems, key=lambda name: _median(one.bands.get(name)))
            if system in one.bands
        ]
        told.append(f"{one.label}: {', '.join(values) or 'not measured'}")
    return f"{title}, in {unit}, the least first. {'. '.join(told)}."


def _median(band: Band | None) -> float:
    return band.median if band else math.inf
