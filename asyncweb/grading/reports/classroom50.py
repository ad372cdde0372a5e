"""Classroom 50's result.json, schema "classroom50/result/v1": a test for each task.

Rule: whole points only, and whose submission this is says the runner, by variables of the
environment; one that is missing is told before anything is graded.

Source: github.com/foundation50/classroom50, schemas/result-v1.schema.json and its wiki.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from asyncweb.errors import ExerciseError
from asyncweb.grading.reports import Writer
from asyncweb.grading.reports.told import has_earned_all, title, told
from asyncweb.grading.score import Grade
from asyncweb.grading.table import totals

SCHEMA = "classroom50/result/v1"
_NEEDED = {
    "classroom": "CLASSROOM", "assignment": "ASSIGNMENT", "submission": "SUBMISSION_TAG",
    "commit": "COMMIT_URL", "release": "RELEASE_URL",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Submission:
    """Whose work it is, as Classroom 50's runner says."""

    classroom: str
    assignment: str
    assignment_type: str
    owner: str
    submission: str
    commit: str
    release: str
    review: str

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> Submission:
        """The submission that the variables speak of. Raises ExerciseError: which is missing."""
        said = {name: environment.get(name, "").strip() for name in environment}
        found = {field: said.get(name, "") for field, name in _NEEDED.items()}
        found["owner"] = said.get("OWNER") or said.get("USERNAME", "")
        missing = [_NEEDED.get(field, "OWNER") for field, value in found.items() if not value]
        if missing:
            raise ExerciseError(
                f"a report for Classroom 50 needs {', '.join(missing)} in the environment; "
                "its runner sets them"
            )
        if not found["submission"].startswith("submit/"):
            raise ExerciseError(
                f"SUBMISSION_TAG is {found['submission']!r}; expected one that begins with submit/"
            )
        kind = said.get("ASSIGNMENT_TYPE") or "individual"
        review = said.get("REVIEW_URL") or found["commit"]  # there may be nothing to compare
        return cls(**found, assignment_type=kind, review=review)


def writer() -> Writer:
    """What writes it, for the submission that the environment speaks of."""
    submission = Submission.read(os.environ)
    return lambda grades: json.dumps(result(grades, submission, datetime.now(UTC)), indent=2) + "\n"


def result(grades: Sequence[Grade], submission: Submission, now: datetime) -> dict[str, Any]:
    """The grades as Classroom 50 reads them; `now` is in UTC."""
    earned, points = totals(grades)
    return {
        "schema": SCHEMA,
        "classroom": submission.classroom,
        "assignment": submission.assignment,
        "assignment_type": submission.assignment_type,
        "owner": submission.owner,
        "submission": submission.submission,
        "commit": submission.commit,
        "release": submission.release,
        "review": submission.review,
        "datetime": f"{now:%Y-%m-%dT%H:%M:%SZ}",
        "score": earned,
        "max-score": points,
        "tests": [
            {
                "test-name": title(grade, task),
                "passed": has_earned_all(task),
                "score": task.earned,
                "max-score": task.task.points,
                "output": told(grade, task),
            }
            for grade in grades
            for task in grade.tasks
        ],
    }
