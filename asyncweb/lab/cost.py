"""What a request costs of the processors, under any server, ours or of others.

Rule: a server's own time is counted, on every core and in all its processes. How long it had to
wait for a core, because others wanted one as well, is not.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping
from statistics import median
from typing import NamedTuple

import psutil

from asyncweb.drawing import units
from asyncweb.errors import LoadError
from asyncweb.loadtest.plan import Plan
from asyncweb.loadtest.run import LoadProcess

CONNECTIONS = 8


class Serving(NamedTuple):
    """Where somebody serves, and with which processes."""

    url: str
    pids: tuple[int, ...]


def costs(
    servers: Mapping[str, Serving],
    path: str,
    *,
    seconds: float,
    rounds: int = 2,
    keep_alive: bool = True,
) -> dict[str, float]:
    """Seconds of a core that each of `servers` uses for a request of `path`; a median.

    They take turns, `seconds` long, with one load for all of them. Raises LoadError when one does
    not answer.

    >>> import os
    >>> from asyncweb import AsyncServer
    >>> from asyncweb.lab.cores.app import app
    >>> with AsyncServer(app) as server:
    ...     found = costs({"here": Serving(server.url, (os.getpid(),))}, "/hello", seconds=0.1)
    >>> 0 < found["here"] < 0.1
    True
    """
    found: dict[str, list[float]] = {name: [] for name in servers}
    with LoadProcess() as load:
        for _ in range(rounds):
            for name, (url, pids) in servers.items():
                plan = Plan(url + path, CONNECTIONS, seconds, keep_alive=keep_alive)
                found[name].append(cost_s(name, load, plan, pids))
    return {name: median(each) for name, each in found.items()}


def cost_s(name: str, load: LoadProcess, plan: Plan, pids: Iterable[int]) -> float:
    """Seconds of a core that the processes of `name` use for a request of `plan`, which is made.

    Raises LoadError when it is not answered.
    """
    before_s = _used_s(pids)
    result = load.run(plan)
    if not result.requests or result.errors:
        raise LoadError(
            f"{plan.target} of {name}: {result.requests} answers, errors: "
            f"{units.errors(result.errors)}; a cost can be told only of what works"
        )
    return (_used_s(pids) - before_s) / result.requests


def _used_s(pids: Iterable[int]) -> float:
    """Seconds of a core that these processes have used since they began."""
    used_s = 0.0
    for pid in pids:
        with contextlib.suppress(psutil.NoSuchProcess):
            times = psutil.Process(pid).cpu_times()
            used_s += times.user + times.system
    return used_s
