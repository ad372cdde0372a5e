"""The panels of the live view by name, which of them are shown, and which go first.

Rule: a panel is one idea. Rows of figures stand above the time axis, pictures and lists below it.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from asyncweb.dashboard.rows import Row, rows_of
from asyncweb.metrics.snapshot import Frame

PANELS = {
    "requests": "requests/s, in flight and connections, queued",
    "latency": "p50, p90, p99, p99.9 and max, of the last seconds and of the run",
    "errors": "errors by kind",
    "memory": "RSS, USS, VMS, memory per connection",
    "threads": "the number of threads",
    "cpu": "CPU",
    "loop": "event-loop lag, pauses of the garbage collector",
    "heat": "how late answers came, over time",
    "failures": "the last errors of handlers",
    "routes": "the slowest routes",
    "heap": "what Python's objects take, by kind, of a server with Recorder(heap=True)",
    "histogram": "how the latencies of the run are spread",
}
USUAL = tuple(name for name in PANELS if name != "heap")
LINES = {"heat": 6, "failures": 4, "routes": 4, "heap": 8, "histogram": 4}  # at most
LEAST_LINES = {"heat": 4, "failures": 2, "routes": 2, "heap": 3, "histogram": 2}
FIRST_TO_GO = (
    "routes", "VMS", "USS", "p99.9", "histogram", "failures", "at server", "max", "per conn.",
    "p90", "GC pause", "heat", "heap", "loop lag", "waiting", "threads", "RSS", "CPU", "queued",
    "in flight",
)  # fmt: skip


def chosen(show: Sequence[str]) -> tuple[str, ...]:
    """The panels named in `show`. Raises ValueError for one that there is not.

    >>> chosen(["latency", "heat"])
    ('latency', 'heat')
    >>> chosen(["heatmap"])
    Traceback (most recent call last):
        ...
    ValueError: no panel 'heatmap', did you mean 'heat'? There are: requests, latency, errors, \
memory, threads, cpu, loop, heat, failures, routes, heap, histogram
    """
    if isinstance(show, str):
        raise ValueError(f"show={show!r}: expected a list of names, show=[{show!r}]")
    for name in show:
        if name not in PANELS:
            near = difflib.get_close_matches(str(name), PANELS, 1)
            hint = f", did you mean {near[0]!r}?" if near else "."
            raise ValueError(f"no panel {name!r}{hint} There are: {', '.join(PANELS)}")
    return tuple(dict.fromkeys(show))


@dataclass(frozen=True, slots=True)
class Layout:
    """What fits: the rows, and how many lines each picture and list has."""

    rows: Sequence[Row]
    lines: dict[str, int]

    @classmethod
    def of(cls, frame: Frame, rows: Sequence[Row], room: int | None) -> Self:
        """What of `rows`, and of the other panels of `frame`, fits in `room` lines."""
        show = frame.show or USUAL
        lines = {name: LINES[name] for name in show if name in LINES and has(frame, name)}
        if room is None:
            return cls(rows, lines)
        gone = _gone({**dict.fromkeys((row.label for row in rows), 1), **_least(lines)}, room)
        rows = [row for row in rows if row.label not in gone]
        least = {name: number for name, number in _least(lines).items() if name not in gone}
        left = room - len(rows) - sum(least.values())
        for name in least:
            more = max(min(LINES[name] - least[name], left), 0)
            least[name] += more
            left -= more
        return cls(rows, least)


def _least(lines: Iterable[str]) -> dict[str, int]:
    return {name: LEAST_LINES[name] for name in lines}


def _gone(needs: Mapping[str, int], room: int) -> set[str]:
    """Which of the names in `needs`, with the lines each takes, have to go to make it fit."""
    over = sum(needs.values()) - room
    gone: list[str] = []
    for name in FIRST_TO_GO:
        if over > 0 and name in needs:
            gone.append(name)
            over -= needs[name]
    for name in reversed(gone):  # the last to go may have left more room than was lacking
        if over + needs[name] <= 0:
            gone.remove(name)
            over += needs[name]
    return set(gone)


def wanted(frame: Frame) -> list[Row]:
    """The rows of the panels of `frame`."""
    return rows_of(frame.tracks, frame.show or USUAL, only_measured=frame.turn is not None)


def has(frame: Frame, name: str) -> bool:
    """Whether any server of `frame` has something for the picture or the list `name`."""
    nows = [track.now for track in frame.tracks]
    if name == "heat":
        return any(moment.heat for track in frame.tracks for moment in track.snapshots)
    if name in ("histogram", "heap"):
        return True  # an axis, or what to do, stands there from the beginning
    return any(getattr(moment, name) for moment in nows)
