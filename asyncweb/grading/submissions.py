"""What a class has handed in: a folder with a folder or a zip for each student, or a zip in one.

Rule: of all that was handed in only each exercise's work.py is taken, by its place and its size;
a zip is never unpacked by its own names.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from asyncweb.errors import ExerciseError
from asyncweb.grading.blame import told
from asyncweb.grading.exercise import WORK, Exercise
from asyncweb.grading.source import WORK_BYTES

Work = bytes | ExerciseError  # the text of a work.py, or why it cannot be read
DEPTH = 4  # how many folders deep somebody's work may lie
_NOT_THEIRS = {"__MACOSX", "teacher", "__pycache__"}


@dataclass(frozen=True, slots=True)
class Submission:
    """What one student has handed in, known by the name of its folder or its zip."""

    name: str
    path: Path

    def works(self, course: Sequence[Exercise]) -> dict[str, Work]:
        """The text of work.py for each exercise that is there, by the exercise's name.

        Of one that cannot be read, why, and of no other; of a zip that is none, why for each.
        """
        try:
            places = self.places(course)
        except ExerciseError as error:
            return {exercise.name: error for exercise in course}
        return {name: self._work(place) for name, place in places.items()}

    def places(self, course: Sequence[Exercise]) -> dict[str, PurePosixPath]:
        """Where the work.py of each exercise is, by the exercise's name.

        It is found in a folder of that name, the nearest one to the top; where there is only one
        exercise, a work.py alone will do. Raises ExerciseError for a zip that is none.
        """
        try:
            places = _zipped(self.path) if self.path.is_file() else [*_lying(self.path)]
        except Exception as error:  # see _unreadable
            raise _unreadable(self.path.name, error) from None
        nearest = sorted(places, key=lambda place: (len(place.parts), place))
        found = {}
        for exercise in course:
            for place in nearest:
                if _is_of(place, exercise.name) or (len(course) == 1 and place.name == WORK):
                    found[exercise.name] = place
                    break
        return found

    def _work(self, place: PurePosixPath) -> Work:
        """The text there; of one that is too long, enough to be told so."""
        try:
            if self.path.is_dir():
                with (self.path / place).open("rb") as file:
                    return file.read(WORK_BYTES + 1)
            with (
                zipfile.ZipFile(self.path) as zipped,
                zipped.open(_members(zipped)[place]) as member,
            ):
                return member.read(WORK_BYTES + 1)
        except Exception as error:  # see _unreadable
            return _unreadable(f"{self.path.name}: {place}", error)


def submissions(folder: Path) -> list[Submission]:
    """Everybody's, in the order of their names. Raises ExerciseError where there is none."""
    found = [path for path in _visible(folder) if _can_be_graded(path)]
    if not found:
        came = next(iter(left_out(folder)), "nothing")
        raise ExerciseError(f"{folder} holds {came}; expected a folder or a zip for each student")
    names = [path.stem if path.is_file() else path.name for path in found]
    whose = list(zip(names, found, strict=True))
    if twice := next((name for name in names if names.count(name) > 1), None):
        files = " and ".join(path.name for name, path in whose if name == twice)
        raise ExerciseError(f"{folder} holds {files}, both of {twice}; take one away")
    return [Submission(name, _content(path)) for name, path in whose]


def left_out(folder: Path) -> list[str]:
    """The names of what is neither a folder nor a zip: whoever handed it in is not graded."""
    return [path.name for path in _visible(folder) if not _can_be_graded(path)]


def empty_handed(found: Sequence[Submission], course: Sequence[Exercise]) -> list[str]:
    """The names of those in whose submission there is no work.py: they get no points."""
    return [submission.name for submission in found if not submission.works(course)]


def _content(path: Path) -> Path:
    """The folder or the zip itself; of a folder that has no work.py but a zip, that zip.

    So a learning platform hands out what was handed in as a zip.
    """
    if path.is_file() or any(_lying(path)):
        return path
    zips = [each for each in _visible(path) if _is_zip(each) and not each.is_symlink()]
    return zips[0] if len(zips) == 1 else path


def _visible(folder: Path) -> list[Path]:
    """What lies in `folder`, without what a system or an editor hides there."""
    if not folder.is_dir():
        raise ExerciseError(f"{folder} is no folder; name the one with what was handed in")
    return sorted(path for path in folder.iterdir() if not path.name.startswith((".", "__")))


def _can_be_graded(path: Path) -> bool:
    return path.is_dir() or _is_zip(path)


def _is_zip(path: Path) -> bool:
    return path.is_file() and path.suffix.lower() == ".zip"


def _is_of(place: PurePosixPath, exercise: str) -> bool:
    return place.name == WORK and place.parent.name == exercise


def _lying(folder: Path) -> Iterator[PurePosixPath]:
    """The work.py of a folder. A link is not followed: it may lead to what is not theirs."""
    for depth in range(DEPTH + 1):
        for file in folder.glob("*/" * depth + WORK):
            place = file.relative_to(folder)
            parts = [folder.joinpath(*place.parts[: end + 1]) for end in range(len(place.parts))]
            if file.is_file() and not any(part.is_symlink() for part in parts) and _counts(place):
                yield PurePosixPath(place.as_posix())


def _zipped(file: Path) -> list[PurePosixPath]:
    with zipfile.ZipFile(file) as zipped:
        return [*_members(zipped)]


def _members(zipped: zipfile.ZipFile) -> dict[PurePosixPath, zipfile.ZipInfo]:
    """Every work.py in it by its place, which the zip may spell ./01_pieces\\work.py."""
    spelt = [(member.filename.replace("\\", "/"), member) for member in zipped.infolist()]
    files = {PurePosixPath(name): member for name, member in spelt if not name.endswith("/")}
    return {place: file for place, file in files.items() if place.name == WORK and _counts(place)}


def _counts(place: PurePosixPath | Path) -> bool:
    return len(place.parts) <= DEPTH + 1 and not _NOT_THEIRS & set(place.parts)


def _unreadable(what: str, error: Exception) -> ExerciseError:
    """Of any error: what a broken zip makes zipfile and its unpackers raise is written nowhere."""
    return ExerciseError(f"{what} cannot be read: {told(error)}")
