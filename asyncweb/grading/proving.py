"""The proof table: every proof of every exercise, several of them at a time.

Rule: a row that nobody could prove does not hold, and is in the table like any other.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from asyncweb.errors import ExerciseError
from asyncweb.grading.course import course_folder, find_exercise
from asyncweb.grading.exercise import FILE, Exercise
from asyncweb.grading.parallel import at_once
from asyncweb.grading.prove import SEEDS, Proof, Row
from asyncweb.grading.runner import How, check

BUSY, REPEATED = "busy", "repeated"
PROOFS = (
    "stub", "solution", "accept", "wrong", "yes-man", "tests", "labels", "hints", BUSY, REPEATED,
)  # fmt: skip
_SHARED = ("wrong", "tests", "labels")  # these look at the same runs of the wrong answers
BUSY_PROCESSES = 2
# It watches its parent, so that it ends with it, however that ends.
_BUSY_CODE = "import os; parent = os.getppid()\nwhile os.getppid() == parent: pass"


@dataclass(frozen=True, slots=True)
class Demands:
    """How much is asked of each exercise, and by how many at a time.

    `seeds` of the solution on either loop; of the full form, beside busy processes too, and `runs`
    of it one after the other, each of which has to pass.
    """

    seeds: int = SEEDS
    runs: int = 0
    is_busy: bool = False
    jobs: int | None = None


def folders_of(names: Sequence[str], folder: Path | None = None) -> list[Path]:
    """The folders of the exercises that are named; of all, if none is.

    Raises ExerciseError for a name that is none.
    """
    if names:
        return [find_exercise(name, folder).folder for name in names]
    folder = folder or course_folder()
    found = [file.parent for file in sorted(folder.glob(f"*/{FILE}"))]
    if not found:
        raise ExerciseError(f"{folder} holds no exercise: no folder in it has an {FILE}")
    return found


def prove(folders: Sequence[Path], demands: Demands) -> Iterator[Row]:
    """Every row of the table, as it comes to its end."""
    pieces = [piece for folder in folders for piece in _pieces(folder, demands)]
    for rows in at_once(pieces, demands.jobs):
        yield from rows


def _pieces(folder: Path, demands: Demands) -> list[Callable[[], list[Row]]]:
    """The proofs of one exercise, in parts that can be done at the same time; the longest first."""
    try:
        proof = Proof(Exercise.read(folder), range(demands.seeds))
    except ExerciseError as error:
        row = Row(folder.name, "stub", (str(error),), 0)
        return [lambda: [row]]
    alone = [name for name in PROOFS if name not in (*_SHARED, BUSY, REPEATED)]
    pieces = [partial(_rows, proof, _SHARED), *(partial(_rows, proof, [each]) for each in alone)]
    if demands.runs:
        pieces.append(partial(_repeated, proof.exercise, demands.runs))
    if demands.is_busy:
        pieces.append(partial(_beside_busy, proof.exercise, demands.seeds))
    return [partial(_safely, folder.name, piece) for piece in pieces]


def _rows(proof: Proof, names: Sequence[str]) -> list[Row]:
    return [row for name in names for row in proof.rows(only=name)]


def _safely(exercise: str, piece: Callable[[], list[Row]]) -> list[Row]:
    """An error in one proof is a row that does not hold, and no end of the others."""
    try:
        return piece()
    except Exception as error:
        return [Row(exercise, "stub", (f"the proof itself failed: {error!r}",), 0)]


def _beside_busy(exercise: Exercise, seeds: int) -> list[Row]:
    with busy_cores():
        troubles = _unsolved(exercise, How(seeds=range(seeds)))
    return [Row(exercise.name, BUSY, tuple(troubles), seeds)]


def _repeated(exercise: Exercise, runs: int) -> list[Row]:
    troubles = [
        f"run {run} of {runs}: {trouble}"
        for run in range(1, runs + 1)
        for trouble in _unsolved(exercise, How(seeds=[run]))
    ]
    return [Row(exercise.name, REPEATED, tuple(troubles), runs)]


def _unsolved(exercise: Exercise, how: How) -> list[str]:
    result = check(exercise, exercise.solution, how)
    told = result.message.happens if result.message else "it was blocked"
    return [] if result.has_passed else [f"{result.earned} of {exercise.points} points: {told}"]


@contextmanager
def busy_cores(processes: int = BUSY_PROCESSES) -> Iterator[None]:
    """While this lasts, so many processes do nothing but keep a core from others."""
    command = [sys.executable, "-c", _BUSY_CODE]
    busy = [subprocess.Popen(command) for _ in range(processes)]
    try:
        yield
    finally:
        for process in busy:
            process.kill()
            process.wait()
