"""What somebody expects of a race, asked before it and held against what came of it.

Rule: who has said what to expect looks closer. It is asked before anything is measured, and judged
by the same figures as everything else.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from asyncweb.drawing import units
from asyncweb.errors import LoadError
from asyncweb.lab.questions import CLOSE, is_close
from asyncweb.lab.report import Measured

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Prediction:
    """Who will answer the most, and how many times as much as the slowest."""

    winner: str
    times: float

    def judged(self, servers: Sequence[Measured]) -> str:
        """What became of it.

        >>> from asyncweb.loadtest.result import Result
        >>> from asyncweb.loadtest.rounds import Rounds
        >>> from asyncweb.metrics.histogram import Histogram
        >>> def took(name, requests):
        ...     result = Result("/", 2, 1.0, requests, 0, Histogram([0.1] * requests))
        ...     return Measured(name, "url", "/", 2, Rounds([result]))
        >>> Prediction("b", 2.0).judged([took("a", 4), took("b", 12)])
        'You expected b to answer 2.0 times as much as the slowest: it was b, 3.0 times (12.0/s).'
        """
        fastest = max(servers, key=lambda server: server.throughput_rps)
        slowest = min(servers, key=lambda server: server.throughput_rps)
        said = f"You expected {self.winner} to answer {self.times:.1f} times as much as the slowest"
        if not slowest.throughput_rps:
            return f"{said}: {slowest.name} answered nothing, so there is no number of times."
        times = fastest.throughput_rps / slowest.throughput_rps
        is_as_said = fastest.name == self.winner and is_close(self.times, times, CLOSE)
        verdict = ", as you said" if is_as_said else ""
        rate = units.rate(fastest.throughput_rps)
        return f"{said}: it was {fastest.name}, {times:.1f} times ({rate}){verdict}."


def ask(names: Sequence[str], answer_to: Callable[[str], str]) -> Prediction:
    """What is expected of `names`; `answer_to(question)` gives a line, "" when nobody answers.

    Asks again after an answer that is none. Raises LoadError when nobody answers.

    >>> lines = iter(["c", "2", "many", "1.5"])
    >>> ask(["a", "b"], lambda question: next(lines))
    Prediction(winner='b', times=1.5)
    """
    choices = "  ".join(f"{number}) {name}" for number, name in enumerate(names, 1))
    numbers = {str(number): name for number, name in enumerate(names, 1)}
    known = {**numbers, **{name: name for name in names}}
    question = f"Which will answer the most requests a second?  {choices}: "
    winner = _until(lambda line: known.get(line), question, answer_to)
    question = "How many times as many as the slowest, e.g. 1.5? "
    return Prediction(winner, _until(_times, question, answer_to))


def _until(read: Callable[[str], T | None], question: str, answer_to: Callable[[str], str]) -> T:
    while line := answer_to(question):
        if (value := read(line.strip())) is not None:
            return value
    raise LoadError("--predict asks what you expect, and nobody answered: leave it out")


def _times(line: str) -> float | None:
    try:
        value = float(line)
    except ValueError:
        return None
    return value if 1 <= value < float("inf") else None
