"""What a test says of itself and of the student: task, Mistake, believes, same.

Rule: a test names the belief that it refutes; the words for it stand in `exercise.toml`, once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

Test = TypeVar("Test", bound=Callable[..., Any])
ANSWER, RAISED, HANG = "answer", "raised", "hang"  # labels that every exercise has
SHOWN_CHARACTERS = 100
_MARK = "__task__"
_PLAIN = (bool, int, float, str, bytes, type(None))


@dataclass(frozen=True, slots=True)
class Mark:
    """What `task` has said of a test."""

    task: str
    label: str = ANSWER
    hang: str = HANG
    raises: tuple[type[BaseException], ...] = ()


class Mistake(AssertionError):
    """This very mistake was seen: a test, or what it hands to the student's code, raises it.

    `at` is where: a function or class of the student's, or a text that their line contains. Left
    out, it is the line of theirs that was running, or what the label in `exercise.toml` says.
    `facts` fill the {braces} of the label's `happens`.

    >>> raise Mistake("M14", reads=1)
    Traceback (most recent call last):
    asyncweb.grading.marks.Mistake: M14 (reads=1)
    """

    def __init__(self, label: str, *, at: object = None, **facts: object):
        told = ", ".join(f"{name}={shown(fact)}" for name, fact in facts.items())
        super().__init__(f"{label} ({told})" if told else label)
        self.label = label
        self.at = at
        self.facts = facts


class WrongAnswer(AssertionError):
    """What `same` has found; the label is that of the test."""

    def __init__(self, got: object, expected: object, why: str):
        is_clear = type(got) is type(expected) and type(got) in _PLAIN
        told = f"expected {shown(expected)}, got {shown(got)}"
        super().__init__(told if is_clear else f"{told}: {why}")
        self.facts = {"got": shown(got), "expected": shown(expected), "why": why}


def task(
    task_id: str,
    *,
    label: str = ANSWER,
    hang: str = HANG,
    raises: type[BaseException] | tuple[type[BaseException], ...] = (),
) -> Callable[[Test], Test]:
    """Marks a test as part of the task `task_id` of `exercise.toml`.

    An assertion that fails shows `label`, and so does an exception of `raises`, even one from the
    student's own line; a test that does not end shows `hang`.

    >>> @task("1.1", label="M14")
    ... def test_a_head_in_two_pieces_is_read_whole(work): ...
    >>> mark_of(test_a_head_in_two_pieces_is_read_whole).label
    'M14'
    """
    kinds = raises if isinstance(raises, tuple) else (raises,)

    def mark(test: Test) -> Test:
        setattr(test, _MARK, Mark(task_id, label, hang, kinds))
        return test

    return mark


def mark_of(test: Callable[..., Any]) -> Mark | None:
    """What `task` has said of `test`; None if nobody has."""
    found = getattr(test, _MARK, None)
    return found if isinstance(found, Mark) else None


@contextmanager
def believes(
    label: str, *raises: type[BaseException], at: object = None, **facts: object
) -> Iterator[None]:
    """Whoever fails an assertion in here, or raises one of `raises`, shows `label`.

    A Mistake that is raised inside keeps its own label, unless Mistake is one of `raises`.

    >>> with believes("M06", got=1):
    ...     assert 1 == 100
    Traceback (most recent call last):
    asyncweb.grading.marks.Mistake: M06 (got=1)
    """
    try:
        yield
    except BaseException as error:
        has_label = isinstance(error, Mistake) and Mistake not in raises
        if has_label or not isinstance(error, (AssertionError, *raises)):
            raise
        known = error.facts if isinstance(error, WrongAnswer) else {}
        raise Mistake(label, at=at, **{**known, **facts}) from error


def same(got: object, expected: object) -> None:
    """Returns when both are equal in value and in type, all the way down.

    `==` alone would ask the student's object, whose `__eq__` may always agree. Raises an
    AssertionError that says where they differ; TypeError when `expected` is no plain value.

    >>> same([1, "a"], [1, "a"])
    >>> same([1, 2.0], [1, 2])
    Traceback (most recent call last):
    asyncweb.grading.marks.WrongAnswer: expected [1, 2], got [1, 2.0]: [1] is float, not int
    """
    why = _difference(got, expected, "")
    if why:
        raise WrongAnswer(got, expected, why)


def _difference(got: Any, expected: Any, where: str) -> str:
    """Where and how they differ, e.g. "[1] is float, not int"; empty if they do not."""
    kind, place = type(expected), where or "it"
    if type(got) is not kind:
        return f"{place} is {type(got).__name__}, not {kind.__name__}"
    if kind in _PLAIN:
        return "" if got == expected else f"{place} is {shown(got)}, not {shown(expected)}"
    if kind in (list, tuple):
        if len(got) != len(expected):
            return f"{place} has length {len(got)}, not {len(expected)}"
        pairs = zip(got, expected, strict=True)
        told = (_difference(*pair, f"{where}[{at}]") for at, pair in enumerate(pairs))
        return next(filter(None, told), "")
    if kind is dict:
        if len(got) != len(expected) or any(key not in got for key in expected):
            return f"{place} has the keys {shown([*got])}, not {shown([*expected])}"
        told = (_difference(got[key], expected[key], f"{where}[{key!r}]") for key in expected)
        return next(filter(None, told), "")
    raise TypeError(f"same: {kind.__name__} is no plain value; compare its parts, one by one")


def shown(value: object) -> str:
    """`value` as a message shows it: its repr, cut where it is long."""
    try:
        text = repr(value)
    except Exception as error:  # a repr of the student's own
        text = f"<{type(value).__name__} whose repr raises {type(error).__name__}>"
    if len(text) > SHOWN_CHARACTERS:
        half = SHOWN_CHARACTERS // 2
        text = f"{text[:half]}...{text[-half:]}"
    return text
