"""The student's module on the bench: imported anew for each test, and judged test by test.

Rule: one exercise, one file. What is ours is loaded before anything of the student's runs. What an
import has broken is told once, and blocks the rest.
"""

from __future__ import annotations

import sys
import types
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from asyncweb.errors import ExerciseError
from asyncweb.grading.blame import Case, Ended, told
from asyncweb.grading.exercise import FILE, WORK, Exercise
from asyncweb.grading.outcomes import Outcome, Verdict
from asyncweb.grading.source import WORK_BYTES, Source, read_start

GIVEN = "given.py"
IMPORT = "import"  # what blocks the tests when the module cannot be imported


class Bench:
    """The exercise in a folder, the student's file there, and what has not passed of it so far.

    `given` is the module that its tests share, where there is a `given.py`. Raises ExerciseError
    when that cannot be imported.
    """

    def __init__(self, folder: Path):
        self.exercise = Exercise.read(folder)
        self.path = folder / WORK
        self.source = Source.of(self.path)
        self.given = _given(folder / GIVEN)
        self.unpassed: set[str] = set()
        self.imports = False

    @property
    def file(self) -> str:
        """The path of the student's file, as their frames spell it."""
        return str(self.path)

    @contextmanager
    def module(self) -> Iterator[types.ModuleType]:
        """The student's module, new. Raises Ended when importing it goes wrong in any way."""
        self.imports = True
        try:
            module = _module("work", self.path)
        except BaseException as error:  # sys.exit too: the student's file ends no run of ours
            raise Ended(told(error)) from error
        self.imports = False
        yield module
        sys.modules.pop("work", None)

    def foregone(self, case: Case) -> Verdict | None:
        """The verdict that is certain before the test has run."""
        blocks = [IMPORT, *case.task.needs]
        for blocking in blocks:
            if blocking in self.unpassed:
                return case.verdict(Outcome.BLOCKED, blocked_by=blocking)
        return case.not_attempted() if self.source.is_stub(case.task.id) else None

    def settle(self, verdict: Verdict) -> None:
        """Remembers what the verdict means for the tests to come."""
        if not verdict.outcome.earns:
            self.unpassed.add(verdict.task)
        if self.imports:
            self.unpassed.add(IMPORT)


def _given(file: Path) -> types.ModuleType | None:
    if not file.is_file():
        return None
    try:
        return _module("given", file)
    except Exception as error:
        raise ExerciseError(f"{file.name} cannot be imported: {told(error)}") from error


def _module(name: str, file: Path) -> types.ModuleType:
    """The module in `file`, compiled from what stands there now, never from a cache."""
    module = types.ModuleType(name)
    module.__file__ = str(file)
    sys.modules[name] = module  # dataclasses look for their module there
    exec(compile(_text(file), str(file), "exec", dont_inherit=True), vars(module))
    return module


def _text(file: Path) -> bytes:
    text = read_start(file)
    if len(text) > WORK_BYTES:
        raise Ended(f"{file.name} has more than {WORK_BYTES:,} bytes")
    return text


def folder_of(test_file: Path) -> Path | None:
    """The exercise's folder, of whose tests this is one; None for a test of something else."""
    for folder in (test_file.parent, test_file.parent.parent):
        if (folder / FILE).is_file():
            return folder
    return None
