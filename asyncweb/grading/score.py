"""The verdicts of an exercise become its points and the one message that is told.

Rule: a task has its points whole or not at all; a fault of ours costs none; of all that is wrong,
the first in priority is told, and only that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from asyncweb.grading.exercise import Exercise, Task
from asyncweb.grading.outcomes import Finding, Outcome, Verdict

SCHEMA = "asyncweb/grade/v1"
_UNTOLD = (Outcome.PASSED, Outcome.BLOCKED)
_GRAVEST = (
    Outcome.CRASHED, Outcome.TIMED_OUT, Outcome.FAILED, Outcome.BLOCKED, Outcome.NOT_ATTEMPTED,
    Outcome.GRADER_FAULT, Outcome.PASSED,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class TaskGrade:
    """What became of a task: its gravest outcome, and the points it has earned."""

    task: Task
    outcome: Outcome
    earned: int


@dataclass(frozen=True, slots=True)
class Grade:
    """What became of an exercise."""

    exercise: Exercise
    tasks: tuple[TaskGrade, ...]
    verdicts: tuple[Verdict, ...]
    message: Finding | None
    output: str = ""

    @property
    def earned(self) -> int:
        """The points of all tasks that have passed, or that we have failed to judge."""
        return sum(task.earned for task in self.tasks)

    @property
    def has_passed(self) -> bool:
        """Whether everything is done."""
        return all(task.outcome is Outcome.PASSED for task in self.tasks)

    @property
    def outcome(self) -> Outcome:
        """That of the message; where there is none, the gravest of a task."""
        if self.message:
            return self.message.outcome
        return min((task.outcome for task in self.tasks), key=_GRAVEST.index)

    @property
    def is_faulty(self) -> bool:
        """Whether something in it has to be judged by hand, because we could not."""
        return any(verdict.outcome is Outcome.GRADER_FAULT for verdict in self.verdicts)

    def to_dict(self) -> dict[str, Any]:
        """The same as JSON takes it: schema "asyncweb/grade/v1"."""
        return {
            "schema": SCHEMA,
            "exercise": self.exercise.name,
            "title": self.exercise.title,
            "outcome": self.outcome,
            "score": self.earned,
            "max_score": self.exercise.points,
            "is_faulty": self.is_faulty,
            "message": self.message and self.message.to_dict(),
            "tasks": [
                {
                    "id": each.task.id,
                    "title": each.task.title,
                    "outcome": each.outcome,
                    "score": each.earned,
                    "max_score": each.task.points,
                }
                for each in self.tasks
            ],
            "tests": [verdict.to_dict() for verdict in self.verdicts],
            "output": self.output,
        }


def score(exercise: Exercise, verdicts: Sequence[Verdict], output: str = "") -> Grade:
    """The result of `exercise` whose tests have come to `verdicts`.

    A task without a verdict was not attempted.
    """
    void = any(verdict.voids for verdict in verdicts)
    tasks = []
    for task in exercise.tasks:
        found = [verdict.outcome for verdict in verdicts if verdict.task == task.id]
        outcome = min(found, key=_GRAVEST.index, default=Outcome.NOT_ATTEMPTED)
        earned = task.points if outcome.earns and not void else 0
        tasks.append(TaskGrade(task, Outcome.CRASHED if void else outcome, earned))
    message = message_of(exercise, verdicts)
    return Grade(exercise, tuple(tasks), tuple(verdicts), message, output)


def all_as(exercise: Exercise, outcome: Outcome, label: str, detail: str) -> list[Verdict]:
    """The same verdict for every task, where no test could be run."""
    return [Verdict("", task.id, outcome, label, detail=detail) for task in exercise.tasks]


def message_of(exercise: Exercise, verdicts: Sequence[Verdict]) -> Finding | None:
    """The one message of all failures: the first in priority; None when nothing has failed.

    What is blocked is told by what blocks it. A stub that its own tests do not reach blocks others
    though it has passed; then those who have come to it tell of it.
    """
    failures = [verdict for verdict in verdicts if verdict.outcome not in _UNTOLD]
    failures = failures or [verdict for verdict in verdicts if verdict.label]
    first = min(failures, key=lambda verdict: exercise.label(verdict.label).priority, default=None)
    if first is None:
        return None
    label = exercise.label(first.label)
    facts = {"claim": claim(first.test), "detail": first.detail, **first.facts}
    return Finding(
        label=first.label,
        outcome=first.outcome,
        think=label.think,
        happens=label.told(facts),
        line=first.line,
        advice=label.advice,
        test=first.test,
        seed=first.seed,
    )


def claim(test: str) -> str:
    """What the test says, from its name.

    >>> claim("test_a_head_in_two_pieces_is_read_whole[7]")
    'a head in two pieces is read whole'
    """
    return test.partition("[")[0].removeprefix("test_").replace("_", " ")
