"""The results of several exercises as a table.

Rule: a pure function of the results; whoever has them draws it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.table import Table
from rich.text import Text

from asyncweb.grading.score import Grade
from asyncweb.grading.show import MARKS

SCHEMA = "asyncweb/grades/v1"


def results_table(results: Sequence[Grade]) -> Table:
    """A row for each exercise, with its points and what is to be mended first."""
    table = Table(title="exercises", title_justify="left")
    for name in ("", "exercise", "points", "first of all"):
        table.add_column(name, justify="right" if name == "points" else "left")
    for result in results:
        message = result.message
        told = f"{message.label}, {message.line or 'work.py'}" if message else ""
        score = f"{result.earned} of {result.exercise.points}"
        # Text, since a student's line may hold what rich takes for a tag, as `[/]`.
        table.add_row(MARKS[result.outcome], result.exercise.name, score, Text(told))
    earned, points = totals(results)
    table.add_section()
    table.add_row("", "together", f"{earned} of {points}", "")
    return table


def totals(results: Sequence[Grade]) -> tuple[int, int]:
    """The points that are earned, and all there are."""
    return sum(each.earned for each in results), sum(each.exercise.points for each in results)


def results_dict(results: Sequence[Grade]) -> dict[str, Any]:
    """The same as JSON takes it: schema "asyncweb/grades/v1"."""
    earned, points = totals(results)
    return {
        "schema": SCHEMA,
        "score": earned,
        "max_score": points,
        "exercises": [result.to_dict() for result in results],
    }
