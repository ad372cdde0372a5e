"""What a notebook asks: questions before a measurement, checkpoints after it, claims in between.

Rule: an answer is judged by what the file of questions says, never by the cell that asks; and
whoever is wrong is told why: of what came true, or what people think who answer so.
"""

from __future__ import annotations

import math
import numbers
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from asyncweb.errors import LessonError


@dataclass(frozen=True, slots=True)
class Comment:
    """What is said to an answer, and which misconception ("M06") it shows; "" is none known."""

    text: str
    label: str = ""
    is_right: bool = False


CLOSE = 1.25  # within this factor a guess counts as right
RIGHT = Comment("Close!", is_right=True)
LOW = Comment("It is more than you expected. What made the difference?")
HIGH = Comment("It is less than you expected. What made the difference?")
CHOSEN = Comment("Right! Why?", is_right=True)
OTHERWISE = Comment("Look at the cells above again.")
_PLURAL = re.compile(r"^(\w{3,})s\b")  # "threads" and "requests/s", not "ms"
_NOT_YET = (..., None, "")  # what stands in a cell before anybody has put something there


@dataclass(frozen=True, slots=True)
class NumberQuestion:
    """Asks for a number, which is held against a measured one.

    >>> question = NumberQuestion("02.q1", "How many?", low=Comment("More."), unit="threads")
    >>> question.comment(question.guess(3), 200).text
    'More.'
    """

    name: str
    text: str
    right: Comment = RIGHT
    low: Comment = LOW
    high: Comment = HIGH
    unit: str = ""
    close: float = CLOSE
    within: float = 0.0  # in the unit: near 0 every factor is too narrow

    def guess(self, value: Any) -> float:
        """`value` as a number. Raises LessonError when it is none."""
        if not is_number(value):
            trouble = f"{self.name}: {_said(value)} is no guess."
            raise LessonError(f"{trouble} {self.text} Put a number there.")
        return float(value)

    def measured(self, value: Any) -> float:
        """`value` as a number. Raises LessonError when it is none."""
        return measurement(self.name, value)

    def comment(self, guess: float, measured: float) -> Comment:
        """What is said to who guessed so."""
        is_near = abs(guess - measured) <= self.within
        if is_near or is_close(guess, measured, self.close):
            return self.right
        return self.low if guess < measured else self.high

    def spoken(self, value: float) -> str:
        """`value` in the unit of the question.

        >>> question = NumberQuestion("02.q1", "How many?", unit="threads")
        >>> question.spoken(1), question.spoken(200)
        ('1 thread', '200 threads')
        """
        said = figure(value)
        unit = _PLURAL.sub(r"\1", self.unit) if said == "1" else self.unit
        return f"{said} {unit}".strip()


@dataclass(frozen=True, slots=True)
class ChoiceQuestion:
    """Asks which of several things will happen.

    >>> question = ChoiceQuestion("02.q2", "Who wins?", ("async", "threads"), Comment("Yes."))
    >>> question.comment("threads", "async").text
    "It was 'async'. Why?"
    """

    name: str
    text: str
    choices: tuple[str, ...]
    right: Comment = CHOSEN
    was: Mapping[str, Comment] = field(default_factory=dict)  # by what came true, not by the guess

    def guess(self, value: Any) -> str:
        """The choice that `value` names. Raises LessonError when it names none."""
        return self._choice(value, f"{self.name}: {_said(value)} is no guess. {self.text}")

    def measured(self, value: Any) -> str:
        """The choice that came true. Raises LessonError when it is none."""
        return self._choice(value, f"{self.name}: {_said(value)} cannot have come true")

    def comment(self, guess: str, measured: str) -> Comment:
        """What is said to who guessed so; to who was wrong, of what came true."""
        if guess == measured:
            return self.right
        return self.was.get(measured, Comment(f"It was {measured!r}. Why?"))

    def spoken(self, value: str) -> str:
        """`value` as it is."""
        return value

    def _choice(self, value: Any, trouble: str) -> str:
        known = {_plain(choice): choice for choice in self.choices}
        if _plain(value) in known:
            return known[_plain(value)]
        raise LessonError(f"{trouble} Put one of {', '.join(map(repr, self.choices))} there.")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Asks for what should be known by now: a word, a number, or a list in its order.

    >>> stack = Checkpoint("04.k1", "MB?", 8, {"8000": Comment("That is KB.", "M17")}, close=1.1)
    >>> stack.comment(8.2), stack.comment(8000).text
    (None, 'That is KB.')
    """

    name: str
    text: str
    answer: str | float | bool | Sequence[Any]
    wrong: Mapping[str, Comment] = field(default_factory=dict)
    otherwise: Comment = OTHERWISE
    close: float = 1.0

    def comment(self, answer: Any) -> Comment | None:
        """What is said to a wrong answer; None to the right one.

        Raises LessonError when there is none yet, or one of another kind than asked for.
        """
        self._must_be_an_answer(answer)
        if _is_same(answer, self.answer, self.close):
            return None
        for given, comment in self.wrong.items():
            if self._is_answer(answer, given):
                return comment
        return self.otherwise

    def read(self, text: str) -> Any:
        """The wrong answer that the file of questions spells as `text`: "8", "a, b", "true"."""
        if isinstance(self.answer, bool):
            return text.casefold() == "true"
        if is_number(self.answer):
            return float(text)
        return text if isinstance(self.answer, str) else text.split(", ")

    def _is_answer(self, answer: Any, text: str) -> bool:
        return _is_same(answer, self.read(text), self.close)

    def _must_be_an_answer(self, answer: Any) -> None:
        if any(answer is nothing for nothing in _NOT_YET):
            raise LessonError(f"{self.name}: put your answer there first. {self.text}")
        kinds = {"a number": is_number, "a list": _is_list}
        for kind, is_such in kinds.items():
            if is_such(self.answer) and not is_such(answer):
                raise LessonError(f"{self.name}: expected {kind}, got {answer!r}. {self.text}")


@dataclass(frozen=True, slots=True)
class Claim:
    """What the prose of a notebook says, and the bound within which it is so.

    >>> claim = Claim("04.c1", "a thread costs more than a task", at_least=2)
    >>> claim.bound, claim.holds(7.4), claim.holds(1.1)
    ('at least 2', True, False)
    """

    name: str
    statement: str
    at_least: float | None = None
    at_most: float | None = None
    cores: int = 1  # that a machine must have to show it

    @property
    def bound(self) -> str:
        """What is expected, in words."""
        if self.at_most is None:
            return f"at least {figure(self.at_least or 0)}"
        if self.at_least is None:
            return f"at most {figure(self.at_most)}"
        return f"between {figure(self.at_least)} and {figure(self.at_most)}"

    def holds(self, measured: float) -> bool:
        """Whether `measured` is within the bound."""
        least = -math.inf if self.at_least is None else self.at_least
        most = math.inf if self.at_most is None else self.at_most
        return least <= measured <= most

    def measured(self, value: Any) -> float:
        """`value` as a number. Raises LessonError when it is none."""
        return measurement(self.name, value)


Asked = NumberQuestion | ChoiceQuestion | Checkpoint | Claim


def is_close(one: float, other: float, factor: float) -> bool:
    """Whether two numbers of one sign are within `factor` of each other.

    >>> is_close(8, 10, 1.25), is_close(7, 10, 1.25), is_close(0, 0, 2), is_close(0, 1, 2)
    (True, False, True, False)
    """
    if one * other <= 0:
        return one == other
    return max(one / other, other / one) <= factor * (1 + 1e-9)


def is_number(value: Any) -> bool:
    """Whether it is a finite number; True and False are none."""
    is_real = isinstance(value, numbers.Real) and not isinstance(value, bool)
    return is_real and math.isfinite(value)


def figure(value: float) -> str:
    """A number as people read it.

    >>> figure(2), figure(7.4321), figure(12345.6), figure(0.00123)
    ('2', '7.43', '12,346', '0.00123')
    """
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def measurement(name: str, value: Any) -> float:
    """`value` as a number. Raises LessonError when it is none."""
    if not is_number(value):
        raise LessonError(f"{name}: {_said(value)} is no measurement; run the cells above first")
    return float(value)


def _said(value: Any) -> str:
    return "..." if value is ... else repr(value)


def _is_list(value: Any) -> bool:
    return isinstance(value, list | tuple)


def _is_same(given: Any, wanted: Any, close: float) -> bool:
    if _is_list(given) and _is_list(wanted):
        pairs = zip(given, wanted, strict=False)
        return len(given) == len(wanted) and all(_is_same(*pair, close) for pair in pairs)
    if is_number(given) and is_number(wanted):
        return is_close(given, wanted, close)
    return _plain(given) == _plain(wanted)


def _plain(value: Any) -> str:
    return str(value).strip().casefold()
