"""Gradescope's results.json: a test for each task.

Rule: no `score` at the top, which would take the place of the sum; points as the tasks have them.

Source: gradescope-autograders.readthedocs.io, "Output format".
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from asyncweb.grading.reports import Writer
from asyncweb.grading.reports.told import has_earned_all, label_of, title, told
from asyncweb.grading.score import Grade, TaskGrade
from asyncweb.grading.table import totals


def writer() -> Writer:
    """What writes it."""
    return report


def report(grades: Sequence[Grade]) -> str:
    """The grades as Gradescope reads them."""
    return json.dumps(results(grades), indent=2, allow_nan=False) + "\n"


def results(grades: Sequence[Grade]) -> dict[str, Any]:
    """The same as values."""
    earned, points = totals(grades)
    faulty = [grade.exercise.name for grade in grades if grade.is_faulty]
    by_hand = f" To be looked at by hand: {', '.join(faulty)}." if faulty else ""
    return {
        "output": f"{earned} of {points} points.{by_hand}",
        "output_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": [_test(grade, task) for grade in grades for task in grade.tasks],
        "extra_data": {"faulty": faulty},
    }


def _test(grade: Grade, task: TaskGrade) -> dict[str, Any]:
    return {
        "name": title(grade, task),
        "number": task.task.id,
        "score": task.earned,
        "max_score": task.task.points,
        "status": "passed" if has_earned_all(task) else "failed",
        "output": told(grade, task),
        "output_format": "text",
        "tags": [grade.exercise.name],
        "visibility": "visible",
        "extra_data": {"outcome": task.outcome, "label": label_of(grade, task)},
    }
