"""Two loads beside each other, and whether they differ at all.

Rule: a difference that the same load shows against itself is none.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from asyncweb.drawing import units
from asyncweb.errors import LoadError
from asyncweb.loadtest.noise import ENOUGH_ROUNDS, Figure, figures
from asyncweb.loadtest.result import Result
from asyncweb.loadtest.rounds import Rounds

SAME = ("connections", "schedule", "think_s")  # what has to be the same for both loads


@dataclass(frozen=True, slots=True)
class Comparison:
    """What `compare` found: `print` it.

    >>> from asyncweb.metrics.histogram import Histogram
    >>> def rounds(*rates):
    ...     latency = Histogram([0.1, 0.2])
    ...     return Rounds([Result("/", 1, 1.0, rate, 0, latency) for rate in rates])
    >>> found = compare(rounds(100, 101, 99, 100), rounds(201, 200, 199, 200))
    >>> [(figure.name, figure.is_plain) for figure in found.figures]
    [('throughput', True), ('p50', False), ('p99', False)]
    >>> str(found) == found.verdict, found.rounds, found.is_plain
    (True, 4, True)
    """

    figures: tuple[Figure, ...]  # throughput in requests/s, p50 and p99 in s; none without answers
    names: tuple[str, str]
    rounds: int  # of the load with fewer of them
    remarks: tuple[str, ...] = ()  # what else there is to know

    @property
    def is_plain(self) -> bool:
        """Whether the loads differ by more than noise; never so with less than four rounds."""
        return self.rounds >= ENOUGH_ROUNDS and any(figure.is_plain for figure in self.figures)

    @property
    def verdict(self) -> str:
        """How a and b differ, or that nobody can tell, in plain words."""
        return " ".join(self._sentences())

    def __str__(self) -> str:
        return self.verdict

    def _sentences(self) -> Iterator[str]:
        if not self.figures:
            yield "There is nothing to compare: not both loads were answered."
        for figure in self.figures:
            yield self._told(figure)
        if self.figures and self.rounds < ENOUGH_ROUNDS:
            yield (
                "So few rounds prove little, whatever they show: a machine that was busy with "
                f"something else looks the same. Measure {ENOUGH_ROUNDS} rounds of each or more, "
                "in turns, as race does."
            )
        yield from self.remarks

    def _told(self, figure: Figure) -> str:
        write = units.rate if figure.name == "throughput" else units.seconds
        a, b = (
            f"{name} {write(value)}"
            for name, value in zip(self.names, (figure.a, figure.b), strict=True)
        )
        if not figure.is_plain:
            return f"{figure.name}: {a}, {b}; no verdict, {figure.doubt}."
        which = self.names[figure.b > figure.a]
        return (
            f"{figure.name}: {a}, {b}; that of {which} is {figure.factor:.2f} times as large, and "
            f"the noise is {figure.noise:.2f} times."
        )


def compare(
    a: Result | Rounds, b: Result | Rounds, names: tuple[str, str] = ("a", "b")
) -> Comparison:
    """Whether the loads `a` and `b` differ, by more than each of them differs from itself.

    How far that is, says `noise.figures`; of fewer than four rounds the verdict says that they
    prove little. Raises LoadError for loads that were not the same.
    """
    loads = [load if isinstance(load, Rounds) else Rounds((load,)) for load in (a, b)]
    _check_same(loads)
    return Comparison(
        figures=figures(*loads) if all(load.requests for load in loads) else (),
        names=names,
        rounds=min(len(load.results) for load in loads),
        remarks=tuple(_remarks(loads, names)),
    )


def _check_same(loads: list[Rounds]) -> None:
    results = [result for load in loads for result in load.results]
    for name in SAME:
        values = {getattr(result, name): None for result in results}
        if len(values) > 1:
            told = " and ".join(repr(value) for value in values)
            raise LoadError(f"compare: {name} is {told}; expected the same load on both")


def _remarks(loads: list[Rounds], names: tuple[str, str]) -> Iterator[str]:
    for load, name in zip(loads, names, strict=True):
        if load.errors:
            yield f"Errors of {name}: {units.errors(load.errors)}."
        if load.requests and load.limited_by != "server":
            yield f"What limited {name} was not the server: {load.limited_by}."
