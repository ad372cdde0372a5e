"""A class's grades: a line for each student, and which mistakes were made how often.

Rule: pure functions of the entries; the order in which they were graded is not seen.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Sequence
from typing import Any

from rich.table import Table

from asyncweb.grading.gradebook import Entry
from asyncweb.grading.outcomes import Outcome
from asyncweb.grading.reports.spreadsheet import plain

SCHEMA = "asyncweb/class/v1"


def scores_csv(entries: Sequence[Entry]) -> str:
    """A header, then a line for each student: the points of each exercise, and all together.

    `by_hand` names the exercises that we could not judge; their points are given meanwhile.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    exercises = _exercises(entries)
    writer.writerow(["submission", *exercises, "score", "max_score", "by_hand"])
    for student in students(entries):
        points = [student["exercises"][each]["score"] for each in exercises]
        name = plain(student["submission"])
        by_hand = " ".join(student["by_hand"])
        writer.writerow([name, *points, student["score"], student["max_score"], by_hand])
    return text.getvalue()


def students(entries: Sequence[Entry]) -> list[dict[str, Any]]:
    """Each student, by name: all grades, and what they come to."""
    found: dict[str, dict[str, Any]] = {}
    for entry in sorted(entries, key=lambda entry: (entry.submission, entry.exercise)):
        empty = {
            "submission": entry.submission, "score": 0, "max_score": 0, "by_hand": [],
            "exercises": {},
        }  # fmt: skip
        student = found.setdefault(entry.submission, empty)
        student["score"] += entry.grade["score"]
        student["max_score"] += entry.grade["max_score"]
        student["exercises"][entry.exercise] = dict(entry.grade)
        if entry.is_faulty:
            student["by_hand"].append(entry.exercise)
    return list(found.values())


def labels(entries: Sequence[Entry]) -> list[dict[str, Any]]:
    """How many students made the mistake of each label in each exercise, the most frequent first.

    What was not attempted is none, nor is a fault of ours.
    """
    told: Counter[tuple[str, str]] = Counter()
    thoughts = {}
    for entry in entries:
        message = entry.grade["message"]
        if message and Outcome(message["outcome"]).is_mistake:
            told[entry.exercise, message["label"]] += 1
            thoughts[entry.exercise, message["label"]] = message["think"]
    return [
        {
            "exercise": exercise,
            "label": label,
            "students": count,
            "think": thoughts[exercise, label],
        }
        for (exercise, label), count in sorted(told.items(), key=lambda each: (-each[1], each[0]))
    ]


def labels_table(entries: Sequence[Entry]) -> Table:
    """Which mistakes the class has made, the most frequent first."""
    table = Table(title="which mistakes the class has made", title_justify="left")
    for name in ("students", "exercise", "label", "what they probably think"):
        table.add_column(name, justify="right" if name == "students" else "left")
    for each in labels(entries):
        table.add_row(str(each["students"]), each["exercise"], each["label"], each["think"])
    return table


def class_dict(entries: Sequence[Entry]) -> dict[str, Any]:
    """Everything as JSON takes it: schema "asyncweb/class/v1"."""
    return {"schema": SCHEMA, "students": students(entries), "labels": labels(entries)}


def by_hand_lines(entries: Sequence[Entry]) -> list[str]:
    """What we could not judge, and why; nobody has lost points by it."""
    faulty = [entry for entry in sorted(entries, key=lambda e: e.submission) if entry.is_faulty]
    return [
        f"to be judged by hand: {entry.submission}, {entry.exercise}: {_why(entry)}"
        for entry in faulty
    ]


def _why(entry: Entry) -> str:
    faults = [test["detail"] for test in entry.grade["tests"] if test["outcome"] == "grader_fault"]
    return faults[0] if faults else "it could not be graded"


def _exercises(entries: Sequence[Entry]) -> list[str]:
    return sorted({entry.exercise for entry in entries})
