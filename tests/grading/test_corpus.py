"""Files that hang, cheat, crash and break: each gets what its docstring says, and leaves nothing.

Each file is an answer to the toy, with two tasks of 2 and 3 points: what it does in one of them
costs that one alone, what it does while it is imported costs both.
"""

import os
import re
import sys
import time

import psutil
import pytest

from asyncweb.grading import process
from asyncweb.grading.runner import How, check
from tests.grading.conftest import HERE

QUICK = {"busy_loop", "exit_at_import", "forges_lines", "syntax_error"}  # CI runs all
FILES = [
    pytest.param(file, id=file.stem, marks=[] if file.stem in QUICK else pytest.mark.slow)
    for file in sorted((HERE / "corpus").glob("*.py"))
]
WITHIN_S = 40.0  # all deadlines of one file together; one second would be enough for most
POSIX = ("forks_and_leaves", "forks_at_import", "kills_its_group", "crashes_python")
LINUX = ("leaves_what_nobody_knows",)  # elsewhere nobody takes orphans in


def expected(file):
    """What the docstring says: outcome, label, score and line."""
    text = file.read_bytes().decode(errors="replace")
    return dict(re.findall(r"^(outcome|label|score|line): ?(.*)$", text, re.MULTILINE))


@pytest.fixture
def left_behind(monkeypatch):
    """The processes of this test's runs that are still there; others may be grading beside us."""
    marks, make = [], process._environment

    def noting(mark, loop):
        marks.append(mark)
        return make(mark, loop)

    monkeypatch.setattr(process, "_environment", noting)
    return lambda: [each.pid for mark in marks for each in process._marked(mark)]


@pytest.mark.parametrize("file", FILES)
def test_each_gets_what_it_deserves_and_leaves_nothing(file, toy, left_behind):
    if os.name == "nt" and file.stem in POSIX:
        pytest.skip("there is no such thing on Windows")
    if sys.platform != "linux" and file.stem in LINUX:
        pytest.skip("only Linux gives an orphan a parent whom one can choose")
    says, began = expected(file), time.monotonic()
    result = check(toy, file, How(seeds=[7]))
    assert result.message, "it has passed"
    line = result.message.line.text if result.message.line else ""
    found = {
        "outcome": str(result.message.outcome),
        "label": result.message.label,
        "score": str(result.earned),
        "line": line if says["line"] else "",
    }
    assert found == says, result.message
    assert time.monotonic() - began < WITHIN_S
    assert not left_behind()
    left = re.findall(r"^left (\d+)$", result.output, re.MULTILINE)
    assert not [pid for pid in left if psutil.pid_exists(int(pid))]
    assert len(result.output) < 200_000


def test_what_one_does_costs_its_neighbours_nothing(hand_in):
    result = hand_in(add="import os; os._exit(0)")
    assert [task.earned for task in result.tasks] == [0, 3]
