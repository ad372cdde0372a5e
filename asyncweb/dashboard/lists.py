"""What a server tells in words: its slowest routes, its last errors, what fills its memory.

Rule: a line each, the one that matters most first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from rich.text import Text

from asyncweb.dashboard.box import Line, printable
from asyncweb.drawing import units
from asyncweb.metrics.snapshot import Track

VALUE_WIDTH = 10
Unit = Callable[[float | None], str]


def route_lines(track: Track, lines: int) -> list[Line]:
    """The routes with the largest p99, and that."""
    return _figures("slowest, p99 of the run", track.now.routes, units.seconds, lines)


def heap_lines(track: Track, lines: int) -> list[Line]:
    """What Python's objects take, by kind, or how to know."""
    if lines and not track.now.heap:
        return [[Text("Python objects: give it observer=Recorder(heap=True)", style="dim")]]
    return _figures("Python objects", track.now.heap, units.memory, lines)


def failure_lines(track: Track, lines: int) -> list[Line]:
    """The last errors of handlers, the latest first."""
    latest = list(reversed(track.now.failures))
    return _headed("last errors", [[Text(printable(failure))] for failure in latest], lines)


def _figures(heading: str, told: Mapping[str, float | None], unit: Unit, lines: int) -> list[Line]:
    drawn = [
        [Text(unit(value).rjust(VALUE_WIDTH), "bold"), Text(f" {printable(name)}")]
        for name, value in told.items()
    ]
    return _headed(heading, drawn, lines)


def _headed(heading: str, drawn: Sequence[Line], lines: int) -> list[Line]:
    return [[Text(heading, style="dim")], *drawn][:lines] if drawn else []
