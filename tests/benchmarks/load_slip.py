"""Open loop: how late does our load send what is due, up to 80 % of its ceiling?

    python -m tests.benchmarks.load_slip [--json FILE] [--rounds N] [--seconds S]

Rule: the ceiling is measured anew in each round, next to the rates that are shares of it: a machine
that is slow for a while has a low one. The goal: on a quiet machine one request in 100 at most is
sent more than 1 ms late.
"""

from __future__ import annotations

import statistics

from rich.console import Console
from rich.table import Table

from asyncweb.loadtest.arrivals import constant
from asyncweb.loadtest.plan import Plan
from asyncweb.loadtest.run import LoadProcess
from tests.benchmarks.own_load import a_load_on, ceiling_rps, keep, options, spelled
from tests.benchmarks.shapes import CONNECTIONS

SHARES = (0.01, 0.1, 0.5, 0.8)  # of the ceiling
GOAL_SHARE, GOAL_MS = 0.8, 1.0
Figures = dict[str, float]


def main() -> None:
    said = options("load_slip", __doc__ or "", rounds=5, seconds=2.0)
    rounds: dict[float, list[Figures]] = {share: [] for share in SHARES}
    with a_load_on() as (load, url):
        for number in range(said.rounds):
            ceiling = ceiling_rps(load, url)
            for share in SHARES if number % 2 == 0 else reversed(SHARES):
                rounds[share].append(one_turn(load, url, share * ceiling, said.seconds))
    Console().print(table(rounds))
    Console().print(verdict(rounds[GOAL_SHARE]))
    keep(said.json, {f"{share:g}": of_one for share, of_one in rounds.items()})


def one_turn(load: LoadProcess, url: str, rate_rps: float, seconds: float) -> Figures:
    """What came of asking for `rate_rps`."""
    plan = Plan(url, CONNECTIONS, seconds, arrivals=constant(rate_rps))
    result = load.run(plan)
    assert not result.errors, result.errors
    return {
        "rate_rps": rate_rps,
        "reached": result.throughput_rps / rate_rps,
        "slip_p50_ms": 1e3 * result.slips.percentile(0.5),
        "slip_p99_ms": 1e3 * result.slips.percentile(0.99),
        "due_p50_ms": 1e3 * result.latency.percentile(0.5),
        "sent_p50_ms": 1e3 * result.service.percentile(0.5),
        "client_cpu": result.client_cpu,
        "dropped": float(result.dropped),
    }


def table(rounds: dict[float, list[Figures]]) -> Table:
    """The medians and their range."""
    shown = Table(title="how late our open loop is, in ms", title_justify="left")
    columns = ("of the ceiling", "requests/s", "reached", "slip p50", "slip p99",
               "p50 since due", "p50 since sent", "own CPU")  # fmt: skip
    for column in columns:
        shown.add_column(column, justify="right")
    names = ("slip_p50_ms", "slip_p99_ms", "due_p50_ms", "sent_p50_ms", "client_cpu")
    for share, of_one in rounds.items():
        shown.add_row(
            f"{share:.0%}",
            f"{statistics.median(figures['rate_rps'] for figures in of_one):,.0f}",
            f"{statistics.median(figures['reached'] for figures in of_one):.1%}",
            *(spelled([figures[name] for figures in of_one]) for name in names),
        )
    return shown


def verdict(rounds: list[Figures]) -> str:
    """Whether the goal is met."""
    found_ms = statistics.median(figures["slip_p99_ms"] for figures in rounds)
    word = "met" if found_ms < GOAL_MS else "NOT met"
    return f"{word}: slip p99 at {GOAL_SHARE:.0%} is {found_ms:.2f} ms, goal {GOAL_MS:g} ms"


if __name__ == "__main__":
    main()
