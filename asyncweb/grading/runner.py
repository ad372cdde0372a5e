"""Checks an exercise against a student's file: the tests are ours, only the file is theirs.

Rule: each exercise has processes of its own. A test that hangs or ends its process costs itself,
and those after it run in a new one; whatever nobody has told of a test, it has not passed.
"""

from __future__ import annotations

import importlib.util
import queue
import secrets
import shutil
import tempfile
from collections.abc import Callable, Sequence
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
from asyncweb.grading.source import Source
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
    OSError when no process can be started.
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
    with tempfile.TemporaryDirectory(prefix="asyncweb-", ignore_cleanup_errors=True) as folder:
        run = _Run(exercise, Path(folder).resolve(), how)
        try:
            run.lay_out(work)
        except OSError as error:
            why = f"{WORK} cannot be read: {error.strerror}"
            return score(exercise, all_as(exercise, Outcome.CRASHED, CRASHED, why))
        while not run.is_over:
            run.go_on()
        return score(exercise, run.verdicts, run.output)


class _Run:
    """One student's file in one exercise, in as many processes as it takes."""

    def __init__(self, exercise: Exercise, folder: Path, how: How):
        self._exercise = exercise
        self._folder = folder
        self._how = how
        self._files = [file.name for file in exercise.test_files(how.hidden)]
        self._source = Source("")
        self._cases: dict[str, Case] = {}
        self._broken = ""  # why the tests cannot be run
        self._began = ""  # the test that is running
        self._imports = False  # it has not come farther than the import
        self.verdicts: list[Verdict] = []
        self.output = ""
        self.is_over = False

    def lay_out(self, work: Path) -> None:
        """Copies the tests, what lies beside them, and the student's file. Raises OSError."""
        beside = [file for file in self._exercise.folder.iterdir() if file.is_file()]
        for file in [*beside, *self._exercise.test_files(self._how.hidden)]:
            if file.name != WORK:
                shutil.copyfile(file, self._folder / file.name)
        shutil.copyfile(work, self._folder / WORK)
        self._source = Source.of(self._folder / WORK)

    def go_on(self) -> None:
        """Runs the tests that have no verdict yet, in a new process, as far as it comes."""
        order = {
            "files": self._files,
            "seeds": list(self._how.seeds),
            "done": [verdict.test for verdict in self.verdicts],
            "unpassed": [each.task for each in self.verdicts if not each.outcome.earns],
        }
        known = len(self.verdicts)
        with Process(self._folder, order, self._how.loop, self._how.is_given_up) as process:
            ending = self._follow(process)
        self.output += process.output
        if not self._cases:
            said = [self._broken] if self._broken else process.output.strip().splitlines()
            detail = f"no test could be run: {(said or ['it said nothing'])[-1]}"
            self.verdicts = all_as(self._exercise, Outcome.GRADER_FAULT, FAULT, detail)
            self.is_over = True
            return
        if self._began:
            self.verdicts.append(self._unended(ending, process.output))
        left = self._left()
        if left and (ending == DONE or len(self.verdicts) == known):
            self.verdicts.append(self._unended(ending, process.output, left[0]))
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
            case "began":
                self._began, self._imports = told["test"], False
            case "imports":
                self._imports = True
            case "imported":
                self._imports = False
            case "verdict":
                self.verdicts.append(Verdict.from_dict(told["verdict"]))
                self._began = ""

    def _case(self, test: str, task: str, hang: str, seed: int | None) -> Case:
        work = str(self._folder / WORK)
        return Case(test, Mark(task, hang=hang), self._exercise, self._source, work, seed)

    def _unended(self, ending: str, output: str, case: Case | None = None) -> Verdict:
        """The verdict on a test of which nobody has told how it ended."""
        case = case or self._cases[self._began]
        if ending == LATE or STUCK in output:
            number = line_of_dump(output, case.work)
            return hung(case, [number] if number else [], self._imports)
        if case.source.has_marker(case.task.id):
            return case.not_attempted()
        line = next(filter(None, map(case.source.find, _ENDS)), None)
        detail = "the process of the tests has ended before they had"
        return case.verdict(Outcome.CRASHED, CRASHED, detail=detail, line=line)
