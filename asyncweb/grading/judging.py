"""What pytest is told to do with the tests of an exercise, and what it is asked of them.

Rule: one verdict for each test, whatever has happened in it; who listens decides where it goes.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Generator, Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol, cast

import pytest

from asyncweb.errors import ExerciseError
from asyncweb.grading.bench import GIVEN, Bench, folder_of
from asyncweb.grading.blame import Case, Ended, blame, line_in
from asyncweb.grading.inventory import Inventory
from asyncweb.grading.lateness import late_verdict
from asyncweb.grading.marks import mark_of
from asyncweb.grading.outcomes import Outcome, Verdict
from asyncweb.grading.watchdog import Watchdog
from asyncweb.grading.words import TAMPERED
from asyncweb.servers.event_loop import new_event_loop

HUNG = 3  # the exit code of a process that ends because a test does not
_UNTAKEN = (KeyboardInterrupt, pytest.exit.Exception)


class Listener(Protocol):
    """Who is told what happens."""

    def collected(self, cases: Sequence[Case]) -> None:
        """These tests are going to run."""

    def broken(self, why: str) -> None:
        """No test is going to run: a file of tests cannot be read."""

    def began(self, case: Case) -> None:
        """This one begins."""

    def imports(self, case: Case) -> None:
        """The student's file is being imported, for this one."""

    def imported(self, case: Case) -> None:
        """It has been."""

    def finished(self, case: Case, verdict: Verdict) -> None:
        """It has ended."""

    def late(self, case: Case, verdict: Verdict) -> None:
        """It does not end, and the process will, as soon as this returns."""


class Judging:
    """A plugin of pytest for exercises; tests of anything else it leaves alone.

    `done` are the names of tests that are not to be run again, `unpassed` the tasks that they have
    left unpassed. `error_output` is a descriptor that faulthandler can write to.
    """

    def __init__(
        self,
        listener: Listener,
        seeds: Sequence[int],
        error_output: int,
        done: Sequence[str] = (),
        unpassed: Sequence[str] = (),
    ):
        self._listener = listener
        self._seeds = seeds
        self._error_output = error_output
        self._done = set(done)
        self._unpassed = set(unpassed)
        self._benches: dict[Path, Bench] = {}
        self._cases: dict[str, Case] = {}
        self._verdicts: dict[str, Verdict] = {}
        self._inventory = Inventory()
        self._broken = ""

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """Runs a test that asks for a `seed` once for each there is."""
        if "seed" in metafunc.fixturenames and mark_of(metafunc.function):
            metafunc.parametrize("seed", self._seeds)

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Leaves out what is done, and sorts the rest by task: a task may need another."""
        try:
            for item in items:
                self._take(item)
        except ExerciseError as error:
            raise pytest.UsageError(str(error)) from None
        items[:] = [item for item in items if item.name not in self._done or not self._case(item)]
        items.sort(key=self._place)

    def _take(self, item: pytest.Item) -> None:
        folder = folder_of(item.path)
        if folder is None or not isinstance(item, pytest.Function):
            return
        mark = mark_of(item.function)
        if mark is None:
            raise ExerciseError(
                f"{item.nodeid} belongs to no task; write @task(...) above it, as WRITING.md says"
            )
        if folder not in self._benches:
            self._benches[folder] = Bench(folder)
            self._benches[folder].unpassed |= self._unpassed
        bench = self._benches[folder]
        for label in (mark.label, mark.hang):
            bench.exercise.label(label)
        seed = item.callspec.params.get("seed") if "seed" in item.fixturenames else None
        case = Case(
            item.name, mark, bench.exercise, bench.source, bench.file, cast(int | None, seed)
        )
        if any(
            other.test == item.name and other.work == case.work for other in self._cases.values()
        ):
            raise ExerciseError(f"two tests are called {item.name}; give one another name")
        self._cases[item.nodeid] = case
        assert case.task  # or it is an ExerciseError

    def _place(self, item: pytest.Item) -> tuple[str, int]:
        case = self._case(item)
        return (case.work, case.exercise.tasks.index(case.task)) if case else ("", 0)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Tells when a file of tests is itself wrong; pytest then runs none."""
        if report.failed:
            lines = report.longreprtext.strip().splitlines()
            self._broken = f"{report.nodeid}: {lines[-1] if lines else 'it cannot be read'}"

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Takes the inventory: nothing of the student's has run yet."""
        if self._broken:
            self._listener.broken(self._broken)
            return
        items = [item for item in session.items if isinstance(item, pytest.Function)]
        cases = {item: case for item in items if (case := self._case(item))}
        tests = {item.module for item in cases}
        given = {bench.given for bench in self._benches.values() if bench.given}
        self._inventory = Inventory(tests | given)
        self._listener.collected([*cases.values()])

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Watches over the whole of a test, with its fixtures, and settles what came of it."""
        case = self._case(item)
        if case is None:
            return (yield)
        bench = self._bench(item)
        self._listener.began(case)
        watchdog = Watchdog(
            case.exercise.seconds, lambda: self._leave(case, bench), self._error_output
        )
        with watchdog.over():
            result = yield
        verdict = self._verdicts.get(item.nodeid) or case.verdict(Outcome.PASSED)
        if changed := self._inventory.changed():
            line = case.source.find(changed.rpartition(".")[2])
            verdict = case.verdict(Outcome.CRASHED, TAMPERED, detail=changed, line=line, voids=True)
            item.session.shouldstop = "what judges has been replaced"
        bench.settle(verdict)
        self._listener.finished(case, verdict)
        return result

    def _leave(self, case: Case, bench: Bench) -> None:
        self._listener.late(case, late_verdict(case, bench.imports))
        os._exit(HUNG)

    @pytest.hookimpl(wrapper=True, trylast=True)  # others have something to take down again
    def pytest_runtest_setup(self, item: pytest.Item) -> Generator[None, object, object]:
        """Skips what is decided already."""
        case = self._case(item)
        if case and (verdict := self._bench(item).foregone(case)):
            self._verdicts[item.nodeid] = verdict
            pytest.skip(verdict.detail or f"blocked by {verdict.blocked_by}")
        return (yield from self._kept(item))

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, object, object]:
        """Takes what would end the whole run: it comes from the student's code."""
        return (yield from self._kept(item))

    def _kept(self, item: pytest.Item) -> Generator[None, object, object]:
        try:
            return (yield)
        except _UNTAKEN as error:
            case = self._case(item)
            if case is None or line_in([error], case) is None:
                raise  # somebody at the keyboard
            raise Ended(f"it raised {type(error).__name__}") from error

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Blames somebody for the first thing that went wrong in the test."""
        case = self._case(item)
        if case and call.excinfo is not None and item.nodeid not in self._verdicts:
            error = _as_assertion(call.excinfo.value)
            self._verdicts[item.nodeid] = blame(error, case, call.when)
        return (yield)

    @pytest.fixture
    def work(self, request: pytest.FixtureRequest) -> Iterator[ModuleType]:
        """The student's module, imported anew."""
        case = self._case(request.node)
        if case is None:
            raise ExerciseError(f"{request.node.nodeid} is in no exercise: there is no work.py")
        self._listener.imports(case)
        with self._bench(request.node).module() as module:
            self._listener.imported(case)
            yield module

    @pytest.fixture
    def given(self, request: pytest.FixtureRequest) -> ModuleType:
        """The module `given.py` beside the tests, which they share."""
        given = self._bench(request.node).given
        if given is None:
            raise ExerciseError(f"{request.node.name} asks for {GIVEN}; write it beside the tests")
        return given

    @pytest.fixture
    def run(self) -> Iterator[Callable[..., Any]]:
        """Runs a coroutine to its end, on the kind of loop that is graded, and gives its result."""
        with asyncio.Runner(loop_factory=new_event_loop) as runner:
            yield runner.run

    def _case(self, item: pytest.Item) -> Case | None:
        return self._cases.get(item.nodeid)

    def _bench(self, item: pytest.Item) -> Bench:
        return self._benches[Path(self._cases[item.nodeid].work).parent]


def _as_assertion(error: BaseException) -> BaseException:
    """What `pytest.raises` and `pytest.fail` raise, as the failed assertion that it is."""
    if type(error) is not pytest.fail.Exception:
        return error
    return AssertionError(error.msg).with_traceback(error.__traceback__)
