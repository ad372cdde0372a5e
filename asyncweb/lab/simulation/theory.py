"""What is known about queues without simulating them.

Rule: closed formulas only, each with its source; the simulation is held against them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from asyncweb.errors import LessonError
from asyncweb.lab.simulation.loads import ClosedLoop, Load
from asyncweb.lab.simulation.model import Model


@dataclass(frozen=True, slots=True)
class Waiting:
    """A queue in balance: M/M/c, where arrivals and service are both at random (exponential).

    `rate_rps` come, each of `servers` takes `service_s` for one on average. Raises LessonError when
    more come than can be served: such a queue is never in balance. Source: Erlang, 1917; in
    Harchol-Balter, Performance Modeling and Design of Computer Systems, chapter 14.

    >>> half = Waiting(rate_rps=50, service_s=0.010)
    >>> round(half.utilisation, 3), round(half.latency_s, 3), round(half.inside, 3)
    (0.5, 0.02, 1.0)
    >>> round(half.percentile_s(0.99), 4), half.wait_share
    (0.0921, 0.5)
    >>> busy = Waiting(rate_rps=90, service_s=0.010)
    >>> round(busy.latency_s, 3), round(busy.wait_s, 3)
    (0.1, 0.09)
    >>> Waiting(rate_rps=120, service_s=0.010)
    Traceback (most recent call last):
    asyncweb.errors.LessonError: 120 requests/s at 0.01 s each need 1.2 servers, and there is 1: ...
    """

    rate_rps: float
    service_s: float
    servers: int = 1

    def __post_init__(self) -> None:
        needed = self.rate_rps * self.service_s
        if needed >= self.servers:
            there = "there is 1" if self.servers == 1 else f"there are {self.servers}"
            raise LessonError(
                f"{self.rate_rps:g} requests/s at {self.service_s:g} s each need {needed:g} "
                f"servers, and {there}: the queue grows for ever; ask for less"
            )

    @property
    def utilisation(self) -> float:
        """The share of time that a server is busy, 0 to 1."""
        return self.rate_rps * self.service_s / self.servers

    @property
    def wait_share(self) -> float:
        """The share of requests that find all servers busy: Erlang's C."""
        offered = self.rate_rps * self.service_s
        term = total = 1.0  # offered**k / k!, and the sum of these
        for others in range(1, self.servers):
            term *= offered / others
            total += term
        last = term * offered / self.servers / (1 - self.utilisation)
        return last / (total + last)

    @property
    def wait_s(self) -> float:
        """The mean time in the queue."""
        return self.wait_share * self.service_s / (self.servers * (1 - self.utilisation))

    @property
    def latency_s(self) -> float:
        """The mean time from arrival to answer."""
        return self.wait_s + self.service_s

    @property
    def inside(self) -> float:
        """How many are there on average: Little's law."""
        return self.rate_rps * self.latency_s

    def percentile_s(self, fraction: float) -> float:
        """The latency that `fraction` of the requests did not exceed; for one server only."""
        if self.servers != 1:
            raise LessonError(f"{self.servers} servers: a percentile is known here for one only")
        return -self.latency_s * math.log(1 - fraction)


def capacity_rps(model: Model, load: Load) -> float:
    """The most requests a second that `model` can answer: of its cores and workers, the scarcer.

    >>> from asyncweb.lab.simulation.loads import OpenLoop
    >>> from asyncweb.lab.simulation.model import Bounds
    >>> pool = Model("pool", answer_s=0.001, bounds=Bounds(workers=4))
    >>> capacity_rps(pool, OpenLoop(1)), round(capacity_rps(pool, OpenLoop(1, wait_s=0.019)), 3)
    (1000.0, 200.0)
    """
    cpu_s = model.cpu_s(waits=load.wait_s > 0)
    by_cores = model.cores / cpu_s if cpu_s else math.inf
    held_s = cpu_s + load.wait_s
    workers = model.bounds.workers
    by_workers = math.inf if workers is None or not held_s else workers / held_s
    return min(by_cores, by_workers)


def least_latency_s(model: Model, load: Load) -> float:
    """The mean latency that a closed load cannot beat: its bare time, or what the crowd enforces.

    Everybody who neither thinks nor is answered at once waits in a queue. Source: Denning and
    Buzen, The Operational Analysis of Queueing Network Models, 1978.

    >>> server = Model("server", answer_s=0.001)
    >>> [least_latency_s(server, ClosedLoop(users, think_s=1.0)) for users in (10, 3000)]
    [0.001, 2.0]
    """
    bare_s = model.cpu_s(waits=load.wait_s > 0) + load.wait_s
    if not isinstance(load, ClosedLoop):
        return bare_s
    return max(bare_s, load.users / capacity_rps(model, load) - load.think_s)


def knee_users(model: Model, load: ClosedLoop) -> float:
    """The number of users at which they begin to wait for each other.

    >>> round(knee_users(Model("server", answer_s=0.001), ClosedLoop(1, think_s=1.0)))
    1001
    """
    bare_s = model.cpu_s(waits=load.wait_s > 0) + load.wait_s
    return capacity_rps(model, load) * (bare_s + load.think_s)


def backlog(model: Model, load: Load) -> int:
    """How many users wait in a queue once a crowd has come to rest: those whom nobody serves.

    An open loop has none that lasts: its queue is short, or grows for ever.

    >>> backlog(Model("server", answer_s=0.001), ClosedLoop(users=3001, think_s=1.0))
    2000
    """
    if not isinstance(load, ClosedLoop):
        return 0
    left = load.users - knee_users(model, load)
    return int(left) if left > 0 else 0
