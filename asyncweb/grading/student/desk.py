"""A student's desk: the folder with their files, the course's exercises, and how far they are.

Rule: a file of the student's is never overwritten; what has to make room is kept beside it.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from asyncweb.errors import ExerciseError
from asyncweb.grading.course import FOLDER, exercises, find_exercise, work_of
from asyncweb.grading.exercise import FILE, WORK, Exercise
from asyncweb.grading.packs.files import put_class, stub_for
from asyncweb.grading.student.progress import Progress

SCHEMA = "asyncweb/standings/v1"


@dataclass(frozen=True, slots=True)
class Desk:
    """Where a student works."""

    folder: Path
    course: Sequence[Exercise]
    progress: Progress

    def work(self, exercise: Exercise) -> Path:
        """The student's file. Raises ExerciseError when it is not there."""
        return work_of(exercise, self.folder)

    def current(self) -> Exercise:
        """The exercise that is being worked on: the one that was gone to, or the first to do."""
        for exercise in self.course:
            if exercise.name == self.progress.current:
                return exercise
        return self.after(None) or self.course[0]

    def after(self, exercise: Exercise | None) -> Exercise | None:
        """The next one that has not passed, from `exercise` on and round; None when all have."""
        place = self.course.index(exercise) + 1 if exercise else 0
        for each in [*self.course[place:], *self.course[:place]]:
            if not self.progress.of(each.name).has_passed:
                return each
        return None

    def named(self, name: str | None) -> Exercise:
        """The exercise that `name` means, or the current one. Raises ExerciseError."""
        if name is None:
            return self.current()
        known = {each.name: each for each in [*exercises(), *self.course]}
        return find_exercise(name, [*known.values()])

    def to_dict(self) -> dict[str, Any]:
        """How far they are, as JSON takes it: schema "asyncweb/standings/v1"."""
        return {
            "schema": SCHEMA,
            "current": self.current().name,
            "exercises": [
                {
                    "exercise": each.name,
                    "title": each.title,
                    "max_score": each.points,
                    **self.progress.of(each.name).to_dict(),
                }
                for each in self.course
            ],
        }

    def reset(self, exercise: Exercise) -> tuple[Path, Path | None]:
        """Puts the stub back; the student's file, and where it is kept now.

        None when it was the stub, or not there. Raises ExerciseError where no stub is to be had.
        """
        work = self.folder / exercise.name / WORK
        stub = stub_for(exercise)
        kept = None
        if work.is_file() and work.read_bytes() != stub.encode():
            kept = _set_aside(work)
        work.parent.mkdir(parents=True, exist_ok=True)
        work.write_text(stub, encoding="utf-8", newline="\n")
        self.progress.restarted(exercise.name)
        return work, kept


def find_desk(folder: Path | None = None) -> Desk:
    """The desk in `folder`, or in the folder one is in, around it or below it.

    Of the course it holds the exercises that are there: a class may get them week by week. One that
    the course does not have is there with its tests: a teacher's own.
    Raises ExerciseError where there are no exercises; it says how to get them.
    """
    here = Path.cwd()
    course = exercises()
    for place in [folder] if folder else [Path(FOLDER), Path(), here.parent]:
        if there := _exercises_in(place, course):
            return Desk(place, there, Progress(place))
    looked = folder or here
    raise ExerciseError(f"there are no exercises in {looked}; run: asyncweb exercises")


def _exercises_in(place: Path, course: Sequence[Exercise]) -> list[Exercise]:
    """Those of the course by their names, and others as they are."""
    names = {each.name for each in course}
    there = [each for each in course if (place / each.name).is_dir()]
    folders = [file.parent for file in place.resolve().glob(f"*/{FILE}")]
    own = [Exercise.read(folder) for folder in folders if folder.name not in names]
    return sorted([*there, *own], key=lambda each: each.name)


def copy_exercises(folder: Path) -> Iterator[tuple[Path, bool]]:
    """Each file in `folder`, and whether it was copied now; one that is there already is kept.

    What is the teacher's is left out. Raises ExerciseError when `folder` is none, or read-only.
    """
    with tempfile.TemporaryDirectory(prefix="asyncweb-") as pack:
        put_class(exercises(), Path(pack))
        try:
            yield from _copied(Path(pack), folder)
        except OSError as error:
            why = "it is a file" if folder.is_file() else error.strerror
            raise ExerciseError(
                f"cannot copy the exercises to {folder}: {why}; name a folder, there already or new"
            ) from None


def _copied(source: Path, folder: Path) -> Iterator[tuple[Path, bool]]:
    for file in sorted(each for each in source.rglob("*") if each.is_file()):
        copy = folder / file.relative_to(source)
        is_new = not copy.exists()
        if is_new:
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, copy)
        yield copy, is_new


def _set_aside(work: Path) -> Path:
    """Moves the file to a name that nobody has: work_1.py, work_2.py and so on."""
    number = 1
    while (aside := work.with_name(f"{work.stem}_{number}{work.suffix}")).exists():
        number += 1
    return work.rename(aside)
