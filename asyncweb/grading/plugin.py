"""The plugin for plain pytest: `pytest exercises/01_pieces` says what `asyncweb check` says.

Rule: the judging is the same; only the telling is done here, once, when the tests are over.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Sequence

import pytest

from asyncweb.grading.blame import Case
from asyncweb.grading.exercise import Exercise
from asyncweb.grading.judging import Judging
from asyncweb.grading.outcomes import Verdict
from asyncweb.grading.runner import SEEDS
from asyncweb.grading.score import score
from asyncweb.grading.show import result_lines


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds `--seed`, which repeats what a test has met."""
    group = parser.getgroup("exercises")
    group.addoption("--seed", type=int, default=None, help="the seed that a failure has told")


def pytest_configure(config: pytest.Config) -> None:
    """Begins to judge the tests of exercises."""
    seed = config.getoption("--seed")
    seeds = [secrets.randbelow(SEEDS) if seed is None else seed]
    output = os.dup(2)
    telling = Telling(output)
    config.pluginmanager.register(telling)
    config.pluginmanager.register(Judging(telling, seeds, output))
    config.add_cleanup(lambda: os.close(output))


class Telling:
    """Keeps the verdicts of each exercise, and tells them at the end, or when a test hangs."""

    def __init__(self, output: int):
        self._output = output
        self._found: dict[str, tuple[Exercise, list[Verdict]]] = {}

    def collected(self, cases: Sequence[Case]) -> None:
        """Remembers which exercises there are."""
        self._found = {case.work: (case.exercise, []) for case in cases}

    def broken(self, why: str) -> None:
        """Nothing: pytest tells it."""

    def began(self, case: Case) -> None:
        """Nothing: pytest tells it."""

    def imports(self, case: Case) -> None:
        """Nothing."""

    def imported(self, case: Case) -> None:
        """Nothing."""

    def finished(self, case: Case, verdict: Verdict) -> None:
        """Keeps it."""
        self._found[case.work][1].append(verdict)

    def late(self, case: Case, verdict: Verdict) -> None:
        """Tells everything now: this process ends, and the tests after this one do not run."""
        self.finished(case, verdict)
        text = "\n\n" + "\n".join([*self._lines(), "", "The tests after this one have not run."])
        os.write(self._output, text.encode() + b"\n")

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Tells one message for each exercise."""
        for line in self._lines():
            terminalreporter.write_line(line)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """A stub passes nothing, so its run has failed too."""
        unpassed = any(
            not score(exercise, verdicts).has_passed for exercise, verdicts in self._found.values()
        )
        if unpassed and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def _lines(self) -> list[str]:
        lines: list[str] = []
        for exercise, verdicts in self._found.values():
            lines += ["", *result_lines(score(exercise, verdicts))]
        return lines
