"""One measure of many servers, in turns: whatever disturbs the machine disturbs them all alike.

Rule: each round visits all servers, and the next one in the other direction. Each time it is a new
process: where its memory happens to lie alone can make a server a third faster or slower than the
same one again. A server that fails is told of and left out; the others go on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import psutil

from asyncweb.lab.claims.pinning import Cores
from tests.benchmarks import measures
from tests.benchmarks.book import Book
from tests.benchmarks.measures import IDLE, START
from tests.benchmarks.running import NotRunning, Running
from tests.benchmarks.servers import Entry
from tests.benchmarks.shapes import SHAPES, Shape
from tests.benchmarks.wrk import LoadFailed

AT_MOST = {IDLE: 3}  # rounds: each takes long, and differs little from the others
FAULTS = (NotRunning, LoadFailed, OSError, psutil.Error)


class Rounds:
    """The servers that are measured."""

    def __init__(
        self, book: Book, measure: str, entries: Sequence[Entry], seconds: int, cores: Cores
    ):
        self._book, self._measure, self._entries = book, measure, entries
        self._seconds, self._cores = seconds, cores

    def run(self, rounds: int) -> Iterator[tuple[int, int]]:
        """Measures what the book lacks; yields how many figures are there, of how many."""
        rounds = min(rounds, AT_MOST.get(self._measure, rounds))
        done, total = 0, rounds * len(self._entries)
        for number in range(rounds):
            for entry in self._entries if number % 2 else reversed(self._entries):
                if not self._book.has(self._measure, entry.name, number):
                    self._book.write(self._measure, entry.name, self._figure(entry))
                done += 1
                yield done, total

    def _figure(self, entry: Entry) -> dict[str, float] | str:
        try:
            if self._measure == IDLE:
                return measures.idle(entry.name, self._cores)
            if self._measure == START:
                return measures.start(entry.name, self._cores)
            return self._cost(entry, SHAPES[self._measure])
        except FAULTS as error:
            return f"{type(error).__name__}: {error}"

    def _cost(self, entry: Entry, shape: Shape) -> dict[str, float]:
        with Running(entry, shape, self._cores.server) as server:
            measures.cost(server, shape, measures.WARM_S, self._cores)
            return measures.cost(server, shape, self._seconds, self._cores)
