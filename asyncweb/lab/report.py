"""What a measurement found: per server, and side by side, as values, as a table and in words.

Rule: every sentence is computed from the figures beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from asyncweb.errors import LoadError
from asyncweb.lab.shown import Shown
from asyncweb.loadtest.result import FAILED_ANSWERS, Result
from asyncweb.loadtest.rounds import Rounds
from asyncweb.metrics.histogram import Histogram

if TYPE_CHECKING:
    from rich.console import RenderableType

    from asyncweb.loadtest.plot import Plot


SERVER_BUSY = 85.0  # percent of a core


class _ShownOnce(Shown):
    """As the last line of a cell it is not shown again below the live view that ended with it."""

    def _repr_html_(self) -> str:
        return self._repr_mimebundle_()["text/html"]

    def _ipython_display_(self) -> None:
        from asyncweb.dashboard.notebook import display_once

        display_once(self)


@dataclass(frozen=True, repr=False)
class Measured(_ShownOnce):
    """What one server did under one load, and what it cost. None is "not measured".

    >>> from asyncweb.loadtest.result import Result
    >>> result = Result("http://127.0.0.1:8000/", 2, 1.0, 3, 0, Histogram([0.1, 0.2, 0.3]))
    >>> measured = Measured("fast", "async", result.target, 2, Rounds([result]))
    >>> measured.requests, measured.successes, measured.throughput_rps, measured.errors
    (3, 3, 3.0, {})
    >>> measured.interrupted, measured.result is result
    (False, True)
    >>> measured.latency.count, measured.latency_s["max"], measured.to_dict()["rss_bytes"]
    (3, 0.3, None)
    >>> measured.limited_by, measured.explain()
    ('server', 'What limited fast: the server: all 2 connections were waiting for it. In ...')
    >>> try:
    ...     figure = measured.plot().figure
    ... except LoadError:
    ...     pass  # matplotlib is not installed
    """

    name: str
    engine: str  # "async", "threads" or "url"
    target: str
    connections: int
    rounds: Rounds
    rss_bytes: int | None = None  # resident, the most while all connections were open
    uss_bytes: int | None = None  # of that, what no other process shares
    bytes_per_connection: float | None = None  # resident, as a slope from no connection on
    threads_peak: int | None = None
    loop_lag_s: Mapping[str, float] | None = None  # {"p99"}, None without an event loop
    cpu_percent: float | None = None  # of one core, the server's median

    @property
    def result(self) -> Result:
        """All that a load found: its percentiles, seconds, files and plot.

        Raises LoadError for a race, which has several rounds: see `rounds.results`.
        """
        if len(self.rounds.results) != 1:
            raise LoadError(f"{self.name} has several results; take one of rounds.results")
        return self.rounds.results[0]

    @property
    def requests(self) -> int:
        """Whole answers."""
        return self.rounds.requests

    @property
    def errors(self) -> dict[str, int]:
        """Errors by kind: connect, timeout, reset, protocol, 4xx, 5xx."""
        return self.rounds.errors

    @property
    def successes(self) -> int:
        """Whole answers that were neither 4xx nor 5xx."""
        return self.requests - sum(self.errors.get(kind, 0) for kind in FAILED_ANSWERS)

    @property
    def throughput_rps(self) -> float:
        """Whole answers per second, the median of the rounds."""
        return self.rounds.throughput_rps

    @property
    def latency_s(self) -> dict[str, float | None]:
        """p50, p90, p99 and max in seconds; the median of the rounds."""
        return self.rounds.latency_s

    @property
    def latency(self) -> Histogram:
        """Every answer, in seconds."""
        return self.rounds.latency

    @property
    def limited_by(self) -> str:
        """What kept the throughput from being higher: "server", or a part of the generator."""
        if self.rounds.limited_by == "client lag" and (self.cpu_percent or 0) > SERVER_BUSY:
            return "server"  # it had nothing left to give; that we were late as well cost nothing
        return self.rounds.limited_by

    @property
    def interrupted(self) -> bool:
        """Whether Ctrl-C ended it early."""
        return any(result.interrupted for result in self.rounds.results)

    def explain(self) -> str:
        """What limited the run, in plain words."""
        return f"What limited {self.name}: {self.rounds.explain()}."

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON, in seconds and bytes."""
        return {
            "engine": self.engine,
            "requests": self.requests,
            "errors": self.errors,
            "throughput_rps": self.throughput_rps,
            "latency_s": self.latency_s,
            "rss_bytes": self.rss_bytes,
            "uss_bytes": self.uss_bytes,
            "bytes_per_connection": self.bytes_per_connection,
            "threads_peak": self.threads_peak,
            "loop_lag_s": dict(self.loop_lag_s) if self.loop_lag_s else None,
        }

    def __rich__(self) -> RenderableType:
        from rich.console import Group

        from asyncweb.lab.verdict import failures
        from asyncweb.loadtest.table import table

        said = [*filter(None, [failures([self])])]
        if len(self.rounds.results) != 1:
            return table_and_words([self], [*said, self.explain()])
        has_cost = self.rss_bytes is not None
        return Group(table(self.result), table_and_words([self] if has_cost else [], said))

    def plot(self) -> Plot:
        """Latency by percentile, and throughput over time or by rounds: see `Result.plot`."""
        from asyncweb.loadtest.plot import plot, plot_rounds

        if len(self.rounds.results) == 1:
            return plot(self.result)
        return plot_rounds({self.name: self.rounds})

    def _picture(self) -> Plot | None:
        return self.plot() if self.requests else None


@dataclass(frozen=True, repr=False)
class Report(_ShownOnce, Mapping[str, Measured]):
    """Several servers under the same load, by name: `report["async"].throughput_rps`.

    >>> from asyncweb.loadtest.result import Result
    >>> def measured(name, requests):
    ...     result = Result("/", 9, 1.0, requests, 0, Histogram([0.1] * requests))
    ...     return Measured(name, name, "/", 9, Rounds([result] * 4))
    >>> report = Report((measured("async", 300), measured("threads", 100)))
    >>> list(report), report["async"].requests, report.limited_by, report.interrupted
    (['async', 'threads'], 1200, 'server', False)
    >>> report.verdict == report.to_dict()["verdict"]
    True
    >>> report.verdict
    'With 9 connections async answered 300/s, threads 100/s: 3.0 times as many. ...'
    >>> try:
    ...     figure = report.plot().figure
    ... except LoadError:
    ...     pass  # matplotlib is not installed
    """

    servers: tuple[Measured, ...]

    def __getitem__(self, name: str) -> Measured:
        for server in self.servers:
            if server.name == name:
                return server
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter(server.name for server in self.servers)

    def __len__(self) -> int:
        return len(self.servers)

    @property
    def interrupted(self) -> bool:
        """Whether Ctrl-C ended it early."""
        return any(server.interrupted for server in self.servers)

    @property
    def limited_by(self) -> str:
        """What limited the run: one thing for all servers, or one for each."""
        reasons = [server.limited_by for server in self.servers]
        if len(set(reasons)) == 1:
            return reasons[0]
        return ", ".join(f"{server.name}: {server.limited_by}" for server in self.servers)

    @property
    def verdict(self) -> str:
        """Who won, by how much, in plain words."""
        from asyncweb.lab.verdict import verdict

        return verdict(self.servers)

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON, in seconds and bytes."""
        return {
            "servers": [
                {"name": server.name, "target": server.target, **server.to_dict()}
                for server in self.servers
            ],
            "limited_by": self.limited_by,
            "verdict": self.verdict,
        }

    def __rich__(self) -> RenderableType:
        return table_and_words(self.servers, [self.verdict])

    def plot(self) -> Plot:
        """Latency by percentile, and throughput by rounds: see `Result.plot`."""
        from asyncweb.loadtest.plot import plot_rounds

        return plot_rounds({server.name: server.rounds for server in self.servers})

    def _picture(self) -> Plot | None:
        return self.plot() if any(one.requests for one in self.servers) else None


def table_and_words(servers: Sequence[Measured], words: Sequence[str]) -> RenderableType:
    """A row for each of `servers`, and below it each of `words`."""
    from rich.console import Group
    from rich.text import Text

    from asyncweb.dashboard.table import ResultsTable, Row

    rows = [
        Row(
            name=server.name,
            throughput_rps=server.throughput_rps,
            latency_s=server.latency_s,
            errors=server.errors,
            rss_bytes=server.rss_bytes,
            bytes_per_connection=server.bytes_per_connection,
            threads_peak=server.threads_peak,
            connections=server.connections,
        )
        for server in servers
    ]
    tables = [ResultsTable(rows)] if rows else []
    return Group(*tables, *(Text(text) for text in words))
