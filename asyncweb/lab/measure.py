"""`load` and `race`: the two measurements people type.

Rule: the load comes from a process of its own; what is compared is measured in turns.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from asyncweb.dashboard.screen import Screen
from asyncweb.errors import LoadError
from asyncweb.lab.bench import Bench
from asyncweb.lab.comparing import comparing
from asyncweb.lab.report import Measured, Report
from asyncweb.lab.target import url_of
from asyncweb.loadtest.arrivals import Arrivals, constant, shape_s
from asyncweb.loadtest.plan import Plan
from asyncweb.loadtest.reach import check_reachable
from asyncweb.loadtest.size import check_size
from asyncweb.servers.base import Server

ROUNDS = 4


@comparing
def load(
    target: Server | str,
    *,
    connections: int = 50,
    duration: float | None = None,
    path: str = "",
    rate: float | Arrivals | None = None,
    processes: int = 1,
    screen: Screen | None = None,
    **plan: Any,
) -> Measured:
    """What `target`, a started server or a URL, does with `connections` at once.

    `rate` makes it an open loop: so many requests a second, or a schedule of
    `asyncweb.loadtest.arrivals`. Takes `duration` seconds, or as long as the schedule takes, or
    ten, and shows itself live. `processes` make it together. `plan` takes the other settings of a
    Plan, such as requests, method, headers, mix or warm_up_s; with a message, WebSocket is spoken.
    A server's own certificate is trusted, that of a URL is checked. Raises LoadError for a load
    that cannot be made; Ctrl-C gives what was measured until then. `load.compare(a, b)` says
    whether two of them differ.

    >>> from asyncweb import App, AsyncServer
    >>> class Quiet:  # a screen that shows nothing
    ...     def update(self, frame): ...
    ...     def close(self): ...
    >>> app = App()
    >>> home = app.get("/")(lambda ctx: "Hello")
    >>> with AsyncServer(app) as server:
    ...     found = load(server, connections=2, duration=0.1, screen=Quiet())
    >>> found.requests > 0, found.errors
    (True, {})
    """
    _check_target(target)
    _check_path(path)
    settings = {"connections": connections, "duration_s": duration, **plan}
    made = _plan([target], path, processes, rate, settings)
    _check_urls([target], made, path)
    with Bench({_name(target): target}, processes=processes, screen=screen) as bench:
        bench.warm_up(made, path)
        return bench.conclude(bench.step(made, path, 1, _title(made, path)).servers[0])


def race(
    targets: Mapping[str, Server | str],
    *,
    connections: int = 50,
    duration: float | None = None,
    path: str = "",
    rounds: int = ROUNDS,
    rate: float | Arrivals | None = None,
    processes: int = 1,
    screen: Screen | None = None,
    **plan: Any,
) -> Report:
    """The same load on each of `targets`, in turns, and who won.

    `targets` names servers or URLs: `race({"async": fast, "threads": slow}, path="/users/1")`.
    Each gets `duration` seconds in all, ten by default, in `rounds` turns, and warm_up_s more in
    each. A schedule, as a spike, is run whole in each turn: `duration` is then that of a turn, its
    warm-up included. A server is measured as a twin in a process of its own. All else as in `load`.

    >>> from asyncweb import App, AsyncServer, ThreadServer
    >>> class Quiet:  # a screen that shows nothing
    ...     def update(self, frame): ...
    ...     def close(self): ...
    >>> app = App()
    >>> home = app.get("/")(lambda ctx: "Hello")
    >>> servers = {"async": AsyncServer(app), "threads": ThreadServer(app)}
    >>> report = race(servers, connections=2, duration=0.1, rounds=1, screen=Quiet())
    >>> report.verdict
    'With 2 connections ...'
    """
    _check_race(targets, rounds)
    _check_path(path)
    settings = {"connections": connections, "duration_s": duration, **plan}
    made = _plan(targets.values(), path, processes, rate, settings)
    if not shape_s(made.arrivals):
        made = replace(made, duration_s=made.warm_up_s + made.lasts_s / rounds)
    _check_urls(targets.values(), made, path)
    with Bench(targets, twins=True, processes=processes, screen=screen) as bench:
        bench.warm_up(made, path)
        return bench.conclude(bench.step(made, path, rounds, _title(made, path)))


def _check_target(target: object) -> None:
    if not isinstance(target, Server | str):
        raise LoadError(f"load({target!r}): expected a started server or a URL")


def _check_race(targets: object, rounds: object) -> None:
    if not isinstance(targets, Mapping):
        raise LoadError(
            f"race({targets!r}): expected servers or URLs by their names, as in "
            'race({"async": fast, "threads": slow})'
        )
    if not isinstance(rounds, int) or rounds < 1:
        raise LoadError(f"rounds={rounds!r}: expected a whole number, 1 or more")


def _plan(
    targets: Iterable[Server | str],
    path: str,
    processes: int,
    rate: float | Arrivals | None,
    settings: Mapping[str, Any],
) -> Plan:
    """The load on the first of `targets`. Raises LoadError when it cannot be made."""
    if not isinstance(processes, int) or processes < 1:
        raise LoadError(f"processes={processes!r}: expected a whole number, 1 or more")
    arrivals = constant(rate) if isinstance(rate, int | float) else rate
    first = next(iter(targets), "http://nowhere")  # who measures nothing is told so later
    url = url_of(first, path, bool(settings.get("message")))
    try:
        plan = Plan(url, arrivals=arrivals, **settings)
    except TypeError as error:
        raise LoadError(f"a load has no such setting: {error}") from None
    for share in plan.shared(processes):
        check_size(share)
    return plan


def _check_urls(targets: Iterable[Server | str], plan: Plan, path: str) -> None:
    for target in targets:
        if isinstance(target, str):
            check_reachable(replace(plan, url=url_of(target, path)))


def _check_path(path: object) -> None:
    if not isinstance(path, str) or (path and not path.startswith("/")):
        raise LoadError(f"path={path!r}: expected a path such as '/{path}'")


def _name(target: Server | str) -> str:
    return target.name if isinstance(target, Server) else target


def _title(plan: Plan, path: str) -> str:
    asked = f"{plan.method} {path or '/'}"
    if plan.mix:
        asked = f"{len(plan.mix)} kinds of requests"
    elif plan.is_websocket:
        asked = f"messages to {path or '/'}"
    return ", ".join(filter(None, [asked, f"{plan.connections:,} connections", plan.schedule]))
