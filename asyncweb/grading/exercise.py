"""An exercise as its folder says it is: `exercise.toml` and the files beside it.

Rule: what is wrong with an exercise is told to its writer when it is read, never to a student.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from asyncweb.errors import ExerciseError
from asyncweb.grading.words import COMMON_LABELS, Label

T = TypeVar("T")
DEFAULT_SECONDS = 5.0
FILE = "exercise.toml"
WORK = "work.py"
SOLUTION = "teacher/solution.py"  # which an installation does not have


@dataclass(frozen=True, slots=True)
class Task:
    """A part of an exercise: what a student can get points for, whole or not at all."""

    id: str
    title: str
    points: int
    function: str
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Exercise:
    """One folder of `exercises/`, read and checked."""

    folder: Path
    title: str
    minutes: int
    objective: str
    notebook: str
    seconds: float
    tasks: tuple[Task, ...]
    labels: Mapping[str, Label]

    @classmethod
    def read(cls, folder: str | Path) -> Exercise:
        """The exercise in `folder`. Raises ExerciseError, which says what is missing or wrong."""
        folder = Path(folder)
        values = _Table(_read(folder / FILE), str(folder / FILE))
        tasks = tuple(_task(_Table(each, values.where)) for each in values.take("tasks", list))
        labels = {
            name: _label(name, _Table(each, f"{values.where}, labels.{name}"))
            for name, each in values.take("labels", dict, {}).items()
        }
        exercise = cls(
            folder=folder,
            title=values.take("title", str),
            minutes=values.take("minutes", int),
            objective=values.take("objective", str),
            notebook=values.take("notebook", str, ""),
            seconds=float(values.take("seconds", (int, float), DEFAULT_SECONDS)),
            tasks=tasks,
            labels={**COMMON_LABELS, **labels},
        )
        values.end()
        exercise._check_tasks()
        return exercise

    @property
    def name(self) -> str:
        """As the folder is called: "01_pieces"."""
        return self.folder.resolve().name

    @property
    def points(self) -> int:
        """All there are to earn."""
        return sum(task.points for task in self.tasks)

    @property
    def own_labels(self) -> list[str]:
        """Those that only this exercise has, in their order of priority."""
        names = [name for name in self.labels if name not in COMMON_LABELS]
        return sorted(names, key=lambda name: self.labels[name].priority)

    @property
    def solution(self) -> Path:
        """The teacher's answer; a class does not have it."""
        return self.folder / SOLUTION

    def answers(self, kind: str) -> list[Path]:
        """The teacher's other answers: those of `kind` "accept", or "wrong"."""
        return sorted((self.folder / "teacher" / kind).glob("*.py"))

    def test_files(self, hidden: bool) -> list[Path]:
        """The tests a student sees, and the `hidden` ones where they are there and wanted."""
        folders = [self.folder, self.folder / "teacher"] if hidden else [self.folder]
        return [file for folder in folders for file in sorted(folder.glob("test_*.py"))]

    def task(self, task_id: str) -> Task:
        """The task with that id. Raises ExerciseError when there is none."""
        for task in self.tasks:
            if task.id == task_id:
                return task
        known = ", ".join(task.id for task in self.tasks)
        raise ExerciseError(f"{self.name} has no task {task_id!r}; {FILE} has: {known}")

    def label(self, name: str) -> Label:
        """The label of that name. Raises ExerciseError when there is none."""
        if name not in self.labels:
            known = ", ".join(self.labels)
            raise ExerciseError(f"{self.name} has no label {name!r}; {FILE} has: {known}")
        return self.labels[name]

    def _check_tasks(self) -> None:
        if not self.tasks:
            raise ExerciseError(f"{self.folder / FILE} has no [[tasks]]; give it one, with points")
        before: list[str] = []
        for task in self.tasks:
            if unknown := [need for need in task.needs if need not in before]:
                raise ExerciseError(
                    f"{self.name}: task {task.id} needs {unknown[0]!r}, "
                    f"which is no task before it: {', '.join(before) or 'there is none'}"
                )
            if task.id in before or task.points < 1:
                raise ExerciseError(
                    f"{self.name}: task {task.id} has {task.points} points; "
                    "expected an id that is there once, and at least 1 point"
                )
            before.append(task.id)


class _Table:
    """A table of the file, out of which each value is taken once, with its type."""

    def __init__(self, values: dict[str, Any], where: str):
        self._values = dict(values)
        self.where = where

    def take(self, name: str, kind: type[T] | tuple[type[T], ...], default: Any = None) -> Any:
        value = self._values.pop(name, default)
        if not isinstance(value, kind) or isinstance(value, bool):
            kinds = kind if isinstance(kind, tuple) else (kind,)
            expected = " or ".join(each.__name__ for each in kinds)
            came = "nothing" if value is None else repr(value)
            raise ExerciseError(f"{self.where}: {name} is {came}; expected {expected}")
        return value

    def end(self) -> None:
        """Raises ExerciseError for a name that nobody has asked for."""
        for name in self._values:
            raise ExerciseError(f"{self.where}: nobody knows {name!r}; is it spelt as WRITING.md?")


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ExerciseError(
            f"{file.parent} is no exercise: it has no {FILE}; see exercises/WRITING.md"
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ExerciseError(f"{file} cannot be read: {error}") from None


def _task(values: _Table) -> Task:
    task = Task(
        id=values.take("id", str),
        title=values.take("title", str),
        points=values.take("points", int),
        function=values.take("function", str),
        needs=tuple(values.take("needs", list, [])),
    )
    values.end()
    return task


def _label(name: str, values: _Table) -> Label:
    known = COMMON_LABELS.get(name, Label(name, 10))
    label = Label(
        name=name,
        priority=values.take("priority", int, known.priority),
        think=values.take("think", str, known.think or None),
        happens=values.take("happens", str, known.happens or None),
        advice=values.take("try", str, known.advice or None),
        line=values.take("line", str, known.line),
    )
    values.end()
    return label
