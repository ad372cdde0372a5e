"""What became of a claim.

Rule: a word, the figures it rests on, and why; a claim that cannot be compared says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Word(StrEnum):
    """The four ends of a claim."""

    HOLDS = "holds here"
    FAILS = "does not hold here"
    OPEN = "cannot be compared"
    UNMEASURED = "not measured"  # what it needs could not be had, or the run has not come to it


@dataclass(frozen=True)
class Verdict:
    """Of one claim, on one machine.

    >>> print(Verdict(Word.FAILS, "hyperlane needed 140 µs, Apache 190 µs: 1.4 times, not 3"))
    does not hold here: hyperlane needed 140 µs, Apache 190 µs: 1.4 times, not 3
    """

    word: Word
    why: str  # one or two sentences with the figures
    figures: tuple[tuple[str, str], ...] = ()  # what it is of, and the figure with unit and band

    def __str__(self) -> str:
        return f"{self.word}: {self.why}"
