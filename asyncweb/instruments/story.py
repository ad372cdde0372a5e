"""What happened under one schedule: who ran, in which order, from which line to which.

Rule: one row is one turn, from where somebody went on to where another did.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

HEAD = ("turn", "who", "from", "until")


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn: `who` ran from a line until another, both in words."""

    who: str
    since: str
    until: str


@dataclass(slots=True)
class Story:
    """What happened under the schedule `name`; `error` is how it went wrong, or None.

    >>> story = Story("2B", {"A": "deposit", "B": "deposit"})
    >>> story.add(Turn("A", "line 3", "line 4: await pause()"))
    >>> story.add(Turn("B", "line 3", "the end"))
    >>> story.error = AssertionError("1 of 2")
    >>> print(story)
    schedule 2B fails: AssertionError: 1 of 2
    A: deposit  B: deposit
    turn  who  from    until
    1     A    line 3  line 4: await pause()
    2     B    line 3  the end
    """

    name: str
    names: Mapping[str, str]  # what each of them runs
    turns: list[Turn] = field(default_factory=list)
    error: BaseException | None = None

    def add(self, turn: Turn) -> None:
        """Adds it; who ran just before has gone on with the same turn."""
        if self.turns and self.turns[-1].who == turn.who:
            self.turns[-1] = replace(self.turns[-1], until=turn.until)
        else:
            self.turns.append(turn)

    def __str__(self) -> str:
        ended = "holds" if self.error is None else f"fails: {_in_words(self.error)}"
        legend = "  ".join(f"{who}: {runs}" for who, runs in self.names.items())
        rows = [
            (str(number), turn.who, turn.since, turn.until)
            for number, turn in enumerate(self.turns, 1)
        ]
        return "\n".join([f"schedule {self.name} {ended}", legend, *_aligned([HEAD, *rows])])


def _in_words(error: BaseException) -> str:
    said = str(error).partition("\n")[0]
    return type(error).__name__ + (f": {said}" if said else "")


def _aligned(rows: Sequence[tuple[str, ...]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
