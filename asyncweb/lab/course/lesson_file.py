"""One notebook of the course, and what it says of itself in its first cell.

Rule: read as plain JSON, so that a course can be listed where no Jupyter is installed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from asyncweb.errors import LessonError
from asyncweb.lab import question_file
from asyncweb.lab.questions import Claim

_FRONT = {  # what the first cell says, and how
    "title": (r"^# \d\d · (.+)", "# 02 · A title"),
    "questions": (r"^\*\*Questions\.\*\* (.+)", "**Questions.** What ...?"),
    "objectives": (r"^\*\*You will be able to\*\* (.+)", "**You will be able to** ..."),
    "minutes": (r"^\*\*Time:\*\* (\d+) minutes\.", "**Time:** 45 minutes."),
    "before": (r"\*\*Before this:\*\* (.+)", "**Before this:** ..."),
}
_EXERCISES = r"^\*\*Exercises that belong to it:\*\* (.+)"
_ASKED = re.compile(r'\b(predict|reveal|check|shows)\(\s*"([^"]+)"')


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a notebook: its source, and whether it is code that has been run."""

    source: str
    is_code: bool
    has_run: bool


class LessonFile:
    """A notebook, known by its number: "02"."""

    def __init__(self, path: Path):
        self.path = path
        self.number = path.name[:2]

    @cached_property
    def cells(self) -> list[Cell]:
        """All cells. Raises LessonError when the file is no notebook."""
        try:
            raw = json.loads(self.path.read_text(encoding="utf-8"))["cells"]
            return [_cell(cell) for cell in raw]
        except (ValueError, KeyError, TypeError):
            raise LessonError(f"{self.path.name} is no notebook; get it again") from None

    @property
    def prose(self) -> list[str]:
        """The cells of prose."""
        return [cell.source for cell in self.cells if not cell.is_code]

    @property
    def code(self) -> list[str]:
        """The cells of code."""
        return [cell.source for cell in self.cells if cell.is_code]

    @property
    def title(self) -> str:
        """What it is called, without its number."""
        return self._front("title")

    @property
    def minutes(self) -> int:
        """How long a student needs."""
        return int(self._front("minutes"))

    @property
    def exercises(self) -> list[str]:
        """The names of the exercises that belong to it: "06_find_the_blocker"."""
        found = [re.search(_EXERCISES, _lines(text), re.MULTILINE) for text in self.prose]
        return [name for one in found if one for name in re.findall(r"\b\d\d_\w+", one[1])]

    @property
    def asks(self) -> list[tuple[str, str]]:
        """What its cells call, in their order: ("predict", "02.q1")."""
        return [asked for cell in self.asks_by_cell for asked in cell]

    @property
    def asks_by_cell(self) -> list[list[tuple[str, str]]]:
        """The same, cell by cell."""
        return [_ASKED.findall(source) for source in self.code]

    @property
    def claims(self) -> list[str]:
        """What it claims, and shows by a measurement."""
        file = question_file.FOLDER / f"{self.number}.toml"
        known = question_file.read(file).values() if file.exists() else ()
        return [claim.statement for claim in known if isinstance(claim, Claim)]

    def to_dict(self) -> dict[str, Any]:
        """What it says of itself, for JSON. Raises LessonError when something is missing."""
        return {
            "number": self.number,
            "file": self.path.name,
            "title": self.title,
            "minutes": self.minutes,
            "questions": self._front("questions"),
            "objectives": self._front("objectives"),
            "before": self._front("before"),
            "exercises": self.exercises,
            "claims": self.claims,
        }

    def _front(self, head: str) -> str:
        pattern, example = _FRONT[head]
        first = _lines(self.prose[0]) if self.prose else ""
        found = re.search(pattern, first, re.MULTILINE)
        if found is None:
            raise LessonError(f"{self.path.name}: the first cell has no {head}; write: {example}")
        return found[1].strip()


def lessons(folder: Path, only: Sequence[str] = ()) -> list[LessonFile]:
    """The notebooks of `folder` by number; or `only` some. Raises LessonError for an unknown one.

    A number may be said without its zero: "2".
    """
    found = [LessonFile(path) for path in sorted(folder.glob("[0-9][0-9]_*.ipynb"))]
    known = {lesson.number: lesson for lesson in found}
    wanted = [number.zfill(2) for number in only]
    for number in wanted:
        if number not in known:
            raise LessonError(f"there is no notebook {number}; there are: {', '.join(known)}")
    return [lesson for number, lesson in known.items() if not only or number in wanted]


def _cell(raw: dict[str, Any]) -> Cell:
    source = raw["source"] if isinstance(raw["source"], str) else "".join(raw["source"])
    is_code = raw["cell_type"] == "code"
    return Cell(source, is_code, is_code and bool(raw["outputs"] or raw["execution_count"]))


def _lines(text: str) -> str:
    """`text` with each paragraph on one line."""
    return "\n\n".join(" ".join(part.split("\n")) for part in re.split(r"\n\s*\n", text))
