"""The lines of a panel: which figures of a server are shown, in which order, and which go first.

Rule: what nobody in the view can have is not shown; what is only unknown is a dash.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from asyncweb.drawing import units
from asyncweb.metrics.snapshot import Snapshot, Track

BY_ADDRESS = "url"  # the engine of a target of which no more is known; its machine may be another


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a panel: a figure, and beside it its history, or words."""

    label: str
    text: Callable[[Snapshot], str]
    value: Callable[[Snapshot], float | None] | None = None
    words: Callable[[Snapshot], str] | None = None
    sent: Callable[[Snapshot], str] | None = None  # the same from the send, of an open loop
    of: str = ""  # what has to be in the view: "" anything, "machine" or "open loop"


def _latency(name: str) -> Row:
    return Row(
        name,
        lambda moment: units.seconds(moment.latency_s.get(name)),
        lambda moment: moment.latency_s.get(name),
        sent=lambda moment: units.seconds(moment.service_s.get(name)),
    )


def _machine(
    label: str, text: Callable[[Snapshot], str], value: Callable[[Snapshot], float | None] | None
) -> Row:
    return Row(label, text, value, of="machine")


def _in_flight(moment: Snapshot) -> str:
    return f"{units.count(moment.in_flight)}/{units.count(moment.connections)}"


def _error_count(moment: Snapshot) -> str:
    return units.count(sum(moment.errors.values()))


ROWS = (
    Row("requests", lambda s: units.rate(s.throughput_rps), lambda s: s.throughput_rps),
    *map(_latency, ("p50", "p90", "p99", "max")),
    Row("in flight", _in_flight, lambda s: s.in_flight),
    Row("waiting", lambda s: units.count(s.waiting), lambda s: s.waiting, of="open loop"),
    Row("dropped", lambda s: units.count(s.dropped), of="open loop"),
    Row("errors", _error_count, words=lambda s: units.errors(s.errors) if s.errors else ""),
    _machine("RSS", lambda s: units.memory(s.rss_bytes), lambda s: s.rss_bytes),
    _machine("USS", lambda s: units.memory(s.uss_bytes), lambda s: s.uss_bytes),
    _machine("per conn.", lambda s: units.memory(s.bytes_per_connection), None),
    _machine("threads", lambda s: units.count(s.threads), lambda s: s.threads),
    _machine("loop lag", lambda s: units.seconds(s.loop_lag_s), lambda s: s.loop_lag_s),
    _machine("CPU", lambda s: units.percent(s.cpu_percent), lambda s: s.cpu_percent),
)
FIRST_TO_GO = (
    "USS", "max", "per conn.", "p90", "loop lag", "waiting", "threads", "RSS", "CPU", "in flight",
)  # fmt: skip


def rows_of(
    tracks: Sequence[Track], room: int | None = None, only_measured: bool = False
) -> list[Row]:
    """The rows that suit `tracks`, as far as they fit on `room` lines; a few always stay.

    With `only_measured`, those of the machine are left out while nobody has measured them.
    """
    there = {""}
    if any(track.engine != BY_ADDRESS for track in tracks):
        there.add("machine")
    if only_measured and not any(track.now.rss_bytes for track in tracks):
        there.discard("machine")
    if is_open(tracks):
        there.add("open loop")
    rows = [row for row in ROWS if row.of in there]
    for label in FIRST_TO_GO:
        if room is None or len(rows) <= room:
            break
        rows = [row for row in rows if row.label != label]
    return rows


def is_open(tracks: Sequence[Track]) -> bool:
    """Whether requests are sent when they are due, so that there are two latencies."""
    return any(track.now.service_s for track in tracks)


def history(track: Track, row: Row) -> list[tuple[float, bool]]:
    """What is known of `row` at each moment, and whether that was in a warm-up."""
    if row.value is None:
        return []
    values = ((row.value(moment), moment.is_warm_up) for moment in track.snapshots)
    return [(value, is_warm_up) for value, is_warm_up in values if value is not None]
