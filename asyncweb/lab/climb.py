"""A climb: the same question at rising rates, until the server cannot follow.

Rule: requests come at random and do not wait for answers, as strangers do. A closed loop would ask
less just where it becomes interesting.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from asyncweb.drawing import units
from asyncweb.errors import LoadError
from asyncweb.loadtest.arrivals import constant
from asyncweb.loadtest.plan import Plan
from asyncweb.loadtest.result import Result
from asyncweb.loadtest.run import LoadProcess
from asyncweb.servers.base import Server

KNEE = 3.0  # times the bare latency: where most would say that it has become slow
CONNECTIONS = 100  # what is due while all are busy waits in its order, with its clock running


@dataclass(frozen=True, slots=True)
class Step:
    """One rate of a climb, and what was found.

    >>> from asyncweb.metrics.histogram import Histogram
    >>> result = Result("/", 9, 2.0, 100, 0, Histogram([0.010] * 100), schedule="50 requests/s")
    >>> step = Step(50.0, result)
    >>> round(step.mean_s, 3), round(step.p99_s, 3), step.throughput_rps, round(step.inside, 3)
    (0.01, 0.01, 50.0, 0.5)
    """

    rate_rps: float  # asked for
    result: Result

    @property
    def mean_s(self) -> float:
        """The mean latency, from when a request was due."""
        return self.result.latency.mean

    @property
    def p99_s(self) -> float:
        """The latency that 99 of 100 did not exceed."""
        return self.result.latency.percentile(0.99)

    @property
    def throughput_rps(self) -> float:
        """Answers a second, until the planned end."""
        return self.result.throughput_rps

    @property
    def inside(self) -> float:
        """How many were waiting or served on average, by Little's law."""
        return self.throughput_rps * self.mean_s


@dataclass(frozen=True, slots=True)
class Climb:
    """All steps, the lowest rate first; prints itself as a table.

    >>> from asyncweb.metrics.histogram import Histogram
    >>> result = Result("/", 9, 2.0, 100, 0, Histogram([0.010] * 100), schedule="50 requests/s")
    >>> climb = Climb((Step(50.0, result),))
    >>> len(climb), climb.at(70).rate_rps, climb.knee_rps(bare_s=0.002)
    (1, 50.0, 50.0)
    >>> print(climb)
      asked  answered     mean      p99  inside
     50.0/s    50.0/s  10.0 ms  10.0 ms     0.5
    """

    steps: tuple[Step, ...]

    def at(self, rate_rps: float) -> Step:
        """The step whose rate is the nearest."""
        return min(self.steps, key=lambda step: abs(step.rate_rps - rate_rps))

    def knee_rps(self, bare_s: float, times: float = KNEE) -> float:
        """The lowest rate at which the mean latency is more than `times` as long as `bare_s`, that
        of a request that finds nobody before it. Raises LoadError when none is.
        """
        for step in self.steps:
            if step.mean_s > times * bare_s:
                return step.rate_rps
        raise LoadError(
            f"no step took {times:g} times as long as {units.seconds(bare_s)}: climb higher"
        )

    def __len__(self) -> int:
        return len(self.steps)

    def __iter__(self) -> Iterator[Step]:
        return iter(self.steps)

    def __repr__(self) -> str:
        lines = [f"{'asked':>7}  {'answered':>8}  {'mean':>7}  {'p99':>7}  {'inside':>6}"]
        for step in self.steps:
            asked, answered = units.rate(step.rate_rps), units.rate(step.throughput_rps)
            mean, p99 = units.seconds(step.mean_s), units.seconds(step.p99_s)
            lines.append(f"{asked:>7}  {answered:>8}  {mean:>7}  {p99:>7}  {step.inside:>6,.1f}")
        return "\n".join(lines)


def climb(
    server: Server,
    rates_rps: Sequence[float],
    *,
    path: str = "/",
    seconds: float = 5.0,
    rounds: int = 1,
) -> Climb:
    """What `server`, which is started, does at each of `rates_rps`, for `seconds` each.

    Of several `rounds` each step is the one whose mean latency is the median: what else the machine
    did for a moment is in one of them. Raises LoadError when the server is not running, or answers
    nothing at one of the rates.
    """
    if not server.is_running:
        raise LoadError(f"{server.name} is not running; call start() first")
    rates_rps = sorted(rates_rps)
    with LoadProcess() as load:
        climbs = [
            [_step(load, server, path, rate_rps, seconds) for rate_rps in rates_rps]
            for _ in range(rounds)
        ]
    return Climb(tuple(map(_median, zip(*climbs, strict=True))))


def _step(load: LoadProcess, server: Server, path: str, rate_rps: float, seconds: float) -> Step:
    arrivals = constant(rate_rps, is_random=True)
    result = load.run(Plan(server.url + path, CONNECTIONS, seconds, arrivals=arrivals))
    if not result.requests:
        raise LoadError(f"at {rate_rps:g} requests/s {server.name} answered nothing")
    return Step(rate_rps, result)


def _median(steps: Sequence[Step]) -> Step:
    return sorted(steps, key=lambda step: step.mean_s)[len(steps) // 2]
