"""How two servers differ, in words.

Rule: only what is plain to see is said; two values within a fifth of each other are called equal
by saying nothing. What identical servers have shown as well is said with that.
"""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

from asyncweb.drawing import units
from asyncweb.loadtest.noise import PAIR
from asyncweb.metrics.snapshot import Frame, Track

PLAIN = 1.2  # the least ratio worth a word
MEMORY_PLAIN = 2 * units.MIB
MANY_THREADS = 2  # the least ratio worth a word
AS_TWINS = " (so may twins)"  # of identical servers, in one look
RECENT = 10  # moments, two seconds; a single one says little


def differences(frame: Frame) -> list[str]:
    """A sentence about two servers that serve the same number of clients; else none."""
    if len(frame.tracks) != 2:
        return []
    one, other = frame.tracks
    if not one.now.connections or one.now.connections != other.now.connections:
        return []
    sentences = [
        _throughput(one, other),
        _latency(one, other),
        *_memory(one, other),
        _threads(one, other),
    ]
    said = [sentence for sentence in sentences if sentence]
    return ["; ".join(said)] if said else []


def _throughput(one: Track, other: Track) -> str:
    fast, slow = _in_order(one, other, _last_rate(one), _last_rate(other))
    ratio = _ratio(_last_rate(fast), _last_rate(slow))
    if ratio <= PLAIN:
        return ""
    told = f"{fast.name} answers {ratio:.1f} times as many requests"
    return told + AS_TWINS * (ratio <= PAIR["throughput"])


def _latency(one: Track, other: Track) -> str:
    late, early = _in_order(one, other, _p99(one), _p99(other))
    ratio = _ratio(_p99(late), _p99(early))
    if ratio <= PLAIN:
        return ""
    told = f"{late.name}: p99 of the run {ratio:.1f} times as late"
    return told + AS_TWINS * (ratio <= PAIR["p99"])


def _memory(one: Track, other: Track) -> Iterator[str]:
    for kind, name in (("", "rss_bytes"), (" virtual memory", "vms_bytes")):
        values = getattr(one.now, name), getattr(other.now, name)
        if None in values or abs(values[0] - values[1]) < MEMORY_PLAIN:
            continue
        large = one if values[0] > values[1] else other
        more = units.memory(abs(values[0] - values[1]))
        clients = units.count(large.now.connections)
        yield f"{large.name}: {more} more{kind} for the same {clients} clients"


def _threads(one: Track, other: Track) -> str:
    many, few = _in_order(one, other, one.now.threads, other.now.threads)
    more, than = many.now.threads, few.now.threads
    if not more or not than or more / than < MANY_THREADS:
        return ""
    return f"{many.name}: {units.count(more)} threads, {few.name} {units.count(than)}"


def _in_order(
    one: Track, other: Track, value: float | None, other_value: float | None
) -> tuple[Track, Track]:
    return (one, other) if (value or 0) >= (other_value or 0) else (other, one)


def _ratio(large: float | None, small: float | None) -> float:
    return large / small if large and small else 0.0


def _p99(track: Track) -> float | None:
    return track.now.latency_s.get("p99")


def _last_rate(track: Track) -> float | None:
    rates = [moment.throughput_rps for moment in track.snapshots[-RECENT:]]
    known = [rate for rate in rates if rate is not None]
    return median(known) if known else None
