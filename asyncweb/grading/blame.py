"""An exception becomes a verdict: whose it is, what it shows, and on which line of the student's.

Rule: a mistake that was named wins over one that is guessed, and the student's own line over one
of the test. What fails before the student's code has run is a fault of ours.
"""

from __future__ import annotations

import traceback
from collections.abc import Iterable
from dataclasses import dataclass
from types import FrameType
from typing import Any

from asyncweb.grading.exercise import Exercise, Task
from asyncweb.grading.marks import RAISED, Mark, Mistake, WrongAnswer, shown
from asyncweb.grading.outcomes import Line, Outcome, Verdict
from asyncweb.grading.source import Source
from asyncweb.grading.words import CRASHED, FAULT, STUB

DETAIL_CHARACTERS = 300


class Ended(Exception):
    """The student's code has ended the program, or tried to; or its import has failed."""


@dataclass(frozen=True, slots=True)
class Case:
    """One test of an exercise, and the file that it judges."""

    test: str
    mark: Mark
    exercise: Exercise
    source: Source
    work: str
    seed: int | None = None

    @property
    def task(self) -> Task:
        """The task that the test is part of."""
        return self.exercise.task(self.mark.task)

    def verdict(self, outcome: Outcome, label: str = "", **found: Any) -> Verdict:
        """A verdict of this test."""
        return Verdict(self.test, self.mark.task, outcome, label, seed=self.seed, **found)

    def not_attempted(self) -> Verdict:
        """The verdict of a stub."""
        return self._stub(Outcome.NOT_ATTEMPTED, self.task)

    def blocked(self, by: Task) -> Verdict:
        """The verdict of a test that has come to the stub of another task."""
        return self._stub(Outcome.BLOCKED, by, blocked_by=by.id)

    def _stub(self, outcome: Outcome, task: Task, **found: Any) -> Verdict:
        detail = f"Task {task.id} is still to be done: {task.title}."
        line = self.source.marker(task.id) or self.source.definition(task.function)
        return self.verdict(outcome, STUB, detail=detail, line=line, **found)

    def line_at(self, at: object, label: str) -> Line | None:
        """The line that `at` means, or the label, or the task."""
        function = self.task.function
        name = getattr(at, "__name__", None)
        if isinstance(at, str):
            return self.source.find(at, function) or self.source.definition(function)
        if name is not None and (found := self.source.definition(name)):
            return found
        text = self.exercise.label(label).line
        found = self.source.find(text, function) if text else None
        return found or self.source.definition(function)


def blame(error: BaseException, case: Case, phase: str) -> Verdict:
    """The verdict on the test of `case`, which has ended with `error` in its `phase`.

    `phase` is "setup", "call" or "teardown".
    """
    family = _family(error)
    waiting = _stub_of(family, case)
    if waiting and waiting != case.task:
        return case.blocked(waiting)
    if waiting or case.source.has_marker(case.task.id):
        return case.not_attempted()
    if mistakes := [each for each in family if isinstance(each, Mistake) and _is_ours(each, case)]:
        return _named(mistakes[0], case, family)
    line = line_in(family, case)
    if isinstance(error, (Ended, SystemExit, KeyboardInterrupt)):
        return case.verdict(Outcome.CRASHED, CRASHED, detail=told(error), line=line)
    is_claim = isinstance(error, AssertionError) and not _is_own(error, case)
    if is_claim or isinstance(error, case.mark.raises):
        return _failed(error, case, line)
    if line:
        return case.verdict(Outcome.FAILED, RAISED, detail=told(error), line=line)
    if phase == "setup":
        return case.verdict(Outcome.GRADER_FAULT, FAULT, detail=told(error))
    return _failed(error, case, line)


def _named(mistake: Mistake, case: Case, family: list[BaseException]) -> Verdict:
    line = None if mistake.at is not None else line_in(family, case)
    return case.verdict(
        Outcome.FAILED,
        mistake.label,
        facts={name: _fact(value) for name, value in mistake.facts.items()},
        line=line or case.line_at(mistake.at, mistake.label),
        detail=told(mistake.__cause__ or mistake),
    )


def _failed(error: BaseException, case: Case, line: Line | None) -> Verdict:
    facts = error.facts if isinstance(error, WrongAnswer) else {}
    label = case.mark.label
    line = line or case.line_at(None, label)
    return case.verdict(Outcome.FAILED, label, facts=facts, line=line, detail=told(error))


def _fact(value: object) -> str:
    return value if type(value) is str else shown(value)


def _is_ours(mistake: Mistake, case: Case) -> bool:
    """Whether a test has named it; for a student's own line can raise one too."""
    return not _is_own(mistake, case) and mistake.label in case.exercise.labels


def _family(error: BaseException) -> list[BaseException]:
    """`error`, those it groups, and those it came of."""
    found: dict[int, BaseException] = {}
    left: list[BaseException | None] = [error]
    while left:  # who tries again in a function that calls itself makes a chain of hundreds
        each = left.pop()
        if each is None or id(each) in found:
            continue
        found[id(each)] = each
        left.append(each.__cause__ or each.__context__)
        if isinstance(each, BaseExceptionGroup):
            left += reversed(each.exceptions)
    return list(found.values())


def _stub_of(family: list[BaseException], case: Case) -> Task | None:
    """The task whose stub was called."""
    tasks = {f"Task {task.id}": task for task in case.exercise.tasks}
    texts = [each.args[0] for each in family if type(each) is NotImplementedError and each.args]
    called = [text.partition(":")[0] for text in texts if type(text) is str]
    return next((tasks[name] for name in called if name in tasks), None)


def _frames(error: BaseException) -> list[tuple[FrameType, int]]:
    return list(traceback.walk_tb(error.__traceback__))


def _is_own(error: BaseException, case: Case) -> bool:
    """Whether the student's own line has raised it, not what that line has called."""
    frames = _frames(error)
    return bool(frames) and frames[-1][0].f_code.co_filename == case.work


def line_in(family: Iterable[BaseException], case: Case) -> Line | None:
    """The innermost line of the student's that was running, in the first of them that has one."""
    for error in family:
        if isinstance(error, SyntaxError) and error.filename == case.work:
            return case.source.line(error.lineno or 1)
        numbers = [line for frame, line in _frames(error) if frame.f_code.co_filename == case.work]
        if numbers:
            return case.source.line(numbers[-1])
    return None


def told(error: BaseException) -> str:
    """The error in one line: its type and what it says."""
    if isinstance(error, Ended):
        return str(error)
    try:
        text = str(error).strip().partition("\n")[0]
    except Exception:  # a __str__ of the student's own
        text = "?"
    if isinstance(error, AssertionError):
        return text[:DETAIL_CHARACTERS] or "an assertion failed"
    return f"{type(error).__name__}: {text}"[:DETAIL_CHARACTERS].removesuffix(": ")
