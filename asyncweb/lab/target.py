"""One server under measurement, from outside: what it counts, and what it costs the machine.

Rule: what loads and what draws shares no process with the server, unless the server is given as
it runs.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from statistics import median
from typing import Any

from asyncweb.errors import LoadError, ServerError
from asyncweb.lab.report import Measured
from asyncweb.loadtest.plan import Plan
from asyncweb.loadtest.progress import Phase, Progress
from asyncweb.loadtest.result import Result
from asyncweb.loadtest.rounds import Rounds
from asyncweb.metrics.held import HeldUp
from asyncweb.metrics.histogram import Histogram
from asyncweb.metrics.latencies import Latencies
from asyncweb.metrics.probes import ProcessProbe, ProcessUse, slope
from asyncweb.metrics.recorder import Recorder
from asyncweb.metrics.snapshot import Snapshot
from asyncweb.servers.base import Server
from asyncweb.servers.tls import Tls


class Target:
    """A server, or a bare URL, that gets load; remembers what it used while it did."""

    def __init__(self, name: str, what: Server | str):
        self.name = name
        self.what = what
        self.server = what if isinstance(what, Server) else None
        self.engine = self.server.engine if self.server else "url"
        self.is_twin = False  # started here, for this measurement alone
        self._probe: ProcessProbe | None = None
        self._uses: list[ProcessUse] = []  # in the present step, while all were connected
        self._cpu_percents: list[float] = []  # in the present step
        self._points: list[tuple[float, float]] = []  # (connections, resident bytes) of all steps
        self.results: list[Result] = []  # in the present step
        self._latencies = Latencies(Histogram())
        self._held = HeldUp()

    def plan(self, plan: Plan, path: str) -> Plan:
        """`plan` for `path` of it, where the certificate that a server serves with is trusted."""
        tls = self.server.tls if self.server else None
        url = url_of(self.server or str(self.what), path, bool(plan.message))
        made = replace(plan, url=url)
        if not isinstance(tls, Tls) or plan.ca or plan.insecure:
            return made
        return replace(made, ca=str(tls.cert))

    def open_twin(self) -> None:
        """Starts a server like the one given in a process of its own, with a Recorder."""
        if self.server is not None:
            self.server = self.server.twin(observer=Recorder()).start(process=True)
            self.is_twin = True

    def watch(self) -> None:
        """Begins to look at the server's process, when it has one of its own."""
        if self.server is not None and not self.server.is_running:
            raise LoadError(f"{self.server.name} is not running; call start() first")
        if self.server is not None and self.server.in_own_process:
            self._probe = ProcessProbe(self.server.pid)
            use = self._probe.sample()
            if use is not None:
                self._points.append((0, use.rss_bytes))

    def close(self) -> None:
        """Stops the twin, if there is one."""
        if self.is_twin and self.server is not None:
            self.server.stop(drain_s=0)

    def begin_step(self) -> None:
        """Forgets the step before, but for its memory, which makes the slope."""
        self._uses, self._cpu_percents, self.results = [], [], []

    def begin_turn(self) -> None:
        """From now on CPU is counted: while others had their turn, the server had nothing to do."""
        if self._probe is not None:
            self._probe.sample()

    def snapshot(self, progress: Progress, at_s: float, connections: int) -> Snapshot:
        """The server at this moment of a load test."""
        use = self._probe.sample() if self._probe else None
        if use is not None and progress.connected >= connections:
            self._uses.append(use)
        if use is not None and use.cpu_percent is not None and progress.at_s:
            self._cpu_percents.append(use.cpu_percent)
        counts = self._counts()
        is_warm_up = progress.phase is Phase.WARM_UP
        # What a warm-up finds is shown while it lasts, and never with what counts.
        before = () if is_warm_up else self.results
        latency = sum((result.latency for result in before), progress.latency)
        is_open = progress.slip_s is not None
        service = sum((result.service for result in before), progress.service)
        moment = Snapshot(
            at_s=at_s,
            requests=latency.count,
            throughput_rps=progress.throughput_rps if progress.at_s else None,  # not gathering
            is_warm_up=is_warm_up,
            waiting=progress.waiting if is_open else None,
            dropped=sum((result.dropped for result in before), progress.dropped),
            errors=dict(Counter(progress.errors) + Counter(Rounds(before).errors)),
            connections=progress.connected,
            in_flight=progress.in_flight,
            rss_bytes=use.rss_bytes if use else None,
            uss_bytes=use.uss_bytes if use else None,
            vms_bytes=use.vms_bytes if use else None,
            bytes_per_connection=self._bytes_per_connection(connections),
            threads=use.threads if use else None,
            cpu_percent=use.cpu_percent if use else None,
            server_connections=counts.get("connections"),
            server_in_flight=counts.get("in_flight"),
            queued=counts.get("queued"),
            **self._held.look(at_s, counts),
        )
        seen = self._latencies.look(at_s, latency, service if is_open else None)
        return replace(moment, **seen)

    def measured(self, connections: int) -> Measured:
        """What the step that ends now has found."""
        lag = self._counts().get("loop_lag")
        measured = Measured(
            name=self.name,
            engine=self.engine,
            target=self.results[0].target,
            connections=connections,
            rounds=Rounds(tuple(self.results)),
            rss_bytes=max((use.rss_bytes for use in self._uses), default=None),
            uss_bytes=max((use.uss_bytes or 0 for use in self._uses), default=0) or None,
            bytes_per_connection=self._bytes_per_connection(connections),
            threads_peak=max((use.threads for use in self._uses), default=None),
            loop_lag_s={"p99": lag.percentile(0.99)} if lag and lag.count else None,
            cpu_percent=median(self._cpu_percents) if self._cpu_percents else None,
        )
        if measured.rss_bytes is not None:
            self._points.append((connections, measured.rss_bytes))
        return measured

    def _bytes_per_connection(self, connections: int) -> float | None:
        if not self._uses:
            return None
        now = (connections, max(use.rss_bytes for use in self._uses))
        return slope([*self._points, now])

    def _counts(self) -> dict[str, Any]:
        if self.server is None:
            return {}
        try:
            return self.server.counts()
        except (ServerError, TimeoutError):
            return {}  # it has died; the errors of the load tell


def url_of(what: object, path: str, has_messages: bool = False) -> str:
    """Where `path` of a server is, or of a URL, which is complete by itself.

    A server that gets messages is spoken to as a WebSocket. Raises LoadError for anything else.
    """
    if isinstance(what, str):
        return joined(what, path)
    if not isinstance(what, Server):
        raise LoadError(f"{what!r} cannot be loaded: expected a server or a URL")
    url = joined(what.url, path)
    return f"ws{url.removeprefix('http')}" if has_messages else url


def joined(url: str, path: str) -> str:
    """`url` as it is when there is no `path`, else with `path` behind it.

    >>> joined("http://127.0.0.1:8000/tea/", ""), joined("http://127.0.0.1:8000/", "/tea")
    ('http://127.0.0.1:8000/tea/', 'http://127.0.0.1:8000/tea')
    """
    return url.rstrip("/") + path if path else url
