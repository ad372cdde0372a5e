"""Whether our servers cost what they usually do, beside the physical limit: a short run.

    python -m tests.benchmarks.check

Rule: a ratio is a failure only when it is far above the usual one three times in a row. Noise is
not that persistent; code that costs half as much again is.
"""

from __future__ import annotations

import sys

from rich.console import Console
from rich.table import Table

from tests.benchmarks.book import Book
from tests.benchmarks.measures import IDLE, START, this_machine
from tests.benchmarks.report import ratio
from tests.benchmarks.rounds import Rounds
from tests.benchmarks.servers import LIMIT, OURS, SERVERS

THREADS, POOL, SERVE = "asyncweb threads", "asyncweb pool", "asyncweb serve"
# What is usual: CPU per request (bytes per idle connection, time to the first answer) to the
# limit's. Measure anew and write it here when it has become better.
USUAL = {
    ("hello", OURS): 1.7,
    ("varied", OURS): 2.4,
    ("task", OURS): 2.6,
    ("json", OURS): 2.1,
    ("upload", OURS): 1.9,
    ("close", OURS): 1.6,
    ("hello", THREADS): 3.5,
    ("hello", POOL): 3.5,
    (IDLE, OURS): 1.4,
    (START, SERVE): 1.8,
}
TOO_MUCH = 1.3  # times what is usual
TRIES, ROUNDS, SECONDS = 3, 3, 1


def main() -> int:
    table = Table("measure", "server", "usual", "now", title=f"cost, of {LIMIT}")
    faults = 0
    for measure in dict.fromkeys(measure for measure, _ in USUAL):
        servers = [server for one, server in USUAL if one == measure]
        for server, found in _measured(measure, servers).items():
            is_fault = found > TOO_MUCH * USUAL[measure, server]
            faults += is_fault
            style = "bold red" if is_fault else ""
            usual = f"{USUAL[measure, server]:.2f}"
            table.add_row(measure, server, usual, f"{found:.2f}", style=style)
    Console(width=100).print(table)
    return 1 if faults else 0


def _measured(measure: str, servers: list[str]) -> dict[str, float]:
    """The best ratio of each server; it is tried again while one is too high."""
    best: dict[str, float] = {}
    for _ in range(TRIES):
        for server, found in _ratios(measure, servers).items():
            best[server] = min(found, best.get(server, found))
        if all(best[server] <= TOO_MUCH * USUAL[measure, server] for server in servers):
            break
    return best


def _ratios(measure: str, servers: list[str]) -> dict[str, float]:
    book = Book(None, SECONDS, {})
    entries = [SERVERS[name] for name in (LIMIT, *servers)]
    with Rounds(book, measure, entries, SECONDS, this_machine()) as rounds:
        for _ in rounds.run(ROUNDS):
            pass
    for name in (LIMIT, *servers):
        if failure := book.failure(measure, name):
            raise SystemExit(f"{measure}, {name}: {failure}")
    return {name: ratio(book, measure, name, LIMIT) or 0.0 for name in servers}


if __name__ == "__main__":
    sys.exit(main())
