"""CSV: a row for each task of each exercise.

Rule: the first row names the columns; no cell is a formula, whoever opens it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from asyncweb.grading.reports import Writer
from asyncweb.grading.reports.told import label_of
from asyncweb.grading.score import Grade

COLUMNS = ("exercise", "task", "title", "outcome", "score", "max_score", "label", "line")
_FORMULAS = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would run


def writer() -> Writer:
    """What writes it."""
    return report


def report(grades: Sequence[Grade]) -> str:
    """The grades as CSV."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(COLUMNS)
    for grade in grades:
        for each in grade.tasks:
            label = label_of(grade, each)
            line = grade.message.line if label and grade.message else None
            task = each.task
            words = grade.exercise.name, task.id, task.title, str(each.outcome)
            rows.writerow(
                [*map(plain, words), each.earned, task.points, plain(label), line and line.number]
            )
    return text.getvalue()


def plain(text: str) -> str:
    """`text` as no spreadsheet computes it."""
    return f"'{text}" if text.startswith(_FORMULAS) else text
