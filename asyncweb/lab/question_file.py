"""The files of questions, one for each notebook: `questions/02.toml` holds 02.q1, 02.k1, 02.c1.

    [q1]                            a question before a measurement
    text = "How many times as many requests does the event loop answer?"
    unit = "times"
    close = 1.25                    within this factor a guess is right
    within = 2                      so near, in the unit, as well: for a share, which may be 0
    right = "..."                   what is said to a guess that is right, too low, too high
    low = "..."
    high = "..."

    [q2]                            the same, with choices: `was` is said to who was wrong
    kind = "choice"
    text = "Who needs more memory?"
    choices = ["async", "threads"]
    right = "..."                   true whichever it was
    was.threads = "..."             when it was threads, whatever was guessed

    [k1]                            a checkpoint: a word, a number (with close) or a list
    text = "Which server needs a thread for every client?"
    answer = "threads"
    [k1.wrong]
    async = {label = "M06", text = "what you probably think, what happens, what to try"}
    otherwise = "what to look at again"

    [c1]                            a claim: at_least, at_most or between = [least, most]
    statement = "a waiting thread costs more memory than a waiting task"
    at_least = 2.0
    cores = 2                       where there are fewer, it is only told

Rule: a file is checked as a whole whenever it is read, and a mistake in it is told by its key.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from asyncweb.errors import LessonError
from asyncweb.lab.questions import (
    CHOSEN,
    CLOSE,
    HIGH,
    LOW,
    OTHERWISE,
    RIGHT,
    Asked,
    Checkpoint,
    ChoiceQuestion,
    Claim,
    Comment,
    NumberQuestion,
    is_number,
)

FOLDER = Path(__file__).with_name("questions")
_LABEL = re.compile(r"M(0[1-9]|[12]\d|3[0-2])")
_SECTION = re.compile(r"[qkc][1-9]\d*")
_SECTIONS = "q1 (a question), k1 (a checkpoint) or c1 (a claim)"


def find(name: str) -> Asked:
    """What "02.q1" names. Raises LessonError when it names nothing, or its file is wrong.

    >>> find("00.c1").statement
    'the thread server has a thread for every client'
    """
    number, dot, section = str(name).partition(".")
    if not dot:
        raise LessonError(f"{name!r} names no question; expected one like '00.q1'")
    known = read(FOLDER / f"{number}.toml")
    if name not in known:
        here = ", ".join(known)
        raise LessonError(f"questions/{number}.toml has no {section!r}; it has {here}")
    return known[name]


def read(file: Path) -> dict[str, Asked]:
    """All that a file asks, by name: "02.q1". Raises LessonError, which names file and key."""
    where = f"{file.parent.name}/{file.name}"
    try:
        tables = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        there = ", ".join(sorted(other.stem for other in file.parent.glob("*.toml")))
        raise LessonError(f"there is no {where}; there are: {there or 'none'}") from None
    except ValueError as error:
        raise LessonError(f"{where}: this is no TOML: {error}") from None
    found: dict[str, Asked] = {}
    for section, values in tables.items():
        if not _SECTION.fullmatch(section) or not isinstance(values, dict):
            raise LessonError(f"{where}: unknown section {section!r}; expected {_SECTIONS}")
        table = _Table(f"{where}: {section}", values)
        name = f"{file.stem}.{section}"
        found[name] = _READERS[section[0]](name, table)
        table.must_be_used_up()
    return found


class _Table:
    """One table of a file. What is taken is checked; what is left over in the end is unknown."""

    def __init__(self, where: str, values: Mapping[str, Any]):
        self.where = where
        self._values = dict(values)
        self._asked: list[str] = []

    def take(self, key: str, default: Any = None) -> Any:
        self._asked.append(key)
        return self._values.pop(key, default)

    def text(self, key: str, default: str | None = None) -> str:
        value = self.take(key, default)
        if not isinstance(value, str) or (not value.strip() and default is None):
            raise self.trouble(key, "a text", value)
        return value

    def factor(self, key: str, default: float) -> float:
        value = self.take(key, default)
        if not is_number(value) or value < 1:
            raise self.trouble(key, "a factor, 1 or more", value)
        return float(value)

    def distance(self, key: str) -> float:
        value = self.take(key, 0.0)
        if not is_number(value) or value < 0:
            raise self.trouble(key, "a number, 0 or more", value)
        return float(value)

    def comment(self, key: str, default: Comment, is_right: bool = False) -> Comment:
        value = self.take(key)
        return default if value is None else self._as_comment(key, value, is_right)

    def comments(self, key: str) -> dict[str, Comment]:
        """The table of answers, each with its comment."""
        values = self.take(key, {})
        if not isinstance(values, dict):
            raise self.trouble(key, "a table of answers", values)
        return {given: self._as_comment(f"{key}.{given}", value) for given, value in values.items()}

    def _as_comment(self, key: str, value: Any, is_right: bool = False) -> Comment:
        value = {"text": value} if isinstance(value, str) else value
        if not isinstance(value, dict) or not value.keys() <= {"label", "text"}:
            raise self.trouble(key, 'a text, or {label = "M06", text = "..."}', value)
        inner = _Table(f"{self.where}.{key}", value)
        label = inner.text("label", "")
        if label and not _LABEL.fullmatch(label):
            raise inner.trouble("label", "a misconception, M01 to M32", label)
        return Comment(inner.text("text"), label, is_right)

    def trouble(self, key: str, expected: str, value: Any) -> LessonError:
        got = "nothing" if value is None else repr(value)
        return LessonError(f"{self.where}.{key}: expected {expected}, got {got}")

    def must_be_used_up(self) -> None:
        for key in self._values:
            known = ", ".join(self._asked)
            raise LessonError(f"{self.where}.{key}: there is no such key; known here: {known}")


def _question(name: str, table: _Table) -> NumberQuestion | ChoiceQuestion:
    kind = table.text("kind", "number")
    if kind not in ("number", "choice"):
        raise table.trouble("kind", "'number' or 'choice'", kind)
    text = table.text("text")
    if kind == "choice":
        return _choice(name, text, table)
    return NumberQuestion(
        name,
        text,
        right=table.comment("right", RIGHT, is_right=True),
        low=table.comment("low", LOW),
        high=table.comment("high", HIGH),
        unit=table.text("unit", ""),
        close=table.factor("close", CLOSE),
        within=table.distance("within"),
    )


def _choice(name: str, text: str, table: _Table) -> ChoiceQuestion:
    choices = table.take("choices")
    is_list = isinstance(choices, list) and all(isinstance(one, str) for one in choices)
    if not is_list or len(set(choices)) < 2:
        raise table.trouble("choices", "a list of two texts or more", choices)
    was = table.comments("was")
    if strange := was.keys() - set(choices):
        raise table.trouble("was", f"comments on {choices}", sorted(strange))
    right = table.comment("right", CHOSEN, is_right=True)
    return ChoiceQuestion(name, text, tuple(choices), right, was)


def _checkpoint(name: str, table: _Table) -> Checkpoint:
    answer = table.take("answer")
    if not isinstance(answer, str | bool | int | float | list) or answer in ("", []):
        raise table.trouble("answer", "a text, a number, true, false or a list", answer)
    wrong = table.comments("wrong")
    made = Checkpoint(
        name,
        table.text("text"),
        answer,
        otherwise=wrong.pop("otherwise", table.comment("otherwise", OTHERWISE)),
        wrong=wrong,
        close=table.factor("close", 1.0),
    )
    for given in wrong:
        _must_be_wrong(made, given, table)
    return made


def _must_be_wrong(checkpoint: Checkpoint, given: str, table: _Table) -> None:
    """Raises LessonError for a wrong answer that is none, or that nobody can give."""
    try:
        comment = checkpoint.comment(checkpoint.read(given))
    except ValueError:
        raise table.trouble(f"wrong.{given}", "a number", given) from None
    if comment is not checkpoint.wrong[given]:
        raise table.trouble(f"wrong.{given}", "an answer that is wrong, told once", given)


def _claim(name: str, table: _Table) -> Claim:
    between = table.take("between", [table.take("at_least"), table.take("at_most")])
    bounds = [bound for bound in between if bound is not None]
    if len(between) != 2 or not bounds or not all(map(is_number, bounds)):
        raise table.trouble("at_least", "a number here, in at_most, or two in between", bounds)
    cores = table.take("cores", 1)
    if not isinstance(cores, int) or cores < 1:
        raise table.trouble("cores", "a whole number, 1 or more", cores)
    least, most = between
    return Claim(name, table.text("statement"), least, most, cores)


_READERS = {"q": _question, "k": _checkpoint, "c": _claim}
