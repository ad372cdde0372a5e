"""A class's submissions become grades, several at a time, each in a copy of its own.

Rule: what was graded once is written down before the next is begun, so that an interruption costs
what was under way and no more. A fault of ours costs nobody a point, and is graded again next time.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from asyncweb.errors import ExerciseError
from asyncweb.grading.course import not_handed_in
from asyncweb.grading.exercise import WORK, Exercise
from asyncweb.grading.outcomes import Outcome
from asyncweb.grading.parallel import at_once
from asyncweb.grading.runner import How, check
from asyncweb.grading.score import Grade, all_as, score
from asyncweb.grading.submissions import Submission, Work
from asyncweb.grading.words import CRASHED, FAULT


@dataclass(frozen=True, slots=True)
class Entry:
    """What one student earns in one exercise: a grade as JSON takes it."""

    submission: str
    exercise: str
    digest: str
    grade: Mapping[str, Any]

    @property
    def is_faulty(self) -> bool:
        """Whether we have failed to judge it."""
        return bool(self.grade["is_faulty"])

    def to_json(self) -> str:
        """One line of the journal."""
        return json.dumps([self.submission, self.exercise, self.digest, dict(self.grade)])


class Journal:
    """The entries so far, a line each, in a file beside the result."""

    def __init__(self, file: Path):
        self._file = file
        self._lock = threading.Lock()
        self.entries = {
            (entry.submission, entry.exercise, entry.digest): entry for entry in _read(file)
        }

    def add(self, entry: Entry) -> None:
        """Writes it down at once. Raises OSError."""
        with self._lock, self._file.open("a", encoding="utf-8") as journal:
            # The break comes first: a line that was cut before must not swallow this one.
            journal.write("\n" + entry.to_json())

    def end(self) -> None:
        """Takes the file away: the result is whole."""
        self._file.unlink(missing_ok=True)


def _read(file: Path) -> Iterator[Entry]:
    """What is written there; a line that was cut by the interruption is not."""
    lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    for line in lines:
        try:
            entry = Entry(*json.loads(line))
            is_kept = not entry.is_faulty
        except (ValueError, TypeError, KeyError):
            continue
        if is_kept:
            yield entry


@dataclass(frozen=True, slots=True)
class Class:
    """Who is graded, in which exercises, and how."""

    submissions: Sequence[Submission]
    course: Sequence[Exercise]
    how: How
    jobs: int | None = None

    @property
    def size(self) -> int:
        """How many entries there will be."""
        return len(self.submissions) * len(self.course)

    def grades(self, journal: Journal) -> Iterator[Entry]:
        """Every entry, those of the journal first. Raises OSError when it cannot be written."""
        known, pieces = [], []
        tests = {exercise.name: _digest_of(exercise) for exercise in self.course}
        for submission in self.submissions:
            works = submission.works(self.course)
            for exercise in self.course:
                work = works.get(exercise.name)
                digest = _digest(tests[exercise.name], repr((self.how, work)).encode())
                entry = journal.entries.get((submission.name, exercise.name, digest))
                if entry:
                    known.append(entry)
                else:
                    piece = partial(_graded, exercise, work, self.how)
                    key = submission.name, exercise.name, digest
                    pieces.append(partial(_entered, journal, key, piece))
        yield from known
        yield from at_once(pieces, self.jobs)


def _entered(journal: Journal, key: tuple[str, str, str], piece: Callable[[], Grade]) -> Entry:
    entry = Entry(*key, piece().to_dict())
    journal.add(entry)
    return entry


def _graded(exercise: Exercise, work: Work | None, how: How) -> Grade:
    """The grade of a file; of none, that of who has not tried. Raises nothing: see the rule."""
    if isinstance(work, ExerciseError):
        return score(exercise, all_as(exercise, Outcome.CRASHED, CRASHED, str(work)))
    if work is None:
        return not_handed_in(exercise)
    try:
        with tempfile.TemporaryDirectory(prefix="asyncweb-") as folder:
            file = Path(folder) / WORK
            file.write_bytes(work)
            return check(exercise, file, how)
    except Exception as error:
        return score(exercise, all_as(exercise, Outcome.GRADER_FAULT, FAULT, repr(error)))


def _digest_of(exercise: Exercise) -> bytes:
    """Of what it is graded by: whoever mends a test wants everybody graded again."""
    files = [file for file in exercise.folder.iterdir() if file.is_file() and file.name != WORK]
    files += exercise.test_files(hidden=True)
    return _digest(*(file.read_bytes() for file in sorted(set(files)))).encode()


def _digest(*parts: bytes) -> str:
    whole = hashlib.sha256()
    for part in parts:
        whole.update(len(part).to_bytes(8) + part)
    return whole.hexdigest()
