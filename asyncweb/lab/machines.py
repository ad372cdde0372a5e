"""A load that many machines make together: the part of one who leads, and of one who follows.

Rule: what is told meanwhile is a line; what was found is the same as of any other load.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from asyncweb.drawing import units
from asyncweb.errors import LoadError
from asyncweb.lab.report import Measured
from asyncweb.loadtest.engine import run
from asyncweb.loadtest.locust.address import Address
from asyncweb.loadtest.locust.master import LocustMaster
from asyncweb.loadtest.locust.worker import LocustWorker
from asyncweb.loadtest.plan import Plan
from asyncweb.loadtest.progress import Progress
from asyncweb.loadtest.reach import check_reachable
from asyncweb.loadtest.result import Result
from asyncweb.loadtest.rounds import Rounds
from asyncweb.loadtest.size import check_size

UNTIL_TOLD_S = 365 * 24 * 3600.0  # the master says when it is over
Tell = Callable[[str], None]


def take_part(
    engine: Sequence[str],
    url: str | None,
    settings: Mapping[str, Any],
    leading: tuple[int, float | None],
    tell: Tell | None = None,
) -> tuple[Measured, list[str]]:
    """What was found, and what went wrong besides, by a part in the load of many machines.

    `engine` is the master's locust://HOST:PORT, and whether this is the "master" or a "worker";
    `leading` is for a master: how many workers it waits for, and how many connections come each
    second. Errors are as with `lead` and `work`.
    """
    where, role = engine
    address = Address.read(where)
    say = tell or partial(print, file=sys.stderr, flush=True)
    if role == "master" and url:
        return lead(address, url, settings, *leading, say)
    return work(address, url, settings, say)


def lead(
    address: Address,
    url: str,
    settings: Mapping[str, Any],
    workers: int,
    spawn_rate: float | None,
    tell: Tell,
) -> tuple[Measured, list[str]]:
    """What the workers of a Locust master of ours found, and what went wrong besides.

    Raises LoadError when the master cannot listen, and when too few workers come.
    """
    plan = _plan(url, settings)

    def waiting(where: Address) -> None:
        tell(f"waiting for {units.count(workers)} workers at {where}")

    with LocustMaster(address, workers, spawn_rate, waiting) as master:
        result = run(master, plan, lambda progress: tell(_line(progress)))
        assert master.locust is not None, "stop waits for it"
        tell(master.locust.table)
    troubles = [f"lost {name}: what it had not yet told is missing" for name in sorted(master.lost)]
    if master.silent:
        names = ", ".join(sorted(master.silent))
        troubles.append(f"not of asyncweb: {names}; only Locust's table has what they found")
    elif master.locust.requests != result.requests and not master.lost:
        troubles.append(
            f"Locust has counted {units.count(master.locust.requests)} requests, and the workers "
            f"{units.count(result.requests)}"
        )
    return _measured(result), troubles


def work(
    address: Address, url: str | None, settings: Mapping[str, Any], tell: Tell
) -> tuple[Measured, list[str]]:
    """What this machine found for the Locust master at `address`, and what went wrong besides.

    It loads `url`, or what the master names. Raises LoadError when no master is there, and when the
    load cannot be made.
    """

    def plan_for(host: str, users: int) -> Plan:
        if not (url or host):
            raise LoadError("neither this worker nor its master names a URL: give one of them one")
        wanted = {**settings, "connections": users, "duration": UNTIL_TOLD_S}
        plan = _plan(url or host, wanted)
        check_size(plan)
        check_reachable(plan)
        tell(f"{units.count(users)} connections to {plan.url}, for the master at {address}")
        return plan

    if url:
        check_reachable(_plan(url, settings))
    worker = LocustWorker(address, plan_for)
    tell(f"looking for the master at {address}")
    result = worker.work()
    if result is None:
        raise LoadError(worker.lost or f"the master at {address} has quit, and had asked nothing")
    return _measured(result), [worker.lost] if worker.lost else []


def _plan(url: str, settings: Mapping[str, Any]) -> Plan:
    words = {**settings, "duration_s": settings["duration"], "arrivals": settings["rate"]}
    return Plan(
        url, **{name: words[name] for name in words.keys() - {"duration", "rate", "processes"}}
    )


def _measured(result: Result) -> Measured:
    return Measured(result.target, "url", result.target, result.connections, Rounds([result]))


def _line(progress: Progress) -> str:
    p99_s = progress.latency.percentile(0.99) if progress.latency.count else None
    return (
        f"{progress.at_s:6.1f} s  {units.rate(progress.throughput_rps)}  "
        f"p99 {units.seconds(p99_s)}  errors {units.errors(progress.errors)}"
    )
