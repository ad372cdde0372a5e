"""A server that stalls for a second in every five: what is told of it, and what is true.

    python -m tests.benchmarks.load_truth [--json FILE] [--rounds N] [--seconds S]

Rule: the truth is computed and not measured. Of requests that are due evenly, a share of
(1 s - x) / 5 s waits longer than x, so that p99 is 0.95 s and p90 0.50 s (`Pause.wait_s`). The
goal: p99 since a request was due is within 10 % of that. Beside it stand the latency since the
send, and what wrk says, if it is installed: that guesses, at the end, what a stall has kept it from
asking. A turn takes whole periods. What waited through a stall is answered after it, one by one,
which the truth leaves out: that shows in p90.
"""

from __future__ import annotations

import math
import statistics

from rich.console import Console
from rich.table import Table

from asyncweb.lab.calm import await_calm
from asyncweb.lab.claims import wrk
from asyncweb.lab.trouble import Pause
from asyncweb.loadtest.arrivals import constant
from asyncweb.loadtest.plan import Plan
from asyncweb.loadtest.run import LoadProcess
from tests.benchmarks.own_load import a_load_on, keep, options, spelled
from tests.benchmarks.servers import PYTHON, Entry
from tests.benchmarks.shapes import Shape

STALL = Pause.read("1s/5s")
STALLING = Shape("stalling", "stalls", path="/tea?freeze=1s/5s", answer=b"200\n")
FAULTS = Entry(
    "faults",
    lambda port, shape: [
        PYTHON, "-m", "asyncweb", "serve", "asyncweb.lab.faults:app", "--port", str(port),
    ],
)  # fmt: skip
CONNECTIONS, RATE_RPS = 4, 200
CALM_S = 1.0  # after the end of a stall; there is none for a while
FRACTIONS = {"p90": 0.9, "p99": 0.99, "p99.9": 0.999}
GOAL = 0.10
OURS, FROM_SEND, WRK = "since due", "since sent", "wrk, closed loop"


def main() -> None:
    said = options("load_truth", __doc__ or "", rounds=2, seconds=2 * STALL.every_s)
    seconds = math.ceil(said.seconds / STALL.every_s) * STALL.every_s
    found: dict[str, list[dict[str, float]]] = {}
    with a_load_on(STALLING, FAULTS) as (load, url):
        for _ in range(said.rounds):
            for name, figures in one_round(load, url, seconds):
                found.setdefault(name, []).append(figures)
    Console().print(table(found))
    Console().print(verdict(found[OURS]))
    keep(said.json, found)


def one_round(load: LoadProcess, url: str, seconds: float) -> list[tuple[str, dict[str, float]]]:
    """What is told of the same server by ours, twice, and by wrk."""
    await_calm(STALL, CALM_S)
    plan = Plan(url, CONNECTIONS, seconds, arrivals=constant(RATE_RPS))
    result = load.run(plan)
    if result.errors or result.dropped:
        raise wrk.LoadFailed(f"{result.errors}, {result.dropped} dropped")
    told = [
        (OURS, {name: result.latency.percentile(part) for name, part in FRACTIONS.items()}),
        (FROM_SEND, {name: result.service.percentile(part) for name, part in FRACTIONS.items()}),
    ]
    if wrk.is_here():
        await_calm(STALL, CALM_S)
        told.append((WRK, wrk.asked(url, CONNECTIONS, seconds, None).latency_s))
    return told


def table(found: dict[str, list[dict[str, float]]]) -> Table:
    """The truth, and what is told."""
    shown = Table(title="a server that stalls 1 s in every 5, in seconds", title_justify="left")
    shown.add_column("latency")
    for name in FRACTIONS:
        shown.add_column(name, justify="right")
    shown.add_row("the truth", *(f"{STALL.wait_s(part):.3f}" for part in FRACTIONS.values()))
    for who, rounds in found.items():
        cells = [[figures[name] for figures in rounds if name in figures] for name in FRACTIONS]
        shown.add_row(who, *(spelled(values, 3) if values else "" for values in cells))
    return shown


def verdict(rounds: list[dict[str, float]]) -> str:
    """Whether the goal is met."""
    found_s, true_s = statistics.median(turn["p99"] for turn in rounds), STALL.wait_s(0.99)
    off = found_s / true_s - 1
    word = "met" if abs(off) < GOAL else "NOT met"
    return f"{word}: p99 since due is {found_s:.3f} s, {off:+.1%} of the truth, goal {GOAL:.0%}"


if __name__ == "__main__":
    main()
