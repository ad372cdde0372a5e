"""What of an exercise belongs to one of its tasks, for readers who know only tasks.

Rule: the one message of an exercise is told once, at the task whose test has shown it.
"""

from __future__ import annotations

from asyncweb.grading.outcomes import Outcome
from asyncweb.grading.score import Grade, TaskGrade
from asyncweb.grading.show import message_lines


def title(grade: Grade, task: TaskGrade) -> str:
    """The task's name among all of the course: "01_pieces 1.1: Read until the head is whole"."""
    return f"{grade.exercise.name} {task.task.id}: {task.task.title}"


def has_earned_all(task: TaskGrade) -> bool:
    """Whether it has all its points; a fault of ours costs none."""
    return task.earned == task.task.points


def label_of(grade: Grade, task: TaskGrade) -> str:
    """The label of the exercise's message if it is about this task; "" otherwise."""
    return grade.message.label if grade.message and _is_about(grade, task) else ""


def told(grade: Grade, task: TaskGrade) -> str:
    """What became of the task, and the message if it is about this one."""
    said = task.outcome.replace("_", " ")
    if task.outcome is Outcome.BLOCKED:
        said = f"{said}: {_blocking(grade, task)} comes first"
    if grade.message is None or not _is_about(grade, task):
        return said
    return "\n".join([said, "", *message_lines(grade.message)])


def _is_about(grade: Grade, task: TaskGrade) -> bool:
    about = grade.message and next(
        (each.task for each in grade.verdicts if each.test == grade.message.test), None
    )
    return about == task.task.id


def _blocking(grade: Grade, task: TaskGrade) -> str:
    blocking = {each.blocked_by for each in grade.verdicts if each.task == task.task.id}
    return ", ".join(sorted(filter(None, blocking))) or "another task"
