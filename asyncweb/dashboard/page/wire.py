"""A frame as it goes to the page: plain values for JSON, a few kilobytes.

Rule: a pure function. What is on one scale, what is said and what is left out is decided here;
the page's script only draws.

What is sent; all moments are in seconds since the run began:

- `title`, `note`, `verdict`: text, and `says` a list of it: how two servers differ
- `over`: whether nothing more will come
- `load`: None, or how far it is: `words`, a `bar`, and `doubts` about the generator itself
- `from_s`, `to_s`: the time axis of all lines; `gap_s`: further apart, a line is broken
- `servers`: each with `name`, `kind`, `tone` (0 to 3), `is_loaded`, `at_s` of its points,
  `warm` ([from, to] of what does not count), and `block`: what held up its event loop last
- `rows`: each with `label`, `peak` (the largest value of all servers, their common scale, in
  words), and of each server its `texts` and its `lines`: thousandths of the peak, or None, a point
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from statistics import median
from typing import Any, TypeAlias

from asyncweb.dashboard.cause import causes
from asyncweb.dashboard.difference import differences
from asyncweb.dashboard.load_lines import bar, phase, suspicions, turns
from asyncweb.dashboard.panels import USUAL
from asyncweb.dashboard.rows import Row, rows_of
from asyncweb.dashboard.view import KINDS
from asyncweb.metrics.snapshot import Frame, Snapshot, Track
from asyncweb.metrics.turn import Turn

POINTS = 100  # of a line; more cannot be told apart on a phone
LEAST_GAP_S, MISSED = 1.0, 3  # a line is broken after so long, and so many moments, without news
LEFT_OUT = {  # so that the rest is large on a projector
    "p90", "p99.9", "max", "at server", "USS", "VMS", "per conn.", "GC pause",
}  # fmt: skip
NAMES = {
    "requests": "requests answered",
    "p50": "half within (p50)",
    "p99": "99 % within (p99)",
    "in flight": "in flight / open",
    "RSS": "memory (RSS)",
    "loop lag": "event-loop lag",
    "CPU": "CPU of one core",
}
TONES = {"async": 0, "threads": 1}  # the same engine in the same colour, as in the terminal
TONES_KNOWN = 4
Moments: TypeAlias = Sequence[Sequence[Snapshot]]


def wired(frame: Frame, verdict: str = "", is_over: bool = False) -> dict[str, Any]:
    """`frame` as the page reads it, by the names above.

    >>> moments = [Snapshot(at_s=at, throughput_rps=100.0 * at) for at in (1, 2)]
    >>> sent = wired(Frame("one", (Track("fast", "async", tuple(moments)),)))
    >>> row = sent["rows"][0]
    >>> row["label"], row["texts"], row["lines"], row["peak"], sent["to_s"]
    ('requests answered', ['200/s'], [[500, 1000]], '200/s', 2)
    """
    tracks = frame.tracks
    ends = [moment.at_s for track in tracks for moment in track.snapshots]
    from_s, to_s = min(ends, default=0.0), max(ends, default=0.0)
    step_s = (to_s - from_s) / POINTS
    points = [_points(track.snapshots, from_s, step_s) for track in tracks]
    has_ended = frame.turn is not None and frame.turn.has_ended
    rows = rows_of(tracks, frame.show or USUAL, frame.turn is not None) if tracks else []
    return {
        "title": frame.title,
        "note": frame.note,
        "says": [] if has_ended or verdict else _said(frame),
        "verdict": verdict,
        "over": is_over,
        "load": None if frame.turn is None else _load(frame.turn),
        "from_s": _short(from_s),
        "to_s": _short(to_s),
        "gap_s": _short(max(LEAST_GAP_S, MISSED * max(step_s, _pace_s(tracks)))),
        "servers": [
            _server(track, tone, moments, _target(frame))
            for track, tone, moments in zip(tracks, _tones(tracks), points, strict=True)
        ],
        "rows": [_row(row, tracks, points) for row in rows if row.label not in LEFT_OUT],
    }


def _said(frame: Frame) -> list[str]:
    return [*(f"{name} {trouble}" for name, trouble in causes(frame)), *differences(frame)]


def _target(frame: Frame) -> str:
    return "" if frame.turn is None or frame.turn.has_ended else frame.turn.target


def _load(turn: Turn) -> dict[str, Any]:
    words = [text for text in (turns(turn), *phase(turn)) if text]
    doubts = [text for text, is_bad in suspicions(turn.generator) if is_bad]
    return {"words": words, "bar": bar(turn), "doubts": doubts}


def _server(
    track: Track, tone: int, points: Sequence[Sequence[Snapshot]], target: str
) -> dict[str, Any]:
    last_block = next((moment for moment in reversed(track.snapshots) if moment.block), None)
    return {
        "name": track.name,
        "kind": KINDS.get(track.engine, ""),
        "tone": tone,
        "is_loaded": track.name == target,
        "at_s": [_short(moments[-1].at_s) for moments in points],
        "warm": [[_short(start), _short(end)] for start, end in _warm_ups(track.snapshots)],
        "block": f"at {last_block.at_s:.1f} s {last_block.block}" if last_block else "",
    }


def _row(row: Row, tracks: Sequence[Track], points: Sequence[Moments]) -> dict[str, Any]:
    value = row.value
    known = [
        (number, moment)
        for track in tracks
        for moment in track.snapshots
        if value is not None and (number := value(moment)) is not None
    ]
    top, at_top = max(known, key=lambda pair: pair[0], default=(0.0, None))
    return {
        "label": NAMES.get(row.label, row.label),
        "texts": [_text(row, track.now) for track in tracks],
        "lines": [] if value is None else [_line(value, top, moments) for moments in points],
        "peak": row.text(at_top) if at_top else "",
    }


def _text(row: Row, moment: Snapshot) -> str:
    words = row.words(moment) if row.words else ""
    return f"{row.text(moment)} ({words})" if words else row.text(moment)


def _line(
    value: Callable[[Snapshot], float | None], top: float, points: Moments
) -> list[int | None]:
    """The largest value of each point: a stall between two others must not vanish."""
    line: list[int | None] = []
    for moments in points:
        known = [number for moment in moments if (number := value(moment)) is not None]
        line.append(round(1000 * max(known) / (top or 1)) if known else None)
    return line


def _pace_s(tracks: Sequence[Track]) -> float:
    """How far apart two moments usually are."""
    moments = [[moment.at_s for moment in track.snapshots] for track in tracks]
    steps = [after - before for each in moments for before, after in pairwise(each)]
    return median(steps) if steps else 0.0


def _points(snapshots: Sequence[Snapshot], from_s: float, step_s: float) -> Moments:
    """`snapshots` by the point of the common time axis that they share."""
    shared: dict[int, list[Snapshot]] = {}
    for moment in snapshots:
        shared.setdefault(int((moment.at_s - from_s) / step_s) if step_s else 0, []).append(moment)
    return list(shared.values())


def _warm_ups(snapshots: Sequence[Snapshot]) -> Iterator[tuple[float, float]]:
    start: float | None = None
    for moment in snapshots:
        if moment.is_warm_up and start is None:
            start = moment.at_s
        elif not moment.is_warm_up and start is not None:
            yield start, moment.at_s
            start = None
    if start is not None:
        yield start, snapshots[-1].at_s


def _tones(tracks: Sequence[Track]) -> list[int]:
    """A tone for each track: its engine's, unless another has that already."""
    tones: list[int] = []
    for place, track in enumerate(tracks):
        free = [tone for tone in range(TONES_KNOWN) if tone not in tones]
        own = TONES.get(track.engine)
        tones.append(own if own in free else (free or [place % TONES_KNOWN])[0])
    return tones


def _short(value: float) -> float:
    """A moment to the hundredth of a second, however long the run is, in half of the bytes."""
    rounded = round(value, 2)
    return int(rounded) if rounded == int(rounded) else rounded
