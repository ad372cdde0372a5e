"""Is an exercise itself right? Each proof is a row of the table of `asyncweb course prove`.

Rule: an exercise is believed when its stub earns nothing, its solution everything, and every wrong
answer that is known gets the words that were meant for it, on the line that is wrong.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from asyncweb.errors import ExerciseError
from asyncweb.grading.exercise import WORK, Exercise
from asyncweb.grading.hints import LEVELS, blocks, read_hints
from asyncweb.grading.outcomes import Outcome
from asyncweb.grading.runner import How, check
from asyncweb.grading.score import Grade
from asyncweb.grading.show import message_lines
from asyncweb.grading.stub import answer_lines, stub_of
from asyncweb.grading.variant import variant_of
from asyncweb.grading.yes_man import yes_man

SEEDS = 20
LOOPS = ("asyncio", "uvloop")  # where there is no uvloop, both are asyncio's
ONCE = How(seeds=[1])
TELLING_CHARACTERS = 12  # a shorter line of the solution gives nothing away


@dataclass(frozen=True, slots=True)
class Row:
    """One proof: what it is of, and what contradicts it; nothing does when it holds."""

    exercise: str
    proof: str
    troubles: tuple[str, ...]
    count: int = 1

    @property
    def holds(self) -> bool:
        """Whether nothing contradicts it."""
        return not self.troubles


@dataclass
class Proof:
    """The proofs of one exercise. What runs wrong answers runs them once."""

    exercise: Exercise
    seeds: Sequence[int] = field(default_factory=lambda: range(SEEDS))

    def rows(self, only: str = "") -> Iterator[Row]:
        """Every proof, as it comes to its end; or `only` the one of that name."""
        proofs: dict[str, Callable[[], tuple[list[str], int]]] = {
            "stub": self._stub,
            "solution": self._solution,
            "accept": self._accept,
            "wrong": self._wrong,
            "yes-man": self._yes_man,
            "tests": self._tests,
            "labels": self._labels,
            "hints": self._hints,
        }
        for name in [only] if only else proofs:
            try:
                troubles, count = proofs[name]()
            except (ExerciseError, OSError, SyntaxError) as error:
                troubles, count = [str(error)], 0
            yield Row(self.exercise.name, name, tuple(troubles), count)

    def write(self) -> None:
        """Writes the stub, and beside each wrong answer what is said of it; to be read then."""
        stub = self.exercise.folder / WORK
        stub.write_text(stub_of(self._answer), encoding="utf-8")
        for file, result in self._results.items():
            file.with_suffix(".txt").write_text(golden(result), encoding="utf-8")

    @cached_property
    def _answer(self) -> str:
        return self.exercise.solution.read_text(encoding="utf-8")

    @cached_property
    def _results(self) -> dict[Path, Grade]:
        return {file: self._checked(self._variant(file)) for file in self.exercise.answers("wrong")}

    def _variant(self, file: Path) -> str:
        return variant_of(self._answer, file.read_text(encoding="utf-8"))

    def _checked(self, work: str, how: How = ONCE) -> Grade:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / WORK
            file.write_text(work, encoding="utf-8")
            return check(self.exercise, file, how)

    def _stub(self) -> tuple[list[str], int]:
        stub = self.exercise.folder / WORK
        troubles = []
        if not stub.is_file() or stub.read_text(encoding="utf-8") != stub_of(self._answer):
            troubles.append(
                f"{WORK} is not what the solution generates; run: asyncweb course prove --write"
            )
        result = check(self.exercise, stub, ONCE)
        outcomes = {each.outcome for each in result.tasks} - {Outcome.BLOCKED}
        if result.earned or outcomes != {Outcome.NOT_ATTEMPTED}:
            troubles.append(f"the stub: {_said(result)}")
        return troubles, 1

    def _solution(self) -> tuple[list[str], int]:
        ways = [How(seeds=self.seeds, loop=loop) for loop in LOOPS]
        results = [check(self.exercise, self.exercise.solution, how) for how in ways]
        troubles = [
            f"on {loop}: {_said(result)}"
            for loop, result in zip(LOOPS, results, strict=True)
            if not result.has_passed
        ]
        return troubles, len(self.seeds) * len(LOOPS)

    def _accept(self) -> tuple[list[str], int]:
        results = {
            file: self._checked(self._variant(file), How())
            for file in self.exercise.answers("accept")
        }
        passed = [each.has_passed for each in results.values()]
        troubles = [
            f"{file.name}: {_said(each)}" for file, each in results.items() if not each.has_passed
        ]
        return troubles or [] if passed else ["there is no other right answer"], len(passed)

    def _wrong(self) -> tuple[list[str], int]:
        troubles = []
        for file, result in self._results.items():
            label, known = file.name.partition("_")[0], file.with_suffix(".txt")
            if result.message is None or result.message.label != label:
                troubles.append(f"{file.name}: {_said(result)}")
            elif self.exercise.label(label).unfilled(result.message.happens):
                troubles.append(f"{file.name}: a fact is missing in {result.message.happens!r}")
            elif not known.is_file() or known.read_text(encoding="utf-8") != golden(result):
                troubles.append(f"{known.name} is not what is said now; read it after --write")
        return troubles, len(self._results)

    def _yes_man(self) -> tuple[list[str], int]:
        result = self._checked(yes_man(self._answer))
        return [f"the yes-man: {_said(result)}"] if result.earned else [], 1

    def _tests(self) -> tuple[list[str], int]:
        solved = check(self.exercise, self.exercise.solution, ONCE)
        visible = check(self.exercise, self.exercise.solution, How(hidden=False, seeds=[1]))
        names = {_name(verdict.test) for verdict in solved.verdicts}
        failed = {name for result in self._results.values() for name in _failed(result)}
        tasks = {task.id for task in self.exercise.tasks}
        unseen = tasks - {verdict.task for verdict in visible.verdicts}
        troubles = [f"no wrong answer fails {name}" for name in sorted(names - failed)]
        troubles += [f"task {task} has no test that a student sees" for task in sorted(unseen)]
        return troubles, len(names)

    def _labels(self) -> tuple[list[str], int]:
        shown = {each.message.label for each in self._results.values() if each.message}
        labels = self.exercise.own_labels
        return [f"no wrong answer shows {name}" for name in labels if name not in shown], len(
            labels
        )

    def _hints(self) -> tuple[list[str], int]:
        levels = read_hints(self.exercise.folder / "hints.md")
        answers = answer_lines(self._answer)
        troubles = [
            f"hint {level} gives away {line!r}"
            for level, text in enumerate(levels[:-1], 1)
            for line in answers
            if len(line) >= TELLING_CHARACTERS and line in text
        ]
        given = {line.strip() for block in blocks(levels[-1]) for line in block.splitlines()}
        troubles += [f"hint {LEVELS} lacks {line!r}" for line in answers if line not in given]
        if not given - set(answers):
            troubles.append(f"hint {LEVELS} has no distractor")
        return troubles, LEVELS


def golden(result: Grade) -> str:
    """What is said of a wrong answer, as a text that is kept beside it."""
    lines = [f"{result.earned} of {result.exercise.points} points"]
    lines += [*message_lines(result.message)] if result.message else ["nothing is wrong"]
    return "\n".join([*lines, f"fails: {', '.join(_failed(result))}"]) + "\n"


def _failed(result: Grade) -> list[str]:
    unpassed = (Outcome.PASSED, Outcome.BLOCKED)
    names = [_name(each.test) for each in result.verdicts if each.outcome not in unpassed]
    return list(dict.fromkeys(names))


def _name(test: str) -> str:
    return test.partition("[")[0]


def _said(result: Grade) -> str:
    """The result in one line."""
    message = result.message
    told = f", {message.label} at {message.line}: {message.happens}" if message else ""
    return f"{result.earned} of {result.exercise.points} points{told}"
