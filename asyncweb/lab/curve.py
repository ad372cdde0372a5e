"""Throughput as a number grows: connections in a pool, or worker processes.

Rule: the numbers take turns, and every other time in reverse order, so that whatever else the
machine does meanwhile meets them all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from asyncweb.errors import LoadError
from asyncweb.lab.shown import Shown
from asyncweb.lab.target import joined
from asyncweb.loadtest.plan import Plan
from asyncweb.loadtest.result import Result
from asyncweb.loadtest.rounds import Rounds
from asyncweb.loadtest.run import LoadProcess

if TYPE_CHECKING:
    from rich.table import Table

    from asyncweb.loadtest.plot import Plot

WARM_UP_S = 0.3


class Reachable(Protocol):
    """A server, ours or of others."""

    @property
    def url(self) -> str:
        """Where: "http://127.0.0.1:8000"."""


@dataclass(frozen=True, repr=False)
class Curve(Shown, Mapping[int, Rounds]):
    """What was measured at each number: `curve[4].throughput_rps`.

    `ideal` has, for each number, the answers per second that nothing could exceed, or that would
    be wished for. `bend`, if it is known, is the number at which more can no longer help, and why.

    >>> from asyncweb.metrics.histogram import Histogram
    >>> def found(requests):
    ...     return Rounds([Result("/", 2, 1.0, requests, 0, Histogram([0.01] * requests))])
    >>> curve = Curve("workers", {1: found(10), 2: found(15)}, {1: 10.0, 2: 20.0}, (2, "two cores"))
    >>> list(curve), curve[2].throughput_rps, curve.gain(2)
    ([1, 2], 15.0, 1.5)
    >>> print(curve.says)
    1 workers: 10.0/s, at best 10.0/s; 2 workers: 15.0/s, at best 20.0/s. More than 2: two cores.
    """

    what: str
    found: Mapping[int, Rounds]
    ideal: Mapping[int, float]
    bend: tuple[int, str] | None = None

    def gain(self, number: int) -> float:
        """How many times as much as at the first number. Raises LoadError when that is nothing."""
        first, rounds = next(iter(self.found.items()))
        if not rounds.throughput_rps:
            raise LoadError(f"{first} {self.what} answered nothing in time; measure for longer")
        return self.found[number].throughput_rps / rounds.throughput_rps

    @property
    def says(self) -> str:
        """The picture in words."""
        from asyncweb.drawing import units

        said = [
            f"{number} {self.what}: {units.rate(rounds.throughput_rps)}, "
            f"at best {units.rate(self.ideal[number])}"
            for number, rounds in self.found.items()
        ]
        end = f" More than {self.bend[0]}: {self.bend[1]}." if self.bend else ""
        return f"{'; '.join(said)}.{end}"

    def plot(self) -> Plot:
        """Throughput beside the ideal, and latency. Raises LoadError without matplotlib."""
        from asyncweb.lab.curve_plot import plot

        return plot(self)

    def __getitem__(self, number: int) -> Rounds:
        return self.found[number]

    def __iter__(self) -> Iterator[int]:
        return iter(self.found)

    def __len__(self) -> int:
        return len(self.found)

    def __rich__(self) -> Table:
        from rich.table import Table

        from asyncweb.drawing import units

        table = Table(self.what, "answers", "at best", "p50", "p99", "errors")
        for number, rounds in self.found.items():
            latency = rounds.latency_s
            rates = units.rate(rounds.throughput_rps), units.rate(self.ideal[number])
            times = units.seconds(latency["p50"]), units.seconds(latency["p99"])
            table.add_row(str(number), *rates, *times, units.errors(rounds.errors))
        return table

    def __repr__(self) -> str:
        return f"<Curve. {self.says}>"


def curve(
    what: str,
    numbers: Sequence[int],
    at: Callable[[int], AbstractContextManager[Reachable]],
    load: Mapping[str, Any],
    *,
    ideal: Callable[[int], float] | None = None,
    bend: tuple[int, str] | None = None,
    rounds: int = 2,
) -> Curve:
    """The same load on `at(number)`, a server that starts and stops, for each of `numbers`.

    `load` has the settings of `asyncweb.load`: connections, and `duration`, the seconds of each
    turn after its warm-up; also path, processes and others. `ideal(number)` is the throughput that
    is best; left out, it is the first one's, times the number. Raises LoadError for a load that
    cannot be made.

    >>> from asyncweb import App, AsyncServer
    >>> app = App()
    >>> home = app.get("/")(lambda ctx: "Hello")
    >>> load = {"connections": 2, "duration": 0.1}
    >>> found = curve("servers", [1, 2], lambda number: AsyncServer(app), load, rounds=1)
    >>> found[1].requests > 0, found.ideal[2] == 2 * found.ideal[1]
    (True, True)
    """
    results: dict[int, list[Result]] = {number: [] for number in numbers}
    with LoadProcess(load.get("processes", 1)) as generator:
        for number in _turns(numbers, rounds):
            with at(number) as server:
                results[number].append(generator.run(_plan(server, load)))
    found = {number: Rounds(of_number) for number, of_number in results.items()}
    first = numbers[0]
    best = ideal or (lambda number: found[first].throughput_rps * number / first)
    return Curve(what, found, {number: best(number) for number in numbers}, bend)


def _turns(numbers: Sequence[int], rounds: int) -> Iterator[int]:
    for turn in range(rounds):
        yield from numbers if turn % 2 == 0 else reversed(numbers)


def _plan(server: Reachable, load: Mapping[str, Any]) -> Plan:
    """What is asked of `server`, in the words of a Plan, after a warm-up that does not count."""
    warm_up_s = load.get("warm_up_s", WARM_UP_S)
    words = {**load, "duration_s": warm_up_s + load["duration"], "warm_up_s": warm_up_s}
    url = joined(server.url, load.get("path", ""))
    own = ("path", "processes", "duration")
    return Plan(url, **{name: value for name, value in words.items() if name not in own})
