"""A course for nbgrader: an assignment for each exercise, for its commands to release and grade.

Rule: a graded cell belongs to one task, raises when that has not passed, and returns None.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from asyncweb.grading.course import FOLDER
from asyncweb.grading.exercise import WORK, Exercise, Task
from asyncweb.grading.packs.files import new_folder, put_tests, stub_for

_CONFIG = '''"""The configuration of nbgrader for this course."""

c = get_config()  # noqa: F821
c.CourseDirectory.course_id = "asyncweb"
c.Execute.timeout = 300  # one graded cell runs all tests of its exercise
# The sources hold stubs; nbgrader's own would not say which task they belong to.
c.ClearSolutions.enabled = False
'''

_README = """# For nbgrader

This folder is a course. `asyncweb` and its extra `grading` have to be installed where students
work, and where you grade.

| command | does |
|---|---|
| `nbgrader generate_assignment {first}` | writes `release/`, and the points into `gradebook.db` |
| `nbgrader autograde {first}` | grades each `submitted/STUDENT/{first}/{first}.ipynb` |
| `nbgrader export` | writes everybody's points to `grades.csv` |

Generate each assignment before you grade it: nbgrader grades none that is not in its database.

`source/` holds what a student begins with. Beside each notebook lie the tests it is graded by, the
hidden ones too, and nbgrader puts yours in the place of what was handed in. `answers/` is for you,
and only a checkout can write it: the same notebooks, solved. Hand one in to see all points.
"""


def pack(course: Sequence[Exercise], out: str | Path) -> Path:
    """Writes `source/`, `answers/` and what configures nbgrader into `out`, a new folder.

    An installation has no solutions, and writes no answers.
    """
    folder = new_folder(out)
    (folder / "nbgrader_config.py").write_text(_CONFIG, encoding="utf-8")
    told = _README.format(first=course[0].name)
    (folder / "README.md").write_text(told, encoding="utf-8")
    for exercise in course:
        works = {"source": stub_for(exercise)}
        if exercise.solution.is_file():
            works["answers"] = exercise.solution.read_text(encoding="utf-8")
        for kind, work in works.items():
            place = folder / kind / exercise.name
            put_tests(exercise, place / FOLDER)
            text = json.dumps(notebook(exercise, work), indent=1) + "\n"
            (place / f"{exercise.name}.ipynb").write_text(text, encoding="utf-8")
    return folder


def notebook(exercise: Exercise, work: str) -> dict[str, Any]:
    """The exercise as a notebook: what to do, a cell that writes work.py, a graded cell a task."""
    told = (exercise.folder / "README.md").read_text(encoding="utf-8")
    cells = [
        _markdown("what-to-do", told),
        _code(_metadata("work", solution=True), f"%%writefile {WORK}\n{work}"),
        *(_graded(exercise, task) for task in exercise.tasks),
    ]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return {
        "cells": cells,
        "metadata": {"kernelspec": kernel, "language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def _graded(exercise: Exercise, task: Task) -> dict[str, Any]:
    """The cell that is worth the points of one task."""
    grade_id = f"task-{task.id.replace('.', '-')}"
    metadata = _metadata(grade_id, grade=True, locked=True, points=task.points)
    source = (
        f"# Task {task.id}: {task.title}, {task.points} points. Run the cell above first.\n"
        "from asyncweb.grading.cell import require\n\n"
        f'require("{exercise.name}", "{task.id}")'
    )
    return _code(metadata, source)


def _metadata(grade_id: str, **values: Any) -> dict[str, Any]:
    plain = {"grade": False, "locked": False, "solution": False, "task": False}
    return {**plain, **values, "grade_id": grade_id, "schema_version": 3}


def _code(metadata: dict[str, Any], source: str) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": metadata["grade_id"],
        "metadata": {"nbgrader": metadata},
        "outputs": [],
        "source": source.rstrip("\n").splitlines(keepends=True),
    }


def _markdown(cell_id: str, text: str) -> dict[str, Any]:
    source = text.rstrip("\n").splitlines(keepends=True)
    return {"cell_type": "markdown", "id": cell_id, "metadata": {}, "source": source}
