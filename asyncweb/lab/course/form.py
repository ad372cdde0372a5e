"""The form that every notebook of the course has.

Rule: what can be known without running it is checked here; tests and `check` only ask.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from asyncweb.errors import LessonError
from asyncweb.lab import question_file
from asyncweb.lab.course.lesson_file import LessonFile
from asyncweb.lab.questions import Asked, Checkpoint, Claim

MINUTES = range(30, 61)
MODIFY, MAKE = 3, 1  # so many tasks at least
_PARTS = ("> **What could mislead you here.**", "## Key points", "**Exercises that belong to it:**")
_APP = re.compile(r"^\w.*\bApp\(", re.MULTILINE)
_HANDLER = re.compile(r"^@\w+\.", re.MULTILINE)


def troubles(lesson: LessonFile) -> Iterator[str]:
    """What a notebook lacks, a line each; nothing when it has the form."""
    checks = (_front_matter, _parts, _tasks, _apps, _outputs, _questions, _reveals)
    for check in checks:
        try:
            for trouble in check(lesson):
                yield f"{lesson.path.name}: {trouble}"
        except LessonError as error:
            yield str(error)


def _front_matter(lesson: LessonFile) -> Iterator[str]:
    lesson.to_dict()
    if not lesson.prose[0].startswith(f"# {lesson.number} · "):
        yield f"the title has another number than the file; write: # {lesson.number} · A title"
    if lesson.minutes not in MINUTES:
        yield f"{lesson.minutes} minutes; a lesson has {MINUTES[0]} to {MINUTES[-1]}"


def _parts(lesson: LessonFile) -> Iterator[str]:
    for part in _PARTS:
        if not any(part in text for text in lesson.prose):
            yield f"there is no {part!r}"
    if not lesson.exercises:
        yield "no exercise belongs to it; name one, such as `01_pieces`"
    if not lesson.code or not lesson.cells[-1].is_code:
        yield "the last cell is prose; it has to stop what was started"


def _tasks(lesson: LessonFile) -> Iterator[str]:
    lines = [line for text in lesson.prose for line in text.splitlines()]
    for head, least in (("## Modify:", MODIFY), ("## Make:", MAKE)):
        found = sum(line.startswith(head) for line in lines)
        if found < least:
            yield f"{found} tasks '{head} ...'; expected {least} or more"


def _apps(lesson: LessonFile) -> Iterator[str]:
    """A handler that is defined again must come to the App whose servers run."""
    for source in lesson.code:
        if _APP.search(source) and _HANDLER.search(source):
            yield (
                "a cell makes an App and its handler: run again, it makes an App that no server "
                "has; give the App a cell of its own"
            )


def _outputs(lesson: LessonFile) -> Iterator[str]:
    if any(cell.has_run for cell in lesson.cells):
        yield "it has outputs: nothing is shown before it is asked; build it again"


def _questions(lesson: LessonFile) -> Iterator[str]:
    """Every question is asked as its kind is, and none is asked that is not there."""
    file = question_file.FOLDER / f"{lesson.number}.toml"
    known = question_file.read(file)
    asked = lesson.asks
    for _, name in asked:
        if name not in known:
            yield f"it asks {name}, which is not in questions/{file.name}"
    for name, what in known.items():
        calls = [call for call, called in asked if called == name]
        if missing := [call for call in _calls_of(what) if call not in calls]:
            yield f"{name} is in questions/{file.name}, and no cell calls {missing[0]}({name!r})"
        elif strange := set(calls) - set(_calls_of(what)):
            yield f"it calls {min(strange)}({name!r}); {name} wants {_calls_of(what)[0]}"
        elif calls[0] == "reveal":
            yield f"it reveals {name} before it is predicted"


def _reveals(lesson: LessonFile) -> Iterator[str]:
    """Between a guess and its measurement there is a moment, and a cell, in which to think."""
    for asked in lesson.asks_by_cell:
        for call, name in asked:
            if call == "reveal" and ("predict", name) in asked:
                yield f"it reveals {name} in the cell that predicts it; give each a cell of its own"


def _calls_of(asked: Asked) -> tuple[str, ...]:
    """How such a question is asked."""
    if isinstance(asked, Claim):
        return ("shows",)
    return ("check",) if isinstance(asked, Checkpoint) else ("predict", "reveal")
