"""What a load test found.

Rule: only whole answers count as requests. What was not measured is not told, and what the load
generator spoiled by itself is said.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import takewhile
from os import PathLike
from typing import TYPE_CHECKING, Any

from asyncweb.loadtest import exports, limits, merging
from asyncweb.loadtest.percentiles import Percentile, percentiles
from asyncweb.loadtest.second import Second
from asyncweb.metrics.histogram import Histogram, summary

if TYPE_CHECKING:
    from rich.console import RenderableType

    from asyncweb.loadtest.plot import Plot

FAILED_ANSWERS = ("4xx", "5xx")  # errors that are whole answers all the same


@dataclass(frozen=True, slots=True)
class Result:
    """What a load test found. Latency counts from when a request was due, which in a closed loop is
    its send, to the last byte of its answer.

    An answer of 4xx or 5xx is a request and an error both; the other kinds of error got no whole
    answer and are no requests: connect, timeout, reset, protocol (what came is not HTTP, or no
    message), tls, certificate, upgrade (the server wants no WebSocket), closed (it said goodbye
    instead of answering), "own files" and "own ports".

    >>> result = Result("http://127.0.0.1:8000/", 2, 1.0, 3, 0, Histogram([0.1, 0.2, 0.3]))
    >>> result.throughput_rps, result.latency_s["max"], result.to_dict()["limited_by"]
    (3.0, 0.3, 'server')
    >>> result.limited_by, result.explain().split(". ")[0]
    ('server', 'the server: all 2 connections were waiting for it')
    >>> [(found.name, found.beyond) for found in result.percentiles][:2]
    [('p50', 1), ('p75', 0)]
    >>> result.lost, result.due, result.is_open
    (0, 3, False)
    >>> gone = Second(1, 7, Histogram())  # seven errors and no answer
    >>> from dataclasses import replace
    >>> replace(result, seconds=(Second(0, 0, result.latency), gone, gone)).silent_from_s
    1
    >>> still = replace(gone, errors=0)
    >>> hung = replace(result, seconds=(Second(0, 0, result.latency), still, still), unanswered=2)
    >>> hung.silent_from_s, replace(hung, unanswered=0).silent_from_s
    (1, None)
    >>> both = result + result
    >>> both == result.merge(result), both.connections, both.throughput_rps
    (True, 4, 6.0)
    """

    target: str
    connections: int
    duration_s: float  # until the planned end
    requests: int  # whole answers
    late: int  # of these, came after the planned end: in the latency, but not in the throughput
    latency: Histogram
    errors: Mapping[str, int] = field(default_factory=dict)
    busy_share: float = 1.0  # of all connections' time, waiting for the server: see `busy`
    client_cpu: float = 0.0  # of one core, the load generator's own; of the busiest of several
    client_lag_s: float = 0.0  # p99 of how late the generator's own loop was; of the latest
    stolen_share: float = 0.0  # of this machine's processors' time, that other machines took
    interrupted: bool = False
    service: Histogram = field(default_factory=Histogram)  # as latency, but from the send
    slips: Histogram = field(default_factory=Histogram)  # seconds that we were late with a request
    connects: Histogram = field(default_factory=Histogram)  # seconds until a connection was made
    dropped: int = 0  # requests that were due and never sent
    unanswered: int = 0  # still waited for when the load was over; no errors, as some are slow
    unasked: int = 0  # messages of a WebSocket that came while none was waited for
    sent_bytes: int = 0
    received_bytes: int = 0
    seconds: tuple[Second, ...] = ()  # what happened in each whole second
    schedule: str = ""  # of an open loop, in words; empty for a closed one
    think_s: float = 0.0  # of a closed loop, between an answer and the next request
    warm_up_s: float = 0.0  # before `duration_s`; nothing of it is in any other figure
    warm_up_requests: int = 0  # whole answers in it
    warm_up: tuple[Second, ...] = ()  # its whole seconds, numbered from below up to -1

    @property
    def throughput_rps(self) -> float:
        """Whole answers per second."""
        return (self.requests - self.late) / self.duration_s if self.duration_s else 0.0

    @property
    def latency_s(self) -> dict[str, float | None]:
        """p50, p90, p99 and max in seconds; None when nothing was answered."""
        return summary(self.latency)

    @property
    def percentiles(self) -> tuple[Percentile, ...]:
        """p50 to p99.99 of the latency, how many samples lie beyond each, and its 95 % band."""
        return percentiles(self.latency)

    @property
    def is_open(self) -> bool:
        """Whether requests were sent when they were due, whatever had been answered."""
        return bool(self.schedule)

    @property
    def lost(self) -> int:
        """Errors that are no whole answers."""
        return sum(count for kind, count in self.errors.items() if kind not in FAILED_ANSWERS)

    @property
    def due(self) -> int:
        """All requests that were due: answered, failed without an answer, waited for, or unsent."""
        return self.requests + self.lost + self.unanswered + self.dropped

    @property
    def silent_from_s(self) -> int | None:
        """The second from which on no request was answered, up to the end; None if some were.

        Who waits at the end may wait for a slow answer: it is silence when requests failed in that
        time, or when it is over a second longer than any answer had taken.
        """
        silent = list(takewhile(lambda second: not second.requests, reversed(self.seconds)))
        has_failed = any(second.errors for second in silent)
        has_hung = self.unanswered > 0 and len(silent) > self.latency.max + 1.0
        return silent[-1].at_s if has_failed or has_hung else None

    @property
    def limited_by(self) -> str:
        """What kept the throughput from being higher, in a word.

        "server", "connections" (all busy while requests were due), "schedule" or "think time" (no
        more was asked for), "errors" (or silence: see `silent_from_s`) or "nothing was answered";
        or a part of the load generator: "client CPU", "client lag", "schedule slip", "ports",
        "files" or "client"; or "noise", when it differs from itself by more than identical servers
        do, or other machines took the CPU.
        """
        return limits.limited_by(self)

    def explain(self) -> str:
        """What limited the run and how far its figures can be trusted, in plain words.

        Several sentences, the last one without its full stop, so that it can be a part of one.
        """
        return ". ".join(limits.sentences(self))

    def merge(self, other: Result) -> Result:
        """The result of both, exactly, when two processes made one load at the same time.

        Also written `result + other`. Raises LoadError for results that do not belong together.
        """
        return merging.merged(self, other)

    def __add__(self, other: Result) -> Result:
        return self.merge(other) if isinstance(other, Result) else NotImplemented

    def to_dict(self) -> dict[str, Any]:
        """Plain values in seconds, for JSON."""
        return exports.to_dict(self)

    def to_ndjson(self) -> str:
        """A line of JSON for each second, then one for the whole.

        >>> result = Result("http://127.0.0.1/", 1, 1.0, 1, 0, Histogram([0.5]))
        >>> result.to_ndjson()[:54]
        '{"kind": "summary", "target": "http://127.0.0.1/", "co'
        """
        return exports.to_ndjson(self)

    def to_csv(self) -> str:
        """The seconds as a table, times in seconds.

        >>> Result("/", 1, 1.0, 1, 0, Histogram([0.5])).to_csv()
        'at_s,requests,errors,p50_s,p99_s,max_s\\n'
        """
        return exports.to_csv(self)

    def to_hgrm(self) -> str:
        """The latency in the percentile format of HdrHistogram, in milliseconds.

        >>> print(Result("/", 1, 1.0, 1, 0, Histogram([0.5])).to_hgrm().splitlines()[2])
             500.000 1.000000000000          1            inf
        """
        return exports.to_hgrm(self.latency)

    def write(self, path: str | PathLike[str]) -> None:
        """Writes itself to `path` as its suffix says: .json, .ndjson, .csv or .hgrm.

        Raises LoadError for any other suffix, OSError when the file cannot be written.

        >>> Result("/", 1, 1.0, 1, 0, Histogram([0.5])).write("result.xls")
        Traceback (most recent call last):
        asyncweb.errors.LoadError: result.xls: expected a name that ends in .json, .ndjson, ...
        """
        exports.write(self, path)

    def plot(self) -> Plot:
        """Latency by percentile and throughput over time, drawn by matplotlib.

        Raises LoadError when that is not installed.

        >>> from asyncweb.errors import LoadError
        >>> try:
        ...     figure = Result("/", 1, 1.0, 1, 0, Histogram([0.5])).plot().figure
        ... except LoadError:
        ...     pass  # it is not installed
        """
        from asyncweb.loadtest.plot import plot

        return plot(self)

    def __rich__(self) -> RenderableType:
        from asyncweb.loadtest.table import table

        return table(self)

    def _repr_mimebundle_(self, **wanted: Any) -> dict[str, str]:
        from asyncweb.drawing.picture import bundle
        from asyncweb.loadtest.plot import as_html

        drawn = as_html(self.plot) if self.requests else ""
        return bundle(self, drawn)
