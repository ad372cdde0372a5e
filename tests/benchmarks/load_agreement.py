"""Closed loop, half of the ceiling: does our latency agree with wrk's?

    python -m tests.benchmarks.load_agreement [--json FILE] [--rounds N] [--seconds S]

Rule: both ask one server from the same core, with as many connections, in turns, each of them twice
in a round. What each differs from itself is the A/A band: that of both together, since neither is
known better. The server answers after a fixed wait, which holds the rate at half of what we could
ask. The goal: p50 and p99 of both agree within the band. Needs wrk.
"""

from __future__ import annotations

import statistics

from rich.console import Console
from rich.table import Table

from asyncweb.lab.claims import wrk
from asyncweb.lab.claims.pinning import this_machine
from asyncweb.loadtest.plan import Plan
from asyncweb.loadtest.run import LoadProcess
from tests.benchmarks.apps.sizes import WAIT_S
from tests.benchmarks.own_load import a_load_on, ceiling_rps, keep, options, spelled
from tests.benchmarks.servers import LIMIT, SERVERS
from tests.benchmarks.shapes import SHAPES

SHARE = 0.5  # of the ceiling
OURS, OURS_AGAIN, WRK, WRK_AGAIN = "asyncweb", "asyncweb again", "wrk", "wrk again"
ORDER = (OURS, WRK, OURS_AGAIN, WRK_AGAIN)
FIGURES = ("p50", "p99")
Turns = dict[str, list[dict[str, float]]]


def main() -> None:
    said = options("load_agreement", __doc__ or "", rounds=7, seconds=2.0)
    with a_load_on() as (load, url):
        connections = max(round(SHARE * ceiling_rps(load, url) * WAIT_S), 1)
    turns: Turns = {name: [] for name in ORDER}
    with a_load_on(SHAPES["wait"], SERVERS[LIMIT]) as (load, url):
        for number in range(said.rounds):
            for name in ORDER if number % 2 == 0 else reversed(ORDER):
                turns[name].append(one_turn(name, load, url, connections, said.seconds))
    Console().print(table(turns, connections))
    for figure in FIGURES:
        Console().print(verdict(turns, figure))
    keep(said.json, turns)


def one_turn(
    name: str, load: LoadProcess, url: str, connections: int, seconds: float
) -> dict[str, float]:
    """p50 and p99 in seconds, as one of them tells them."""
    if name in (WRK, WRK_AGAIN):
        return wrk.asked(url, connections, seconds, this_machine().load).latency_s
    result = load.run(Plan(url, connections, seconds))
    assert not result.errors, result.errors
    return {
        "p50": result.latency.percentile(0.5),
        "p99": result.latency.percentile(0.99),
        "requests_per_s": result.throughput_rps,
    }


def ratios(turns: Turns, figure: str, upper: str, lower: str) -> list[float]:
    """How that figure of one stands to that of the other, round by round."""
    pairs = zip(turns[upper], turns[lower], strict=True)
    return [above[figure] / below[figure] for above, below in pairs]


def band(turns: Turns, figure: str) -> float:
    """The A/A band: the factor by which one of them has differed from itself at most.

    The largest and the smallest ratio of each are left out when there are enough rounds: a machine
    that others use is disturbed now and then.

    >>> same, other = [{"p50": 1.0}] * 3, [{"p50": 1.2}, {"p50": 1.0}, {"p50": 1.0}]
    >>> band({OURS: same, OURS_AGAIN: other, WRK: same, WRK_AGAIN: same}, "p50")
    1.2
    """
    found = []
    for again, first in ((OURS_AGAIN, OURS), (WRK_AGAIN, WRK)):
        of_one = sorted(ratios(turns, figure, again, first))
        found += of_one[1:-1] if len(of_one) >= 5 else of_one
    return max(max(ratio, 1 / ratio) for ratio in found)


def verdict(turns: Turns, figure: str) -> str:
    """Whether the goal is met for that figure."""
    between = statistics.median(
        ratios(turns, figure, OURS, WRK) + ratios(turns, figure, OURS_AGAIN, WRK_AGAIN)
    )
    allowed = band(turns, figure)
    word = "met" if 1 / allowed <= between <= allowed else "NOT met"
    return f"{word}: {figure} of ours is {between:.3f} of wrk's, A/A band {allowed:.3f}"


def table(turns: Turns, connections: int) -> Table:
    """The medians and their range, in ms."""
    title = f"{connections} connections, a server that waits {1e3 * WAIT_S:g} ms: latency in ms"
    shown = Table("client", title=title, title_justify="left")
    for figure in FIGURES:
        shown.add_column(figure, justify="right")
    for name, of_one in turns.items():
        cells = ([1e3 * turn[figure] for turn in of_one] for figure in FIGURES)
        shown.add_row(name, *(spelled(cell, 3) for cell in cells))
    return shown


if __name__ == "__main__":
    main()
