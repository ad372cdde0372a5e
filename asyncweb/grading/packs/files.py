"""The files of a pack: the exercises, for a class or for a grader, and the package itself.

Rule: what a class gets is listed by what it is, never by leaving out what it is not; nothing that
is there already is overwritten.
"""

from __future__ import annotations

import importlib.metadata
import re
import shutil
import tomllib
from collections.abc import Sequence
from pathlib import Path

from asyncweb.errors import ExerciseError
from asyncweb.grading.course import FOLDER, course_folder
from asyncweb.grading.exercise import SOLUTION, WORK, Exercise
from asyncweb.grading.stub import stub_of

PACKAGE = Path(__file__).resolve().parents[2]
FOR_TEACHERS = "<!-- for teachers -->"  # in a README: what stands below is not for the class
_NOT_GRADING = (FOLDER, "notebooks", "skeleton_parts", "__pycache__", "*.pyc", ".*")
_SET_ASIDE = "work_*.py"  # what somebody had written before `asyncweb reset`
_BESIDE = ("pytest.ini", "INSTRUMENTS.md")
_ROW = re.compile(r"\| \[(\w+)\]")  # of a table in the README: an exercise by its name
_GRADING = "grading"  # the extra of pyproject.toml with what grading needs besides


def new_folder(path: str | Path) -> Path:
    """The folder, empty. Raises ExerciseError when there is something in it."""
    folder = Path(path)
    if folder.is_file() or (folder.is_dir() and any(folder.iterdir())):
        raise ExerciseError(f"{folder} is there already; name a folder that is new or empty")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def pack(course: Sequence[Exercise], out: str | Path) -> Path:
    """Writes what a class gets into `out`, a new folder."""
    folder = new_folder(out)
    put_class(course, folder)
    return folder


def put_class(course: Sequence[Exercise], folder: Path) -> None:
    """Writes what students get: each exercise without the teacher's files, and what explains them.

    Of an exercise those are the files in its own folder; what lies in folders of it stays here.
    """
    for exercise in course:
        copy = folder / exercise.name
        _put_files(exercise.folder, copy)
        (copy / WORK).write_text(stub_for(exercise), encoding="utf-8", newline="\n")
    for name in _BESIDE:
        shutil.copyfile(course_folder() / name, folder / name)
    home = course[0].folder.parent
    if (home / "README.md").is_file():
        said = _said(course, (home / "README.md").read_text(encoding="utf-8"))
        (folder / "README.md").write_text(said, encoding="utf-8")


def stub_for(exercise: Exercise) -> str:
    """What a student begins with. Raises ExerciseError where there is no solution to make it of.

    In a checkout work.py may hold somebody's answer. An installation has no solutions, and its
    work.py was made of one when the package was built.
    """
    if exercise.solution.is_file():
        return stub_of(exercise.solution.read_text(encoding="utf-8"))
    if exercise.folder.parent == PACKAGE / FOLDER:
        return (exercise.folder / WORK).read_text(encoding="utf-8")
    raise ExerciseError(
        f"there is no stub of {exercise.name}: it is made of {SOLUTION}, which is not in "
        f"{exercise.folder}; take the exercises of a whole checkout"
    )


def _said(course: Sequence[Exercise], readme: str) -> str:
    """What the README says to a class, and of its table the rows of the exercises it gets."""
    said, _, _ = readme.partition(FOR_TEACHERS)
    names = {exercise.name for exercise in course}
    rows = ((line, _ROW.match(line)) for line in said.rstrip().splitlines(keepends=True))
    kept = [line for line, linked in rows if linked is None or linked[1] in names]
    return "".join(kept).rstrip() + "\n"


def put_grader(course: Sequence[Exercise], folder: Path) -> None:
    """Writes what can grade: the package, its exercises with the hidden tests, its requirements.

    It has no solutions: what is graded runs beside it, and can read all of it.
    """
    shutil.copytree(PACKAGE, folder / PACKAGE.name, ignore=shutil.ignore_patterns(*_NOT_GRADING))
    for exercise in course:
        put_tests(exercise, folder / PACKAGE.name / FOLDER)
    needs = "\n".join(requirements())
    (folder / "requirements.txt").write_text(f"{needs}\n", encoding="utf-8")


def put_tests(exercise: Exercise, folder: Path) -> None:
    """Writes into a folder of exercises what this one is graded by, its hidden tests too."""
    copy = folder / exercise.name
    _put_files(exercise.folder, copy)
    for file in exercise.test_files(hidden=True):
        place = copy / file.relative_to(exercise.folder)
        place.parent.mkdir(exist_ok=True)
        shutil.copyfile(file, place)


def _put_files(source: Path, copy: Path) -> None:
    """Copies what lies beside a student's file."""
    copy.mkdir(parents=True)
    for file in source.iterdir():
        is_students = file.name == WORK or file.match(_SET_ASIDE)
        if file.is_file() and not is_students and not file.name.startswith("."):
            shutil.copyfile(file, copy / file.name)


def requirements() -> list[str]:
    """What pip has to install for grading: what asyncweb needs, and its extra for that.

    A checkout says it in its pyproject.toml, an installation in its metadata, in the same words.
    """
    project = PACKAGE.parent / "pyproject.toml"
    if project.is_file():
        table = tomllib.loads(project.read_text(encoding="utf-8"))["project"]
        return [*table["dependencies"], *table["optional-dependencies"][_GRADING]]
    needs = importlib.metadata.requires("asyncweb") or []
    own = [need for need in needs if "extra ==" not in need]
    extra = [need for need in needs if need.endswith(f"extra == '{_GRADING}'")]
    return [*own, *(need.partition(";")[0] for need in extra)]
