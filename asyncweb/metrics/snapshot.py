"""What the live view shows: one server at one moment, and the moments before it.

Rule: plain values only. Whoever measures fills them in; whoever draws reads them.
A value that could not be measured is None, never a guess.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from asyncweb.metrics.histogram import Histogram
from asyncweb.metrics.turn import Turn


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One server at one moment: latency as the client saw it, cost as the machine saw it."""

    at_s: float  # since the run began
    requests: int = 0  # answered since the run began
    throughput_rps: float | None = None  # over the interval that ends here; None: not loaded now
    latency: Histogram = field(default_factory=Histogram)  # seconds, of the current step so far
    latency_s: Mapping[str, float | None] = field(default_factory=dict)  # its p50, p90, p99, max
    # Of an open loop the same from the send; `latency_s` counts from when a request was due.
    service_s: Mapping[str, float | None] = field(default_factory=dict)
    is_warm_up: bool = False  # then nothing of this moment counts
    waiting: int | None = None  # of an open loop: requests that are due and not sent yet
    dropped: int | None = None  # of an open loop: requests that were due and never sent
    errors: Mapping[str, int] = field(default_factory=dict)  # by kind, since the run began
    connections: int | None = None  # open on the server
    in_flight: int | None = None  # requests begun and not yet answered
    rss_bytes: int | None = None
    uss_bytes: int | None = None
    bytes_per_connection: float | None = None
    threads: int | None = None
    cpu_percent: float | None = None  # of one core
    loop_lag_s: float | None = None  # the largest of the interval; None on a thread server
    queued: int | None = None  # clients that have asked and wait for a thread of the pool
    gc_pause_s: float | None = None  # the longest collection of the interval; None: there was none
    block: str = ""  # the last thing that held up the event loop in this interval, in words


@dataclass(frozen=True, slots=True)
class Track:
    """One server's moments, oldest first; the last one is now."""

    name: str  # as the class calls it: "async", "threads"
    engine: str  # "async", "threads" or "url"
    snapshots: tuple[Snapshot, ...] = ()

    @property
    def now(self) -> Snapshot:
        """The latest moment; an empty one before the first."""
        return self.snapshots[-1] if self.snapshots else Snapshot(at_s=0.0)


@dataclass(frozen=True, slots=True)
class Mark:
    """A labelled line on the time axis."""

    at_s: float  # since the run began
    label: str  # "here we add 1,000 clients"


@dataclass(frozen=True, slots=True)
class Frame:
    """All that one picture of the live view needs."""

    title: str  # "GET /users/1, 250 connections"
    tracks: tuple[Track, ...]
    note: str = ""  # one line below: what is happening now
    turn: Turn | None = None  # the load that is going on, where the view is of a load
    marks: tuple[Mark, ...] = ()  # the oldest first
