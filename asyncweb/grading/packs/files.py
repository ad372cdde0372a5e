"""The files of a pack: the exercises, for a class or for a grader, and the package itself.

Rule: what a class gets is listed by what it is, never by leaving out what it is not; nothing that
is there already is overwritten.
"""

from __future__ import annotations

import importlib.metadata
import shutil
import tomllib
from collections.abc import Sequence
from pathlib import Path

from asyncweb.errors import ExerciseError
from asyncweb.grading.course import FOLDER
from asyncweb.grading.exercise import WORK, Exercise
from asyncweb.grading.stub import stub_of

PACKAGE = Path(__file__).resolve().parents[2]
FOR_TEACHERS = "<!-- for teachers -->"  # in a README: what stands below is not for the class
_NOT_GRADING = (FOLDER, "notebooks", "skeleton_parts", "__pycache__", "*.pyc", ".*")
_SET_ASIDE = "work_*.py"  # what somebody had written before `asyncweb reset`
_BESIDE = ("pytest.ini", "INSTRUMENTS.md")


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
        # Generated, for in a checkout somebody may have written the answer into it.
        stub = stub_of(exercise.solution.read_text(encoding="utf-8"))
        (copy / WORK).write_text(stub, encoding="utf-8")
    home = course[0].folder.parent
    for name in _BESIDE:
        if (home / name).is_file():
            shutil.copyfile(home / name, folder / name)
    if (home / "README.md").is_file():
        text = (home / "README.md").read_text(encoding="utf-8")
        said, _, _ = text.partition(FOR_TEACHERS)
        (folder / "README.md").write_text(said.rstrip() + "\n", encoding="utf-8")


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
    """What pip has to install for grading: what asyncweb needs, and pytest."""
    project = PACKAGE.parent / "pyproject.toml"
    if project.is_file():
        table = tomllib.loads(project.read_text(encoding="utf-8"))["project"]
        needs = [*table["dependencies"], *table["optional-dependencies"]["course"]]
    else:
        needs = importlib.metadata.requires("asyncweb") or []
    own = [need for need in needs if "extra ==" not in need and not _is_for_notebooks(need)]
    tests = [need.partition(";")[0].strip() for need in needs if need.startswith("pytest")]
    return list(dict.fromkeys([*own, *tests[:1]]))


def _is_for_notebooks(need: str) -> bool:
    return need.startswith(("ipykernel", "matplotlib", "notebook"))
