"""What it costs a request to be watched: processor time with `watch` and without, in turns.

    python -m tests.benchmarks.timeline_cost [--json FILE] [--rounds N] [--seconds S]

Rule: server and watcher share this process, and the load comes from another one; what is measured
is the processor time of this process for each answer. The goal: to watch 1,000 requests costs less
than a tenth of a second, so that nobody has to remember to end it.
"""

from __future__ import annotations

import statistics
import time
from contextlib import nullcontext

from rich.console import Console

from asyncweb import App, AsyncServer, ThreadServer
from asyncweb.lab.timeline import watch
from asyncweb.loadtest.plan import Plan
from asyncweb.loadtest.run import LoadProcess
from asyncweb.servers.base import Server
from tests.benchmarks.own_load import keep, options

CONNECTIONS = 20
GOAL_US = 100.0


def main() -> None:
    said = options("timeline_cost", __doc__ or "", rounds=10, seconds=0.5)
    app = App()
    app.get("/plain")(lambda ctx: "hello")

    @app.get("/waits")
    async def waits(ctx):
        await ctx.sleep(0.001)
        return "hello"

    found: dict[str, dict[str, float]] = {}
    with LoadProcess(1) as load:
        for make in (AsyncServer, ThreadServer):
            for path in ("/plain", "/waits"):
                with make(app) as server:
                    name = f"{server.engine} {path}"
                    found[name] = compared(load, server, path, said.rounds, said.seconds)
                Console().print(name, {key: round(value, 1) for key, value in found[name].items()})
    worst = max(one["watched_us"] - one["alone_us"] for one in found.values())
    Console().print(f"the dearest costs {worst:.1f} µs more; goal: at most {GOAL_US:.0f} µs")
    keep(said.json, found)


def compared(
    load: LoadProcess, server: Server, path: str, rounds: int, seconds: float
) -> dict[str, float]:
    """µs for each answer, medians of interleaved rounds; `alone_again_us` is the A/A."""
    costs: dict[str, list[float]] = {"alone_us": [], "watched_us": [], "alone_again_us": []}
    for number in range(rounds + 1):
        names = list(costs) if number % 2 == 0 else list(reversed(costs))
        for name in names:
            with watch(server) if name == "watched_us" else nullcontext():
                cost_us = one_turn(load, server.url + path, seconds)
            if number:  # the first round warms up
                costs[name].append(cost_us)
    return {name: statistics.median(values) for name, values in costs.items()}


def one_turn(load: LoadProcess, url: str, seconds: float) -> float:
    """The processor time of this process for each answer, in µs."""
    began = time.process_time()
    result = load.run(Plan(url, CONNECTIONS, seconds))
    assert not result.errors, result.errors
    return 1e6 * (time.process_time() - began) / result.requests


if __name__ == "__main__":
    main()
