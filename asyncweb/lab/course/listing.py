"""The course as a command tells it: what there is, and what became of what was run.

Rule: what was run before it was stopped is told like the rest.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from asyncweb.lab.course.lesson_file import lessons
from asyncweb.lab.course.page import course_page
from asyncweb.lab.course.rendering import Rendered, made_folder, must_have_jupyter, render
from asyncweb.lab.notebooks import notebook_folder


class Listing:
    """The notebooks of the course, or `only` some of them, by number.

    Raises LessonError for a number that none has.
    """

    def __init__(self, only: Sequence[str] = ()):
        self.course = lessons(notebook_folder(), only)
        self._rendered: dict[str, Rendered] = {}

    @property
    def has_failed(self) -> bool:
        """Whether a notebook that was run has not come to its end."""
        return any(one.failed for one in self._rendered.values())

    def render(self, where: str) -> Iterator[str]:
        """Runs each, and tells what becomes of it; its HTML is in a folder, with a page of them.

        Raises AsyncwebError when Jupyter is not installed, or the folder cannot be written to.
        """
        must_have_jupyter()
        folder = made_folder(where)
        index = folder / "index.html"
        try:
            for number, lesson in enumerate(self.course, 1):
                yield f"{lesson.path.stem} runs, {number} of {len(self.course)}"
                self._rendered[lesson.number] = render(lesson, folder)
                yield str(self._rendered[lesson.number])
        finally:  # Ctrl-C keeps what is done
            index.write_text(self.page(str(index)), encoding="utf-8")

    def page(self, file: str) -> str:
        """The page that lists them, to be written to `file`, with links to what was rendered."""
        beside = Path() if file == "-" else Path(file).parent
        links = {
            number: Path(os.path.relpath(one.html, beside)).as_posix()
            for number, one in self._rendered.items()
        }
        return course_page(self.course, links)

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON, in minutes and seconds."""
        told = [lesson.to_dict() for lesson in self.course]
        for one in told:
            rendered = self._rendered.get(one["number"])
            one["rendered"] = rendered.to_dict() if rendered else None
        return {"notebooks": told, "minutes": sum(one["minutes"] for one in told)}
