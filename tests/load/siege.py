"""One siege of one engine: good clients alone, while another server of the kind is besieged, while
theirs is, then alone again.

Rule: the same good clients on the same connections all the time, so that only the bad ones make
the difference. What a siege of the other server costs them is what their machine has no room for,
and not what their server does to them. All processes end with this one, whatever happens.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.request import urlopen

from asyncweb import Limits
from asyncweb.lab.player import Player
from asyncweb.metrics.histogram import Histogram
from asyncweb.servers.base import Server
from tests.load.first import put_first
from tests.load.tally import Tally
from tests.load.target import make_server
from tests.load.watch import Watch, as_dict, said, scratch, stderr_into

ROGUES = 0.1  # of all connections
BEFORE, ELSEWHERE, BESIEGED, AFTER = "alone before", "another besieged", "besieged", "alone after"
PHASES = (BEFORE, ELSEWHERE, BESIEGED, AFTER)
WARM_S = 2.0
GONE_WITHIN_S = 10.0
SWEEPS_S = 2.0
ROOM_S = 3.0  # above the longest patience: what was sent at first, and other people's load
LATE_S = 0.02  # in one of a hundred: a generator later than this measures its own machine
BUSY = 0.85  # of a core: a generator above it measures itself


@dataclass(frozen=True, slots=True)
class Terms:
    """How large and how long."""

    connections: int = 10_000
    seconds: float = 300.0
    alone_s: float = 60.0
    rate_rps: float = 1500.0
    limits: Limits = field(default_factory=Limits)
    only: str = ""  # part of the name of a kind: the other kinds stay at home

    @property
    def longest_stay_s(self) -> float:
        """No bad client may hold a connection for longer."""
        limits = self.limits
        longest = max(limits.head_s, limits.body_s, limits.idle_s, limits.write_s)
        return longest + SWEEPS_S + ROOM_S


@dataclass(slots=True)
class Findings:
    """What came of it."""

    engine: str
    terms: Terms
    tallies: dict[str, Tally] = field(default_factory=dict)
    besiegers: dict[str, dict[str, Any]] = field(default_factory=dict)  # by phase
    memory: dict[str, dict[str, Any]] = field(default_factory=dict)
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)
    stats: dict[str, Any] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)  # of both servers
    stderr: list[str] = field(default_factory=list)

    @property
    def rogues(self) -> dict[str, Any]:
        """What the bad clients got of the server."""
        return self.besiegers[BESIEGED]

    @property
    def alone(self) -> Histogram:
        """The latencies without bad clients."""
        return self.tallies[BEFORE].latency + self.tallies[AFTER].latency

    @property
    def p99_ratio(self) -> float:
        """With the bad ones to without."""
        return self._p99(BESIEGED) / self.alone.percentile(0.99)

    @property
    def p99_elsewhere(self) -> float:
        """With the bad ones at another server, on the same machine, to without."""
        return self._p99(ELSEWHERE) / self.alone.percentile(0.99)

    @property
    def p99_band(self) -> float:
        """The second time alone to the first: what the machine itself does."""
        return self._p99(AFTER) / self._p99(BEFORE)

    def _p99(self, phase: str) -> float:
        return self.tallies[phase].latency.percentile(0.99)

    def complaints(self) -> list[str]:
        """What is not as it must be; empty when all is well."""
        return [text for check in (_of_good, _of_rogues, _of_server) for text in check(self)]


def lay_siege(engine: str, terms: Terms, tell: Callable[[str], None]) -> Findings:
    """Runs all phases; takes `terms.seconds`, thrice `terms.alone_s`, and some seconds more."""
    found = Findings(engine, terms)
    server = make_server(engine, limits=terms.limits)
    other = make_server(engine, limits=terms.limits, name=f"another-{engine}")
    with scratch() as file:
        with contextlib.ExitStack() as leaving:
            with stderr_into(file):
                for each in (server, other):
                    leaving.enter_context(each.start(process=True))
            _run(server, other, found, tell)
        found.stderr = said(file)
    return found


def _run(server: Server, other: Server, found: Findings, tell: Callable[[str], None]) -> None:
    terms = found.terms
    rogues = int(terms.connections * ROGUES)
    with Watch(server.pid) as watch:
        urlopen(f"{server.url}/stream/first").read()  # what is made at the first use is no leak
        _when_all_left(server)
        found.before = as_dict(watch.belongings())
        with Player("tests.load.good:main") as good, Player("tests.load.bad:main") as bad:
            for pid in (server.pid, other.pid, good.pid):
                put_first(pid)
            good.tell("gather", server.port, terms.connections - rogues, terms.rate_rps, "all")
            good.tell("begin", "warming")
            _pass(terms.alone_s / 5 + WARM_S)
            for phase in PHASES:
                seconds = terms.seconds if phase == BESIEGED else terms.alone_s
                besieged = {ELSEWHERE: other, BESIEGED: server}.get(phase)
                tell(f"{found.engine}: {phase}, {seconds:.0f} s")
                good.tell("begin", phase)
                if besieged is not None:
                    bad.tell("begin", besieged.port, rogues, terms.only)
                began = time.monotonic()
                _pass(seconds)
                found.memory[phase] = watch.story(began + seconds / 10, time.monotonic())
                if besieged is not None:
                    found.besiegers[phase] = bad.tell("leave")
                    good.tell("begin", "settling")
                    _pass(WARM_S)
            found.tallies = good.tell("leave")
        found.stats = _when_all_left(server)
        found.after = as_dict(watch.belongings())
        failures = [*server.errors, *other.errors]
        found.errors = [f"{failure.request}: {failure.error}" for failure in failures]


def _pass(seconds: float) -> None:
    time.sleep(seconds)


def _when_all_left(server: Server) -> dict[str, Any]:
    end = time.monotonic() + GONE_WITHIN_S
    while (stats := server.stats())["connections"] and time.monotonic() < end:
        _pass(0.05)
    return stats


def _of_good(found: Findings) -> list[str]:
    told = []
    for phase, tally in found.tallies.items():
        ok = not (tally.wrong or tally.lost or tally.closed or tally.unconnected)
        if not ok:
            told.append(f"good clients, {phase}: {tally.to_dict()}")
    return told


def _of_rogues(found: Findings) -> list[str]:
    told, longest_s = [], found.terms.longest_stay_s
    for phase, rogues in found.besiegers.items():
        for name, record in rogues["records"].items():
            who = f"{phase}, {name}"
            if record.is_timed and record.longest_s > longest_s:
                told.append(f"{who}: stayed {record.longest_s:.1f} s, {longest_s:.0f} are allowed")
            if record.unexpected or record.unconnected:
                told.append(f"{who}: {record.unexpected}, {record.unconnected} not let in")
    return told


def _of_server(found: Findings) -> list[str]:
    told = [f"server.errors: {error}" for error in found.errors]
    told += [f"stderr: {line}" for line in found.stderr]
    if found.stats["connections"]:
        told.append(f"{found.stats['connections']} connections are left")
    for name in ("files", "threads"):
        if found.after[name] > found.before[name]:
            told.append(f"{name}: {found.before[name]} before, {found.after[name]} after")
    return told


def limited_by(found: Findings) -> list[str]:
    """Whether a generator, and not the server, was at its limit; empty when none was."""
    told = []
    for phase, tally in found.tallies.items():
        cpu = tally.cpu_seconds / max(tally.seconds, 1e-9)
        if cpu > BUSY:
            told.append(f"{phase}: the good clients' process was busy {cpu:.0%} of the time")
        if tally.slip.count and tally.slip.percentile(0.99) > LATE_S:
            late_ms = 1000 * tally.slip.percentile(0.99)
            told.append(
                f"{phase}: good clients came late to their planned moments, {late_ms:.0f} ms"
            )
    for phase, rogues in found.besiegers.items():
        if rogues["cpu"] > BUSY:
            told.append(f"{phase}: the bad clients' process was busy {rogues['cpu']:.0%}")
    return told
