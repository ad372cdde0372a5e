"""Where the exercises are: those of the course, and a student's own files.

Rule: tests, tasks and words come from the course, and work.py alone from a student's folder. An
exercise that the course does not have brings its own, and counts in no grade but its teacher's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from pathlib import Path

from asyncweb.errors import ExerciseError
from asyncweb.grading.exercise import FILE, SOLUTION, WORK, Exercise
from asyncweb.grading.outcomes import Outcome
from asyncweb.grading.runner import How, check
from asyncweb.grading.score import Grade, all_as, score
from asyncweb.grading.submissions import Submission
from asyncweb.grading.words import STUB

_PACKAGE = Path(__file__).resolve().parents[1]
FOLDER = "exercises"


def course_folder() -> Path:
    """Where the course's exercises are: in the installed package, or beside it in a checkout."""
    for folder in (_PACKAGE / FOLDER, _PACKAGE.parent / FOLDER):
        if any(folder.glob(f"*/{FILE}")):
            return folder
    raise ExerciseError("this installation has no exercises; install asyncweb again with pip")


def teachers_folder(named: str | None) -> Path:
    """The exercises of who teaches: the folder that is `named`, or else the nearest with answers.

    That is ./exercises, if all that are in it have their solutions: a checkout's, or those that
    `asyncweb course new` has begun. If not, it is the course's.
    """
    if named:
        return Path(named)
    found = [file.parent for file in Path(FOLDER).glob(f"*/{FILE}")]
    has_answers = bool(found) and all((each / SOLUTION).is_file() for each in found)
    return Path(FOLDER) if has_answers else course_folder()


def exercise_folders(folder: Path) -> list[Path]:
    """The folder of every exercise in `folder`, in their order. Raises ExerciseError for none."""
    if found := [file.parent for file in sorted(folder.glob(f"*/{FILE}"))]:
        return found
    raise ExerciseError(f"{folder} holds no exercise: no folder in it has an {FILE}")


def exercises(folder: Path | None = None) -> list[Exercise]:
    """Every exercise of the course, or of a folder of them, in their order.

    Raises ExerciseError when there is none.
    """
    return [Exercise.read(each) for each in exercise_folders(folder or course_folder())]


def find_exercise(name: str, among: Sequence[Exercise] | None = None) -> Exercise:
    """The exercise that `name` means: "01_pieces", "pieces" or "1"; of the course, or of `among`.

    Raises ExerciseError when there is none, or more than one; it says which there are.
    """
    known = {exercise.name: exercise for exercise in among or exercises()}
    wanted = Path(name).name or name
    found = [exercise for each, exercise in known.items() if wanted in _names(each)]
    if len(found) == 1:
        return found[0]
    near = get_close_matches(wanted, known, n=1)
    hint = f"did you mean {near[0]}?" if near else f"there are: {', '.join(known)}"
    raise ExerciseError(f"{name!r} is no exercise; {hint}")


def _names(name: str) -> set[str]:
    number, _, topic = name.partition("_")
    return {name, topic, number, number.lstrip("0")}


def work_of(exercise: Exercise, folder: Path | None = None) -> Path:
    """The student's file: in `folder`, or in one of the places where a student keeps it.

    Raises ExerciseError when it is in none of them.
    """
    here = Path.cwd()
    near = [folder] if folder else [here / FOLDER, here, here.parent]
    places = [each / exercise.name / WORK for each in near]
    for place in places:
        if place.is_file():
            return place
    looked = ", ".join(str(place) for place in places)
    raise ExerciseError(f"there is no {WORK} of {exercise.name}; looked for {looked}")


def grade(folder: Path, how: How | None = None) -> Iterator[Grade]:
    """What the student's `folder` earns in each exercise of the course, one after the other.

    An exercise that is not in the folder was not attempted. Raises ExerciseError
    when `folder` holds no exercise at all.
    """
    course = exercises()
    places = Submission(folder.name, folder).places(course) if folder.is_dir() else {}
    if not places and not any((folder / each.name).is_dir() for each in course):
        raise ExerciseError(
            f"{folder} holds no exercise; name the folder that has {course[0].name}/ in it"
        )
    for exercise in course:
        place = places.get(exercise.name)
        yield check(exercise, folder / place, how) if place else not_handed_in(exercise)


def not_handed_in(exercise: Exercise) -> Grade:
    """The grade of who has handed in nothing of `exercise`."""
    detail = f"There is no {WORK} of {exercise.name} in what was handed in."
    return score(exercise, all_as(exercise, Outcome.NOT_ATTEMPTED, STUB, detail))
