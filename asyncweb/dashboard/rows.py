"""The lines of a panel: which figures of a server are shown, in which order.

Rule: what nobody in the view can have is not shown; what is only unknown is a dash.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import attrgetter

from asyncweb.drawing import units
from asyncweb.metrics.snapshot import Snapshot, Track

BY_ADDRESS = "url"  # the engine of a target of which no more is known; its machine may be another
ROOM = 10  # characters for a figure
Value = Callable[[Snapshot], float | None]


def _always(tracks: Sequence[Track]) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a panel: a figure, and beside it its history, or words."""

    panel: str
    label: str
    text: Callable[[Snapshot], str]
    value: Value | None = None
    words: Callable[[Snapshot], str] | None = None
    is_latency: bool = False  # then it is told over several times, from due and from send
    is_there: Callable[[Sequence[Track]], bool] = _always


def is_open(tracks: Sequence[Track]) -> bool:
    """Whether requests are sent when they are due, so that there are two latencies."""
    return any(track.now.service_s for track in tracks)


def has_machine(tracks: Sequence[Track]) -> bool:
    """Whether there is a server here whose process can be looked at, or will be."""
    if any(track.now.rss_bytes for track in tracks):
        return True
    return any(track.engine != BY_ADDRESS for track in tracks)


def _ever(value: Value, least: float = 0.0) -> Callable[[Sequence[Track]], bool]:
    def is_there(tracks: Sequence[Track]) -> bool:
        values = (value(moment) for track in tracks for moment in track.snapshots)
        return any(one is not None and one >= least for one in values)

    return is_there


def _tells(name: str) -> Value:
    """The latency `name` of the last seconds, or of the whole run where nothing else is known."""

    def value(moment: Snapshot) -> float | None:
        return (moment.recent_s or moment.latency_s).get(name)

    return value


def _latency(name: str) -> Row:
    tells = _tells(name)
    is_there = _ever(tells) if name == "p99.9" else _always
    return Row("latency", name, lambda s: units.seconds(tells(s)), tells, None, True, is_there)


def _machine(panel: str, label: str, name: str, unit: Callable[[float | None], str]) -> Row:
    value: Value = attrgetter(name)
    return Row(panel, label, lambda s: unit(value(s)), value, is_there=has_machine)


def _ratio(part: int | None, whole: int | None) -> str:
    told = f"{units.count(part)}/{units.count(whole)}"
    return told if len(told) <= ROOM else f"{units.short(part)}/{units.short(whole)}"


def _count(value: float | None) -> str:
    number = None if value is None else int(value)
    told = units.count(number)
    return told if len(told) <= ROOM else units.short(number)


ROWS = (
    Row("requests", "requests", lambda s: units.rate(s.throughput_rps),
        lambda s: s.throughput_rps),
    *map(_latency, ("p50", "p90", "p99", "p99.9", "max")),
    Row("requests", "in flight", lambda s: _ratio(s.in_flight, s.connections),
        lambda s: s.in_flight),
    Row("requests", "at server", lambda s: _ratio(s.server_in_flight, s.server_connections),
        lambda s: s.server_in_flight, is_there=_ever(lambda s: s.server_in_flight)),
    Row("requests", "queued", lambda s: _count(s.queued), lambda s: s.queued,
        is_there=_ever(lambda s: s.queued, least=1)),
    Row("requests", "waiting", lambda s: _count(s.waiting), lambda s: s.waiting,
        is_there=is_open),
    Row("requests", "dropped", lambda s: _count(s.dropped), is_there=is_open),
    Row("errors", "errors", lambda s: _count(sum(s.errors.values())),
        words=lambda s: units.errors(s.errors) if s.errors else ""),
    _machine("memory", "RSS", "rss_bytes", units.memory),
    _machine("memory", "USS", "uss_bytes", units.memory),
    Row("memory", "VMS", lambda s: units.memory(s.vms_bytes), lambda s: s.vms_bytes,
        is_there=_ever(lambda s: s.vms_bytes)),
    Row("memory", "per conn.", lambda s: units.memory(s.bytes_per_connection),
        is_there=has_machine),
    _machine("threads", "threads", "threads", _count),
    _machine("loop", "loop lag", "loop_lag_s", units.seconds),
    Row("loop", "GC pause", lambda s: units.seconds(s.gc_pause_s), lambda s: s.gc_pause_s,
        is_there=_ever(lambda s: s.gc_pause_s)),
    _machine("cpu", "CPU", "cpu_percent", units.percent),
)  # fmt: skip


def rows_of(tracks: Sequence[Track], show: Sequence[str], only_measured: bool = False) -> list[Row]:
    """The rows of the panels in `show` that suit `tracks`.

    With `only_measured`, those of the machine are left out while nobody has measured them.
    """
    is_measured = not only_measured or any(track.now.rss_bytes for track in tracks)
    return [
        row
        for row in ROWS
        if row.panel in show
        and row.is_there(tracks)
        and (is_measured or row.is_there is not has_machine)
    ]


def levels(cells: Sequence[Sequence[Snapshot]], row: Row) -> list[float | None]:
    """The largest value of `row` in each of the `cells` of a time axis, so that no peak is lost."""
    value = row.value
    if value is None:
        return [None] * len(cells)
    return [value(cell[0]) if len(cell) == 1 else _largest(value, cell) for cell in cells]


def _largest(value: Value, cell: Sequence[Snapshot]) -> float | None:
    """Of what is known; a plain loop, because it is gone through some thousand times a frame."""
    largest = None
    for moment in cell:
        figure = value(moment)
        if figure is not None and (largest is None or figure > largest):
            largest = figure
    return largest
