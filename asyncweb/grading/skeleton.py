"""A new exercise with all of its parts, which passes its proofs before a word of it is changed.

Rule: whoever writes an exercise replaces one part after the other, and proves it after each.
"""

from __future__ import annotations

import re
from pathlib import Path
from string import Template

from asyncweb.errors import ExerciseError
from asyncweb.grading.exercise import Exercise
from asyncweb.grading.prove import Proof

_PARTS = Path(__file__).with_name("skeleton_parts")
_SUFFIX = ".template"
_NAME = re.compile(r"(\d\d)_([a-z][a-z0-9_]*)")


def begin(name: str, folder: Path) -> Path:
    """The folder of the new exercise `name` in `folder`: "19_topic".

    Raises ExerciseError for another kind of name, and where there is such an exercise already.
    """
    matched = _NAME.fullmatch(name)
    if matched is None:
        raise ExerciseError(f"{name!r} is no name of an exercise; expected one like 19_topic")
    number, topic = matched.groups()
    if taken := next(folder.glob(f"{number}_*"), None):
        raise ExerciseError(f"{taken} has the number {number} already; take another one")
    values = {"number": number, "task": int(number), "topic": topic.replace("_", " ")}
    exercise = folder / name
    for part in sorted(_PARTS.rglob(f"*{_SUFFIX}")):
        file = exercise / part.relative_to(_PARTS).with_suffix("")
        file.parent.mkdir(parents=True, exist_ok=True)
        text = Template(part.read_text(encoding="utf-8")).substitute(values)
        file.write_text(text, encoding="utf-8")
    Proof(Exercise.read(exercise)).write()
    return exercise
