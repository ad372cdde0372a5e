"""What an idle connection costs a server in memory: a slope over several crowds.

Rule: the server is looked at from outside, in a process of its own. What one connection costs is
never one difference divided by a number: the first one costs what everything costs that is loaded
for it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import psutil

from asyncweb.drawing import units
from asyncweb.errors import LessonError
from asyncweb.lab.idlers import Idlers, most_idle
from asyncweb.lab.shown import Shown
from asyncweb.metrics.probes import ProcessProbe, ProcessUse, slope
from asyncweb.servers.base import Server

if TYPE_CHECKING:
    from rich.console import RenderableType

    from asyncweb.loadtest.plot import Plot

WARM_UP = 50  # connections that come and leave before it is counted
IDLE_S = 600.0  # that the server leaves an idle client alone
ALL = 1_000_000  # connections it lets in; what the system allows is less
LEAVE_S, LOOK_S = 60.0, 0.02


@dataclass(frozen=True, slots=True)
class Footprint:
    """One server's memory with more and more idle connections.

    >>> def use(rss): return ProcessUse(rss, rss - 900, 1, None, 0.0, 10 * rss)
    >>> points = ((0, use(1000)), (10, use(1500)), (20, use(2000)))
    >>> found = Footprint("async", points, use(900), use(940), use(1800))
    >>> found.per_connection("rss"), found.per_connection("vms"), found.first_bytes, found.most
    (50.0, 500.0, 40, 20)
    >>> found.kept_share
    0.8
    """

    name: str
    points: tuple[tuple[int, ProcessUse], ...]  # connections, and what the process used then
    started: ProcessUse  # before anybody came
    first: ProcessUse  # with the very first connection
    left: ProcessUse  # when all had left

    def per_connection(self, what: str = "rss") -> float:
        """Bytes for each connection of "rss", "uss" or "vms"; a slope by least squares.

        Raises LessonError when the system does not tell that.
        """
        known = [(connections, _size(use, what)) for connections, use in self.points]
        found = slope([(connections, size) for connections, size in known if size is not None])
        if found is None:
            raise LessonError(f"{what} is not measured here: ask for rss")
        return found

    @property
    def first_bytes(self) -> int:
        """Resident bytes that came with the very first connection of the process."""
        return self.first.rss_bytes - self.started.rss_bytes

    @property
    def most(self) -> int:
        """The largest crowd."""
        return self.points[-1][0]

    @property
    def kept_share(self) -> float:
        """What of the memory that came with the crowd stayed when it had left; 0 to about 1."""
        before, most = self.points[0][1].rss_bytes, self.points[-1][1].rss_bytes
        return (self.left.rss_bytes - before) / (most - before) if most > before else 0.0


@dataclass(frozen=True, repr=False)
class Footprints(Shown, Mapping[str, Footprint]):
    """The footprints of several servers by name: `found["async"].per_connection("uss")`.

    >>> use = ProcessUse(1000, 900, 1, None, 0.0, 9000)
    >>> one = Footprint("async", ((0, use), (5, use)), use, use, use)
    >>> found = Footprints((one,), wanted=9)
    >>> list(found), found["async"].most
    (['async'], 5)
    """

    servers: tuple[Footprint, ...]
    wanted: int  # connections

    def __getitem__(self, name: str) -> Footprint:
        for found in self.servers:
            if found.name == name:
                return found
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter(found.name for found in self.servers)

    def __len__(self) -> int:
        return len(self.servers)

    @property
    def _fell_short(self) -> str:
        held = {found.name: found.most for found in self.servers if found.most < self.wanted}
        told = ", ".join(f"{name} held {most:,}" for name, most in held.items())
        return f"{self.wanted:,} were wanted: {told}, as many as this system allows" * bool(held)

    def __rich__(self) -> RenderableType:
        from rich.table import Table

        table = Table("server", title="idle connections", caption=self._fell_short or None)
        for column in ("connections", "RSS", "USS", "VMS", "threads"):
            table.add_column(column, justify="right")
        for found in self.servers:
            for connections, use in found.points:
                sizes = map(units.memory, (use.rss_bytes, use.uss_bytes, use.vms_bytes))
                table.add_row(found.name, f"{connections:,}", *sizes, f"{use.threads:,}")
            each = (units.memory(_slope(found, what)) for what in ("rss", "uss", "vms"))
            table.add_row("", "each", *each, "", end_section=True, style="bold")
        return table

    def plot(self) -> Plot:
        """Resident and virtual memory by the size of the crowd, with the slopes."""
        from asyncweb.lab.footprint_plot import plot

        return plot(self.servers)


def footprint(
    servers: Mapping[str, Server],
    connections: int = 10_000,
    steps: int = 4,
    tell: Callable[[str], object] = lambda line: None,
) -> Footprints:
    """What `connections` idle clients cost each of `servers`, in so many steps.

    Each is measured as a twin in a process of its own, which answers "/" with 200. Where a process
    may open fewer files, or the server cannot let all in, there are fewer, and the result says so.
    Takes half a minute for 10,000 on each of two servers, and tells in a line how far it is. Raises
    LessonError when there is nothing to measure, or a server answers nobody.
    """
    if not servers or connections < steps or steps < 1:
        raise LessonError(
            f"footprint(servers={list(servers)}, connections={connections}, steps={steps}): "
            "expected a server, and a connection for each of one or more steps"
        )
    crowds = [most_idle(connections) * step // steps for step in range(1, steps + 1)]
    found = tuple(_measured(name, server, crowds, tell) for name, server in servers.items())
    return Footprints(found, connections)


def _measured(
    name: str, server: Server, crowds: list[int], tell: Callable[[str], object]
) -> Footprint:
    twin = server.twin()
    twin.limits = replace(twin.limits, idle_s=IDLE_S, connections=ALL, connections_per_client=ALL)
    twin.start(process=True)
    try:
        started = _use(twin)
        with Idlers(twin) as crowd:
            _, first = _with(crowd, 1, twin)
            _with(crowd, WARM_UP, twin)
            crowd.resize(0)
            _when_left(twin, started.threads)
            before = _use(twin)
            points = []
            for count in crowds:
                points.append(_with(crowd, count, twin))
                tell(f"{name}: {points[-1][0]:,} of {crowds[-1]:,} connections")
            crowd.resize(0)
        _when_left(twin, before.threads)
        return Footprint(name, ((0, before), *points), started, first, _use(twin))
    finally:
        twin.stop(drain_s=0)


def _with(crowd: Idlers, count: int, server: Server) -> tuple[int, ProcessUse]:
    """How many of `count` are there, and what the server uses with them."""
    there = crowd.resize(count)
    if not there:
        raise LessonError(f"{server.name} answered nobody with 200: its app needs a '/'")
    return there, _use(server)


def _when_left(server: Server, threads: int) -> None:
    """Returns when the server is empty, and no more `threads` than before the crowd."""
    # Only counted: to look at the memory would hold up those who leave.
    process, deadline = psutil.Process(server.pid), time.monotonic() + LEAVE_S
    while process.num_threads() > threads or not _is_empty(server):
        if time.monotonic() > deadline:
            raise LessonError(f"after {LEAVE_S:.0f} s clients of {server.name} are still there")
        time.sleep(LOOK_S)


def _is_empty(server: Server) -> bool:
    try:
        return not server.stats()["connections"]
    except TimeoutError:  # thousands of threads that end at once keep it busy
        return False


def _use(server: Server) -> ProcessUse:
    use = ProcessProbe(server.pid).sample()
    if use is None:
        raise LessonError(f"the process of {server.name} has ended")
    return use


def _size(use: ProcessUse, what: str) -> int | None:
    sizes = {"rss": use.rss_bytes, "uss": use.uss_bytes, "vms": use.vms_bytes}
    if what not in sizes:
        raise LessonError(f"per_connection({what!r}): expected one of {', '.join(sizes)}")
    return sizes[what]


def _slope(found: Footprint, what: str) -> float | None:
    try:
        return found.per_connection(what)
    except LessonError:
        return None
