"""A long run: the same load for so many seconds, and what becomes of the server's memory.

Rule: the server is a process of its own and is looked at from outside; the load is an open loop,
so that a server that grows slow is asked no less.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from asyncweb.dashboard.screen import Screen
from asyncweb.drawing import units
from asyncweb.errors import LessonError
from asyncweb.lab.bench import Bench
from asyncweb.lab.shown import Shown
from asyncweb.lab.trend import LEAK_BYTES, Judgement, judge
from asyncweb.loadtest.arrivals import constant
from asyncweb.loadtest.ask import Ask
from asyncweb.loadtest.plan import Plan
from asyncweb.servers.base import Server

if TYPE_CHECKING:
    from rich.console import RenderableType

    from asyncweb.loadtest.plot import Plot

CONNECTIONS = 8
PANELS = ("requests", "errors", "memory")


@dataclass(frozen=True, slots=True)
class Moment:
    """One look at a server under a soak.

    >>> Moment(1.0, 300, 30_000_000).requests
    300
    """

    at_s: float
    requests: int  # answered until then
    rss_bytes: int


@dataclass(frozen=True, repr=False)
class Soaked(Shown):
    """What became of one server's memory, and what that says.

    >>> moments = tuple(Moment(x / 5, 60 * x, 30_000_000 + 6_000 * x) for x in range(40))
    >>> soaked = Soaked("async", moments, errors=0, least=4.0)
    >>> soaked.judgement.verdict, soaked.requests_per_s, soaked.grown_bytes
    ('leak', 300.0, 234000)
    >>> soaked.in_hours(72)
    'In 72 h, if all goes on as it went: 7,416 MiB to 7,416 MiB more. That is 33,231 times ...'
    """

    name: str
    moments: tuple[Moment, ...]
    errors: int
    least: float  # bytes a request; slower growth counts as none

    @property
    def judgement(self) -> Judgement:
        """Leak, level or unknown as yet. Raises LessonError when there was too little to see."""
        points = [(moment.requests, moment.rss_bytes) for moment in self.moments]
        return judge([(float(x), float(y)) for x, y in points], self.least)

    @property
    def grown_bytes(self) -> int:
        """Resident bytes from the first look to the last."""
        return self.moments[-1].rss_bytes - self.moments[0].rss_bytes

    @property
    def requests(self) -> int:
        """Whole answers."""
        return self.moments[-1].requests

    @property
    def requests_per_s(self) -> float:
        """How many were answered a second."""
        lasted_s = self.moments[-1].at_s - self.moments[0].at_s
        return (self.requests - self.moments[0].requests) / lasted_s

    def in_hours(self, hours: float) -> str:
        """What so many hours would add, if all went on as it went, in words."""
        least, most = self.judgement.after(hours * 3600 * self.requests_per_s)
        lasted_s = self.moments[-1].at_s - self.moments[0].at_s
        return (
            f"In {hours:g} h, if all goes on as it went: {units.memory(least)} to "
            f"{units.memory(most)} more. That is {hours * 3600 / lasted_s:,.0f} times as long as "
            "was looked: a line, and no measurement."
        )

    def __rich__(self) -> RenderableType:
        from rich.text import Text

        lasted_s = self.moments[-1].at_s - self.moments[0].at_s
        failed = f", {self.errors} errors" if self.errors else ""
        return Text(
            f"{self.name}: {self.requests:,} requests in {units.seconds(lasted_s)}{failed}, "
            f"grown by {units.memory(self.grown_bytes)}\n{self.judgement}"
        )

    def plot(self) -> Plot:
        """Memory by the requests answered, with the trend of each half and its band."""
        from asyncweb.lab.soak_plot import plot

        return plot(self)


def soak(
    server: Server,
    path: str = "/",
    *,
    seconds: float = 20.0,
    rate: float = 300.0,
    least: float = LEAK_BYTES,
    screen: Screen | None = None,
) -> Soaked:
    """What `rate` requests a second for `path` do to a twin of `server`, for so many seconds.

    `path` may have the blanks of an Ask, such as "/tea/{{n}}". Shows itself live, on `screen` or
    where it fits. Growth below `least` bytes a request counts as none. Raises LoadError for a load
    that cannot be made, LessonError when it was too short to see anything.
    """
    with Bench({server.name: server}, twins=True, screen=screen) as bench:
        url = f"{server.scheme}://{server.host}"
        plan = Plan(url, CONNECTIONS, seconds, arrivals=constant(rate), mix=(Ask(path),))
        bench.history.show = PANELS
        bench.warm_up(replace(plan, mix=()), "/")  # of what is soaked nothing is asked before
        bench.step(plan, "", rounds=1, title=f"soak: {path}, {rate:g} requests a second")
        snapshots = bench.history.whole().tracks[0].snapshots
    moments = tuple(
        Moment(seen.at_s, seen.requests, seen.rss_bytes)
        for seen in snapshots
        if seen.rss_bytes is not None and seen.throughput_rps is not None
    )
    if not moments:
        raise LessonError(f"{seconds} s were too short: nothing was seen")
    return Soaked(server.name, moments, sum(snapshots[-1].errors.values()), least)
