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
from asyncweb.grading.course import exercise_folders, exercises, find_exercise
from asyncweb.grading.exercise import SOLUTION, Exercise
from asyncweb.grading.parallel import at_once
from asyncweb.grading.prove import SEEDS, Proof, Row
from asyncweb.grading.runner import How, check

UNREAD, REPEATED, BUSY = "files", "repeated", "busy"
PROOFS = (
    UNREAD, "stub", "solution", "accept", "wrong", "yes-man", "tests", "labels", "hints",
    REPEATED, BUSY,
)  # fmt: skip
_SHARED = ("wrong", "tests", "labels")  # these look at the same runs of the wrong answers
BUSY_PROCESSES = 2
# It watches its parent, so that it ends with it, however that ends.
_BUSY_CODE = "import os; parent = os.getppid()\nwhile os.getppid() == parent: pass"


@dataclass(frozen=True, slots=True)
class Demands:
    """How much is asked of each exercise, and by how many at a time.

    `seeds` of the solution on either loop; and `runs` of it one after the other, each of which has
    to pass. Beside busy processes it runs when all else is done: they would only hold that up.
    With `writes`, what is generated is written before anything is proved. Raises ValueError for
    numbers by which nothing would be proved.
    """

    seeds: int = SEEDS
    runs: int = 0
    is_busy: bool = False
    jobs: int | None = None
    writes: bool = False

    def __post_init__(self) -> None:
        if self.seeds < 1:
            raise ValueError(f"--seeds {self.seeds}: expected 1 or more, each of which is a run")
        if self.runs < 0:
            raise ValueError(f"--runs {self.runs}: expected 0 or more, how many come in a row")


@dataclass(frozen=True, slots=True)
class Piece:
    """Some proofs of an exercise that are made one after the other; the first gives the name."""

    exercise: str
    proof: str
    rows: Callable[[], Iterator[Row]]


def folders_of(names: Sequence[str], folder: Path) -> list[Path]:
    """The folders of the exercises in `folder` that are named; of all, if none is.

    Raises ExerciseError for a name that is none, and where there is no solution to prove by.
    """
    known = exercises(folder) if names else ()
    found = [find_exercise(name, known).folder for name in names] or exercise_folders(folder)
    if not any((each / SOLUTION).is_file() for each in found):
        raise ExerciseError(
            f"{folder} has no solutions to prove; name the exercises of a checkout: --folder DIR"
        )
    return found


def prove(folders: Sequence[Path], demands: Demands) -> Iterator[Row]:
    """Every row of the table, as it comes to its end."""
    proofs: list[Proof] = []
    for folder in folders:
        try:
            proof = Proof(Exercise.read(folder), range(demands.seeds))
            if demands.writes:
                proof.write()
        except (ExerciseError, OSError, SyntaxError) as error:
            yield Row(folder.name, UNREAD, (str(error),), 0)
        else:
            proofs.append(proof)
    yield from _proved([piece for proof in proofs for piece in _pieces(proof)], demands)
    if demands.runs:
        yield from _proved([_repeated(proof.exercise, demands.runs) for proof in proofs], demands)
    if demands.is_busy:
        with busy_cores():
            seeds = demands.seeds
            yield from _proved([_beside_busy(proof.exercise, seeds) for proof in proofs], demands)


def _proved(pieces: Sequence[Piece], demands: Demands) -> Iterator[Row]:
    for rows in at_once([partial(_safely, piece) for piece in pieces], demands.jobs):
        yield from rows


def _safely(piece: Piece) -> list[Row]:
    """An error in one proof is a row that does not hold, and no end of the others."""
    try:
        return list(piece.rows())
    except Exception as error:
        trouble = f"the proof itself failed: {error!r}"
        return [Row(piece.exercise, piece.proof, (trouble,), 0)]


def _pieces(proof: Proof) -> list[Piece]:
    """The proofs of one exercise, in parts that can be done at the same time; the longest first."""
    alone = [[name] for name in PROOFS if name not in (*_SHARED, UNREAD, BUSY, REPEATED)]
    return [
        Piece(proof.exercise.name, names[0], partial(_rows, proof, names))
        for names in [list(_SHARED), *alone]
    ]


def _rows(proof: Proof, names: Sequence[str]) -> Iterator[Row]:
    return (row for name in names for row in proof.rows(only=name))


def _repeated(exercise: Exercise, runs: int) -> Piece:
    def rows() -> Iterator[Row]:
        troubles = [
            f"run {run} of {runs}: {trouble}"
            for run in range(1, runs + 1)
            for trouble in _unsolved(exercise, How(seeds=[run]))
        ]
        yield Row(exercise.name, REPEATED, tuple(troubles), runs)

    return Piece(exercise.name, REPEATED, rows)


def _beside_busy(exercise: Exercise, seeds: int) -> Piece:
    def rows() -> Iterator[Row]:
        troubles = _unsolved(exercise, How(seeds=range(seeds)))
        yield Row(exercise.name, BUSY, tuple(troubles), seeds)

    return Piece(exercise.name, BUSY, rows)


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
