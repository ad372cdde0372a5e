"""What notebooks ask before they show: a guess, and later the guess beside the measured value.

Rule: nothing is revealed to who has not committed to a number.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from asyncweb.errors import LessonError

CLOSE = 1.25  # within this factor a guess counts as right


@dataclass(frozen=True, slots=True)
class Revealed:
    """A guess and what was measured."""

    question: str
    guess: float
    measured: float
    unit: str = ""

    @property
    def is_close(self) -> bool:
        """Whether the guess was right within a quarter."""
        if self.guess <= 0 or self.measured <= 0:
            return self.guess == self.measured
        return max(self.guess / self.measured, self.measured / self.guess) <= CLOSE

    def __repr__(self) -> str:
        said, found = _number(self.guess, self.unit), _number(self.measured, self.unit)
        comment = "close!" if self.is_close else "what made the difference?"
        return f"{self.question}\n  you said {said}, measured {found}: {comment}"


@dataclass(frozen=True, slots=True)
class Prediction:
    """A guess that waits for its measurement."""

    question: str
    guess: float
    unit: str = ""

    def reveal(self, measured: float) -> Revealed:
        """The guess beside `measured`, which is in the same unit."""
        return Revealed(self.question, self.guess, measured, self.unit)


def predict(question: str, guess: float | None, unit: str = "") -> Prediction:
    """Commits to `guess`, a number in `unit`. Raises LessonError when it is none yet."""
    if isinstance(guess, bool) or not isinstance(guess, int | float) or not math.isfinite(guess):
        raise LessonError(f"guess={guess!r}: put a number there first. {question}")
    return Prediction(question, float(guess), unit)


def _number(value: float, unit: str) -> str:
    return f"{value:,.3g}{' ' if unit else ''}{unit}"
