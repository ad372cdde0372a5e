"""What we want to reach, and how far a run of the benchmarks says that we are.

    python -m tests.benchmarks.goals FILE

FILE is what `python -m tests.benchmarks --json FILE` has kept. Rule: a goal is a ratio to another
server in the same run, and stands beside the one of ours to itself.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.benchmarks.book import Book
from tests.benchmarks.measures import IDLE, START
from tests.benchmarks.report import COLUMNS, OF_SHAPES
from tests.benchmarks.servers import AGAIN, LIMIT, OURS

SERVE, DEAF, ONION = "asyncweb serve", "asyncweb, no observer", "asyncweb, three middlewares"
CPU = next(iter(OF_SHAPES))
BYTES = next(iter(COLUMNS[IDLE]))
FIRST_ANSWER, BASE = COLUMNS[START]


@dataclass(frozen=True)
class Goal:
    """`figure` of `server` shall be at most `most` times that of `other`."""

    measure: str
    figure: str
    server: str
    other: str
    most: float


GOALS = [
    Goal("hello", CPU, OURS, LIMIT, 1.6),
    Goal("hello", CPU, OURS, "uvicorn", 0.45),
    Goal("hello", CPU, OURS, "granian", 0.65),
    Goal("task", CPU, OURS, "uvicorn", 0.55),
    Goal("hello", CPU, ONION, "uvicorn", 0.6),
    *(
        Goal(shape, CPU, OURS, other, 1.0)
        for shape in ("json", "route", "large", "upload", "pipelined")
        for other in ("uvicorn", "sanic", "aiohttp", "blacksheep")
    ),
    Goal("hello", CPU, OURS, DEAF, 1.03),
    Goal(IDLE, BYTES, OURS, LIMIT, 1.5),
    *(Goal(IDLE, BYTES, OURS, other, 1.0) for other in ("granian", "uvicorn", "node")),
    Goal(START, BASE, SERVE, LIMIT, 1.25),
    Goal(START, FIRST_ANSWER, SERVE, LIMIT, 1.3),
    *(
        Goal("hello", CPU, "asyncweb threads", other, 1.0)
        for other in ("waitress", "cheroot", "gunicorn gthread")
    ),
]


def main() -> None:
    parser = argparse.ArgumentParser(prog="goals", description=__doc__.partition("\n")[0])
    parser.add_argument("figures", type=Path)
    Console().print(table(Book.kept(parser.parse_args().figures)))


def table(book: Book) -> Table:
    """Each goal that was measured: what it is, what it shall be, and how ours repeats itself."""
    told = Table("what", "of", "is", "at most", "ours again", "")
    for goal, found in _measured(book):
        band = book.ratio(goal.measure, AGAIN, OURS, goal.figure)
        told.add_row(
            f"{goal.server}: {goal.measure}, {goal.figure}",
            goal.other,
            f"{found:.2f}",
            f"{goal.most:g}",
            f"{band:.2f}" if band else "",
            "met" if found <= goal.most else "missed",
        )
    return told


def _measured(book: Book) -> Iterator[tuple[Goal, float]]:
    for goal in GOALS:
        found = book.ratio(goal.measure, goal.server, goal.other, goal.figure)
        if found is not None:
            yield goal, found


if __name__ == "__main__":
    main()
