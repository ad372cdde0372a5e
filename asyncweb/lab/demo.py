"""The demo: both servers, each in its own process, under a load that climbs in steps.

Rule: nothing is told that was not measured in this very run.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import RenderableType

from asyncweb.app import App
from asyncweb.context import Context
from asyncweb.dashboard.screen import Screen
from asyncweb.errors import LoadError
from asyncweb.lab.bench import Bench
from asyncweb.lab.report import Report, table_and_words
from asyncweb.lab.shown import Shown
from asyncweb.loadtest.plan import Plan
from asyncweb.loadtest.size import check_size
from asyncweb.servers.aio import AsyncServer
from asyncweb.servers.threads import ThreadServer

PATH = "/users/1"
STEPS = (50, 250, 1000)
ROUNDS, SERVERS = 2, 2
AROUND_S = 5.0  # starting, warming up and stopping
LEAST_TURN_S = 0.25


@dataclass(frozen=True, slots=True)
class Scenario:
    """What the demo does: how long, how many clients, how long each handler waits."""

    duration_s: float = 30.0
    connections: int | None = None  # None: climb through STEPS
    wait_ms: float = 10.0
    max_threads: int | None = None  # of the thread server; None: one for each connection

    def __post_init__(self) -> None:
        least_s = AROUND_S + self.turns * LEAST_TURN_S
        if not least_s <= self.duration_s < float("inf"):
            raise LoadError(
                f"a demo of {self.duration_s!r} s: expected {least_s:g} s or more, so that "
                f"{self.turns} turns have room in it"
            )
        if not 0 <= self.wait_ms <= 60_000:
            raise LoadError(f"wait of {self.wait_ms!r} ms: expected 0 to 60000")

    @property
    def steps(self) -> Sequence[int]:
        """The numbers of connections, one step after the other."""
        return STEPS if self.connections is None else (self.connections,)

    @property
    def turns(self) -> int:
        """How often a server is loaded, one after the other."""
        return len(self.steps) * ROUNDS * SERVERS

    @property
    def turn_s(self) -> float:
        """How long one server is loaded at a time, in seconds."""
        return (self.duration_s - AROUND_S) / self.turns

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "path": PATH,
            "wait_ms": self.wait_ms,
            "connections": list(self.steps),
            "rounds": ROUNDS,
            "turn_s": self.turn_s,
            "max_threads": self.max_threads,
        }


@dataclass(frozen=True, repr=False)
class Outcome(Shown):
    """The demo's result: a report for each step; the last one decides."""

    scenario: Scenario
    steps: tuple[Report, ...]

    @property
    def last(self) -> Report:
        """The step with the most connections that was reached."""
        return self.steps[-1]

    @property
    def verdict(self) -> str:
        """What the class has seen, in plain words."""
        return self.last.verdict

    @property
    def interrupted(self) -> bool:
        """Whether Ctrl-C ended it early."""
        return self.last.interrupted

    def __rich__(self) -> RenderableType:
        servers = [server for step in self.steps for server in step.servers]
        return table_and_words(servers, [self.verdict])

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON, in seconds and bytes."""
        return {
            "scenario": self.scenario.to_dict(),
            "servers": [server.to_dict() for server in self.last.servers],
            "steps": [
                {
                    "connections": step.servers[0].connections,
                    "servers": [server.to_dict() for server in step.servers],
                }
                for step in self.steps
            ],
            "limited_by": self.last.limited_by,
            "verdict": self.verdict,
        }


def demo_app(wait_ms: float) -> App:
    """The article's example: a handler that waits for something else, then answers."""
    app = App()
    wait_s = wait_ms / 1000

    @app.get("/users/{id:int}")
    async def user(ctx: Context) -> dict[str, Any]:
        await ctx.sleep(wait_s)
        return {"id": ctx.params["id"], "name": "User"}

    return app


def run_demo(scenario: Scenario, screen: Screen | None = None) -> Outcome:
    """Runs the demo and shows it live. Ctrl-C ends it with what was found until then."""
    app = demo_app(scenario.wait_ms)
    plans = [
        Plan("http://target", connections=connections, duration_s=scenario.turn_s)
        for connections in scenario.steps
    ]
    for plan in plans:
        check_size(plan)
    targets = {
        "async": AsyncServer(app),
        "threads": ThreadServer(app, max_threads=scenario.max_threads),
    }
    reports: list[Report] = []
    with Bench(targets, twins=True, screen=screen) as bench:
        bench.warm_up(plans[0], PATH)
        for plan in plans:
            title = f"{plan.connections:,} clients, each request waits {scenario.wait_ms:g} ms"
            reports.append(bench.step(plan, PATH, ROUNDS, title))
            if reports[-1].interrupted:
                break
        return bench.conclude(Outcome(scenario, tuple(reports)))
