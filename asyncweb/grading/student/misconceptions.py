"""What a label means: the misconceptions M01 to M32, the exercises' own labels, those of all.

Rule: the words stand in files, `misconceptions.toml` and each `exercise.toml`; here they are found.
"""

from __future__ import annotations

import re
import textwrap
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from asyncweb.errors import ExerciseError
from asyncweb.grading.exercise import Exercise
from asyncweb.grading.show import WIDTH
from asyncweb.grading.words import COMMON_LABELS, Label

FILE = Path(__file__).with_name("misconceptions.toml")
_FACT = re.compile(r"\{\w+\}")


@dataclass(frozen=True, slots=True)
class Misconception:
    """What people believe, what is the case instead, and which notebook shows it."""

    name: str
    think: str
    happens: str
    notebook: str


@cache
def misconceptions() -> Mapping[str, Misconception]:
    """All of them by their names, in their order.

    >>> misconceptions()["M06"].think
    'One thread means no races.'
    """
    tables = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return {name: Misconception(name, **table) for name, table in tables.items()}


def explained(name: str, course: Sequence[Exercise]) -> Iterator[str]:
    """What `name` says, and which exercises of the `course` and which notebook show it, in lines.

    Raises ExerciseError for a name that is no label; it says which is near, or what there is.
    """
    label = _found(name, course)
    if known := misconceptions().get(label):
        yield from _told(label, known.think, known.happens)
        yield f"Shown by: the notebook {known.notebook}"
    elif label in COMMON_LABELS:
        common = COMMON_LABELS[label]
        yield from _told(label, common.think, common.happens, common.advice)
        yield "Shown by: any exercise"
    for exercise in course:
        own = exercise.labels.get(label)
        if own is not None and own != COMMON_LABELS.get(label):
            yield ""
            yield from _told(f"{label} in {exercise.name}", own.think, own.happens, own.advice)


def known_labels(course: Sequence[Exercise]) -> Iterator[str]:
    """A line for every label there is: its name and what one thinks who shows it."""
    for each in misconceptions().values():
        yield f"{each.name}  {each.think}"
    for exercise in course:
        own = [name for name in exercise.own_labels if name not in misconceptions()]
        for name in own:
            yield f"{name}  {exercise.labels[name].think} ({exercise.name})"
    for common in COMMON_LABELS.values():
        yield f"{common.name}  {common.think}"


def _found(name: str, course: Sequence[Exercise]) -> str:
    labels: dict[str, Label | Misconception] = {**misconceptions(), **COMMON_LABELS}
    for exercise in course:
        labels |= exercise.labels
    spelt = {label.lower(): label for label in labels}
    if name.lower() in spelt:
        return spelt[name.lower()]
    near = get_close_matches(name.lower(), spelt, n=1)
    hint = f"did you mean {spelt[near[0]]}?" if near else "`asyncweb explain` lists them"
    raise ExerciseError(f"{name!r} is no label; {hint}")


def _told(name: str, think: str, happens: str, advice: str = "") -> Iterator[str]:
    yield name
    parts = [("What one thinks", think), ("What happens", happens), ("What to try", advice)]
    for title, text in parts:
        # A fact is of one run; here is none.
        told = f"{title}: {_FACT.sub('…', text)}"
        yield from textwrap.wrap(told, WIDTH, subsequent_indent="    ") if text else ()
