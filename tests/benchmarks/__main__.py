"""Measures our servers beside others, in interleaved rounds of one run.

    pip install ".[bench]" && python -m tests.benchmarks [--json FILE] [--only NAME] [--rounds N]

Each server runs on one core and the load on another; CPU and memory are those of the server's
processes, as the system accounts them. Every round visits all servers, and the next one in the
other direction; the tables show medians. `asyncweb again` is our server a second time: what it
differs from itself is noise. With `--json FILE` a run that was broken off goes on where it was.
"""

from __future__ import annotations

import argparse
import contextlib
import sys
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from asyncweb.lab.claims.pinning import this_machine
from tests.benchmarks.book import Book
from tests.benchmarks.measures import IDLE, START
from tests.benchmarks.report import tables
from tests.benchmarks.rounds import Rounds
from tests.benchmarks.servers import SERVERS, Entry
from tests.benchmarks.shapes import SHAPES

MEASURES = [*SHAPES, IDLE, START]


def main() -> None:
    options = _options()
    servers = _chosen(options.only, options.kind)
    versions = {entry.name: entry.version() for entry in servers}
    book = Book(options.json, options.seconds, versions)
    cores = this_machine()
    console = Console(file=sys.stderr)
    for entry in servers:
        if reason := entry.missing():
            console.print(f"{entry.name} is left out: {reason}")
    present = [entry for entry in servers if not entry.missing()]
    with contextlib.suppress(KeyboardInterrupt), Progress(console=console) as progress:
        for measure in options.measure or MEASURES:
            task = progress.add_task(measure, total=None)
            rounds = Rounds(book, measure, present, options.seconds, cores)
            for done, total in rounds.run(options.rounds):
                progress.update(task, completed=done, total=total)
    for table in tables(book):
        Console().print(table)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0], prog="benchmarks")
    parser.add_argument("--json", metavar="FILE", type=Path, help="keeps all figures")
    parser.add_argument("--rounds", metavar="N", type=int, default=7)
    parser.add_argument("--seconds", metavar="S", type=int, default=2, help="of each round")
    parser.add_argument("--only", metavar="NAME", action="append", choices=list(SERVERS),
                        help=f"a server, more than once: {', '.join(SERVERS)}")  # fmt: skip
    parser.add_argument("--kind", choices=("loop", "threads"), help="leaves the others out")
    parser.add_argument("--measure", metavar="NAME", action="append", choices=MEASURES,
                        help=f"more than once: {', '.join(MEASURES)}")  # fmt: skip
    return parser.parse_args()


def _chosen(only: list[str] | None, kind: str | None) -> list[Entry]:
    chosen = [SERVERS[name] for name in only or SERVERS]
    return [entry for entry in chosen if kind in (None, entry.kind)]


if __name__ == "__main__":
    main()
