"""`pytest exercises/01_pieces` says what `asyncweb check` says."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from asyncweb.grading.exercise import Exercise
from asyncweb.grading.runner import How, check
from asyncweb.grading.show import result_lines
from tests.grading.conftest import TOY

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.slow


@pytest.fixture
def plain(tmp_path):
    """Runs plain pytest on a folder with this work.py; its exit code and what it has said."""
    shutil.copyfile(ROOT / "exercises" / "pytest.ini", tmp_path / "pytest.ini")
    folder = tmp_path / "toy"
    shutil.copytree(TOY, folder)

    def run(text, *arguments, where=tmp_path):
        (folder / "work.py").write_text(text)
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTEST_ADDOPTS": ""}
        command = [sys.executable, "-m", "pytest", str(folder), *arguments]
        ran = subprocess.run(
            command, env=environment, cwd=where, capture_output=True, text=True, timeout=60
        )
        return ran.returncode, ran.stdout + ran.stderr

    run.folder = folder
    return run


def told_by_the_runner(folder, seed):
    exercise = Exercise.read(folder)
    result = check(exercise, folder / "work.py", How(hidden=False, seeds=[seed]))
    return "\n".join(result_lines(result))


@pytest.mark.parametrize(
    "text",
    [
        "def add(a, b): return a + b\nasync def meet(callers): return []\n",
        "def add(a, b):\n    return a +\n",
        pytest.param("import os, nowhere\n", marks=pytest.mark.slow),
        pytest.param("raise SystemExit(0)", marks=pytest.mark.slow),
        pytest.param(
            "import pytest\ndef add(a, b): pytest.skip('no')\nasync def meet(callers): return []\n",
            marks=pytest.mark.slow,
        ),
    ],
)
def test_it_says_what_the_runner_says(plain, text):
    code, said = plain(text, "--seed", "7")
    assert code == 1
    assert told_by_the_runner(plain.folder, 7) in said


def test_a_solution_passes(plain):
    code, said = plain((TOY / "teacher" / "solution.py").read_text())
    assert code == 0
    assert "toy: A toy, 5 of 5 points" in said


def test_a_stub_does_not_pass(plain):
    code, said = plain((TOY / "work.py").read_text())
    assert code == 1
    assert "Task 1.1 is still to be done: Add." in said
    assert "2 skipped in" in said


@pytest.mark.parametrize(
    "where", ["await asyncio.Event().wait()", "import re; re.match('(a+)+$', 'a' * 40 + 'b')"]
)
@pytest.mark.slow
def test_a_hang_ends_with_the_line_that_waits(plain, where):
    text = f"import asyncio\ndef add(a, b): return a + b\nasync def meet(callers):\n    {where}\n"
    code, said = plain(text)
    assert code
    assert f"work.py:4  {where}" in said or 'work.py", line 4 in meet' in said


@pytest.mark.slow
def test_the_hidden_tests_are_for_whoever_asks_for_them(plain):
    text = "def add(a, b): return 5\nimport asyncio\n"
    text += "async def meet(callers): return await asyncio.gather(*[each() for each in callers])\n"
    assert plain(text)[0] == 0
    code, said = plain(text, "-o", "norecursedirs=", "--seed", "3")
    assert code == 1
    assert "Again with the same numbers: --seed 3" in said


@pytest.mark.slow
def test_tests_of_anything_else_are_left_alone(plain, tmp_path):
    other = tmp_path / "test_other.py"
    other.write_text("def test_one(): pass\ndef test_other(): assert 0\n")
    _, said = plain("", str(other), "--tb=short", "-k", "test_one or test_other")
    assert "1 failed, 1 passed" in said


def test_a_test_without_a_task_is_told_to_its_writer(plain):
    file = plain.folder / "test_more.py"
    file.write_text("def test_of_nothing(work): pass\n")
    code, said = plain("")
    assert code == pytest.ExitCode.USAGE_ERROR
    assert "test_of_nothing belongs to no task" in said
