"""Checks an exercise against a student's file: the tests are ours, only the file is theirs.

Rule: each exercise has processes of its own. A test that hangs or ends its process costs itself,
and those after it run in a new one, in a new folder: what one has written there, no other reads.
Whatever nobody has told of a test, it has not passed.
"""

from __future__ import annotations

import importlib.util
import queue
import secrets
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from asyncweb.errors import ExerciseError
from asyncweb.grading.bench import IMPORT
from asyncweb.grading.blame import Case
from asyncweb.grading.exercise import WORK, Exercise
from asyncweb.grading.lateness import hung
from asyncweb.grading.marks import Mark
from asyncweb.grading.outcomes import Outcome, Verdict
from asyncweb.grading.process import Process
from asyncweb.grading.score import Grade, all_as, score
from asyncweb.grading.source import Source, read_start
from asyncweb.grading.watchdog import LAST_RESORT_S, STUCK, line_of_dump
from asyncweb.grading.words import CRASHED, FAULT

START_S = 60.0  # until a process that has just been started tells which tests there are
GRACE_S = 10.0  # more than a test's own seconds, before its process is ended from outside
SEEDS = 1 << 20
DONE, ENDED, LATE = "done", "ended", "late"  # why a process tells nothing more
_ENDS = ("_exit", "kill", "abort")  # what a line may contain that ends a process


@dataclass(frozen=True, slots=True)
class How:
    """How an exercise is run: with its hidden tests, by which seeds, on which loop.

    `loop` is "uvloop" or "asyncio"; "" is what there is here. `is_given_up` is asked a few times
    each second whether the result is still wanted; if it is not, GivenUp is raised.
    """

    hidden: bool = True
    seeds: Sequence[int] = field(default_factory=lambda: (secrets.randbelow(SEEDS),))
    loop: str = ""
    # It changes no grade, and a function looks different in every process.
    is_given_up: Callable[[], bool] = field(default=lambda: False, repr=False, compare=False)


def check(exercise: Exercise, work: Path, how: How | None = None) -> Grade:
    """What `work`, a student's file, earns in `exercise`.

    Raises nothing for what the file does. Raises ExerciseError where there is no pytest, and
    OSError when the tests cannot be read or no process can be started.
    """
    if importlib.util.find_spec("pytest") is None:
        raise ExerciseError('exercises need pytest; run: pip install "asyncweb[course]"')
    how = how or How()
    result = _checked(exercise, work, how)
    if result.is_faulty and exercise.solution.is_file() and work != exercise.solution:
        return _confirmed(result, _checked(exercise, exercise.solution, how))
    return result


def _confirmed(result: Grade, of_solution: Grade) -> Grade:
    """A fault is ours if the solution meets it too; else the student's file has made it.

    Where no test could be run it is ours all the same: nothing of the student's has run yet.
    """
    ours = {each.test for each in of_solution.verdicts if each.outcome is Outcome.GRADER_FAULT}
    ours.add("")
    verdicts = [
        replace(each, outcome=Outcome.CRASHED, label=CRASHED)
        if each.outcome is Outcome.GRADER_FAULT and each.test not in ours
        else each
        for each in result.verdicts
    ]
    return score(result.exercise, verdicts, result.output)


def _checked(exercise: Exercise, work: Path, how: How) -> Grade:
    try:
        text = read_start(work)
    except OSError as error:
        why = f"{WORK} cannot be read: {error.strerror}"
        return score(exercise, all_as(exercise, Outcome.CRASHED, CRASHED, why))
    run = _Run(exercise, text, how)
    while not run.is_over:
        run.go_on()
    return score(exercise, run.verdicts, run.output)


class _Run:
    """One student's file in one exercise, in as many processes as it takes."""

    def __init__(self, exercise: Exercise, work: bytes, how: How):
        self._exercise = exercise
        self._how = how
        tests = exercise.test_files(how.hidden)
        beside = [file for file in exercise.folder.iterdir() if file.is_file()]
        self._tests = [file.name for file in tests]
        self._files = {file.name: file.read_bytes() for file in [*beside, *tests]} | {WORK: work}
        self._source = Source.decoded(work)
        self._cases: dict[str, Case] = {}
        self._work = ""  # the student's file, as the frames of the process spell it
        self._broken = ""  # why the tests cannot be run
        self._began = ""  # the test that is running
        self._imports = False  # it has not come farther than the import
        self.verdicts: list[Verdict] = []
        self.output = ""
        self.is_over = False

    @contextmanager
    def _laid_out(self) -> Iterator[Path]:
        """A folder with the tests, what lies beside them, and the student's file."""
        with tempfile.TemporaryDirectory(prefix="asyncweb-", ignore_cleanup_errors=True) as place:
            folder = Path(place).resolve()
            for name, content in self._files.items():
                (folder / name).write_bytes(content)
            yield folder

    def go_on(self) -> None:
        """Runs the tests that have no verdict yet, in a new process, as far as it comes."""
        order = {
            "files": self._tests,
            "seeds": list(self._how.seeds),
            "done": [verdict.test for verdict in self.verdicts],
            "unpassed": [each.task for each in self.verdicts if not each.outcome.earns],
        }
        known = len(self.verdicts)
        with (
            self._laid_out() as folder,
            Process(folder, order, self._how.loop, self._how.is_given_up) as process,
        ):
            self._work = str(folder / WORK)
            ending = self._follow(process)
        self.output += process.output
        if not self._cases:
            said = [self._broken] if self._broken else process.output.strip().splitlines()
            detail = f"no test could be run: {(said or ['it said nothing'])[-1]}"
            self.verdicts = all_as(self._exercise, Outcome.GRADER_FAULT, FAULT, detail)
            self.is_over = True
            return
        left = self._left()
        if self._began:
            self.verdicts.append(self._unended(self._cases[self._began], ending, process.output))
        elif left and (ending == DONE or len(self.verdicts) == known):
            self.verdicts.append(self._unended(left[0], ending, process.output))
        self._block()
        void = any(verdict.voids for verdict in self.verdicts)
        self.is_over = void or not self._left()

    def _block(self) -> None:
        """What an import has broken blocks all; a test that has ended its process, its task."""
        last = self.verdicts[-1]
        if last.outcome not in (Outcome.TIMED_OUT, Outcome.CRASHED):
            return
        by = IMPORT if self._imports else last.task
        self.verdicts += [
            case.verdict(Outcome.BLOCKED, blocked_by=by)
            for case in self._left()
            if self._imports or case.task.id == last.task
        ]

    def _left(self) -> list[Case]:
        """The tests without a verdict."""
        done = {verdict.test for verdict in self.verdicts}
        return [case for test, case in self._cases.items() if test not in done]

    def _follow(self, process: Process) -> str:
        """Takes what is told until there is no more; why there is no more."""
        self._began, self._imports, patience_s = "", False, START_S
        while True:
            try:
                told = process.line(patience_s)
            except queue.Empty:
                return LATE
            if told is None or told["kind"] == DONE:
                return DONE if told else ENDED
            self._take(told)
            patience_s = self._exercise.seconds + LAST_RESORT_S + GRACE_S

    def _take(self, told: dict[str, Any]) -> None:
        match told["kind"]:
            case "collected":
                self._cases = self._cases or {test[0]: self._case(*test) for test in told["tests"]}
            case "broken":
                self._broken = told["why"]
            case "began" if told["test"] in self._cases:
                self._began, self._imports = told["test"], False
            case "imports":
                self._imports = True
            case "imported":
                self._imports = False
            case "verdict":
                self.verdicts.append(Verdict.from_dict(told["verdict"]))
                self._began = ""

    def _case(self, test: str, task: str, hang: str, seed: int | None) -> Case:
        return Case(test, Mark(task, hang=hang), self._exercise, self._source, self._work, seed)

    def _unended(self, case: Case, ending: str, output: str) -> Verdict:
        """The verdict on a test of which nobody has told how it ended."""
        if ending == LATE or STUCK in output:
            number = line_of_dump(output, self._work)
            return hung(case, [number] if number else [], self._imports)
        if case.source.has_marker(case.task.id):
            return case.not_attempted()
        line = next(filter(None, map(case.source.find, _ENDS)), None)
        detail = "the process of the tests has ended before they had"
        return case.verdict(Outcome.CRASHED, CRASHED, detail=detail, line=line)
