"""What a file earns, and whose fault it is when something goes wrong."""

import json
import shutil

import pytest

from asyncweb.grading.exercise import Exercise
from asyncweb.grading.outcomes import Outcome
from asyncweb.grading.runner import How, check
from tests.grading.conftest import TOY


@pytest.fixture
def spoilt(tmp_path):
    """The toy, with something in one of its tests replaced."""

    def spoil(old, new, name="test_work.py"):
        folder = tmp_path / "spoilt"
        shutil.copytree(TOY, folder, dirs_exist_ok=True)
        (file,) = folder.rglob(name)
        text = file.read_text()
        assert old in text
        file.write_text(text.replace(old, new, 1))
        return Exercise.read(folder)

    return spoil


@pytest.fixture
def sharing(spoilt):
    """The toy, whose tests share what they compare with, and which has no solution to look at."""
    exercise = spoilt("same(work.add(2, 3), 5)", "assert given.is_right(work.add(2, 3))")
    file = exercise.folder / "test_work.py"
    file.write_text(file.read_text().replace("added(work)", "added(work, given)"))
    given = "RIGHT = 5\n\ndef is_right(got): return got == RIGHT\n"
    (exercise.folder / "given.py").write_text(given)
    exercise.solution.unlink()
    return exercise


def outcomes(result):
    return {verdict.test: str(verdict.outcome) for verdict in result.verdicts}


@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
def test_a_right_answer_earns_everything(toy, loop):
    result = check(toy, toy.solution, How(seeds=range(3), loop=loop))
    assert result.has_passed
    assert (result.earned, result.message) == (5, None)
    assert len(result.verdicts) == 5  # one test has a seed, and runs once for each


def test_a_stub_is_not_attempted(toy):
    result = check(toy, TOY / "work.py")
    assert {task.outcome for task in result.tasks} == {Outcome.NOT_ATTEMPTED}
    assert (result.earned, result.message.label) == (0, "stub")


def test_a_task_has_its_points_whole_or_not_at_all(hand_in):
    result = hand_in(add="return 5")
    assert outcomes(result)["test_two_numbers_are_added"] == "passed"
    assert [task.earned for task in result.tasks] == [0, 3]


def test_only_the_first_in_priority_is_told(hand_in):
    result = hand_in(add="return 6", meet="return []")
    assert [str(task.outcome) for task in result.tasks] == ["failed", "failed"]
    assert result.message.label == "M02"


def test_the_line_is_the_students(hand_in):
    message = hand_in(add="return a.b").message
    assert (message.label, message.line.number) == ("raised", 3)
    assert message.line.text == "return a.b"
    assert "AttributeError" in message.happens


def test_a_stub_that_only_another_task_comes_to_is_told(hand_in):
    marker = 'raise NotImplementedError("Task 1.1: add the numbers")'
    add = f"if a is not None: return a + b\n    {marker}"
    result = hand_in(add=add, meet="return add(None, 1)")
    assert [str(task.outcome) for task in result.tasks] == ["passed", "blocked"]
    assert (result.earned, str(result.outcome), result.message.label) == (2, "blocked", "stub")
    assert (result.message.line.number, result.message.line.text) == (4, marker)


def test_the_seed_of_a_failure_is_told_and_replays_it(hand_in):
    result = hand_in(add="return 5 if a == 2 else 0")
    assert result.message.seed == 7
    assert outcomes(result)["test_any_two_numbers_are_added[7]"] == "failed"


@pytest.mark.slow
def test_without_the_hidden_tests_only_the_visible_are_run(hand_in):
    result = hand_in(add="return 5", how=How(hidden=False))
    assert result.has_passed


def test_a_test_that_is_broken_costs_no_points(spoilt):
    exercise = spoilt("import random", "import no_such_module", "test_hidden.py")
    result = check(exercise, exercise.solution)
    assert result.earned == 5
    assert result.is_faulty
    assert result.outcome is Outcome.GRADER_FAULT
    assert "No module named 'no_such_module'" in result.message.happens


@pytest.mark.slow
def test_a_fixture_that_is_broken_costs_no_points(spoilt):
    fixture = '@pytest.fixture\ndef broken():\n    1 / 0\n\n\n@task("1.1")'
    exercise = spoilt('@task("1.1")', "import pytest\n\n\n" + fixture)
    file = exercise.folder / "test_work.py"
    file.write_text(file.read_text().replace("added(work)", "added(work, broken)"))
    result = check(exercise, exercise.solution)
    assert [(str(each.outcome), each.earned) for each in result.tasks] == [
        ("grader_fault", 2),
        ("passed", 3),
    ]


@pytest.mark.slow
def test_a_fault_of_ours_blocks_nothing_in_a_new_process_either(spoilt, tmp_path):
    fixture = '@pytest.fixture\ndef broken():\n    1 / 0\n\n\n@task("1.1")'
    exercise = spoilt('@task("1.1")', "import pytest\n\n\n" + fixture)
    tests = exercise.folder / "test_work.py"
    after = '\n\n@task("1.3")\ndef test_nothing_is_added(work):\n    same(work.add(2, 0), 2)\n'
    tests.write_text(tests.read_text().replace("added(work)", "added(work, broken)") + after)
    task = '\n[[tasks]]\nid = "1.3"\ntitle = "Add"\npoints = 1\nfunction = "add"\nneeds = ["1.1"]\n'
    with (exercise.folder / "exercise.toml").open("a") as toml:
        toml.write(task)
    work = tmp_path / "work.py"
    work.write_text(
        "import os\ndef add(a, b): return a + b\nasync def meet(callers): os._exit(0)\n"
    )
    result = check(Exercise.read(exercise.folder), work)
    assert [str(task.outcome) for task in result.tasks] == ["grader_fault", "crashed", "passed"]


@pytest.mark.slow
def test_a_fault_that_only_the_students_file_meets_is_theirs(spoilt, tmp_path):
    fixture = '@pytest.fixture\ndef fragile(work):\n    work.add.__code__\n\n\n@task("1.1")'
    exercise = spoilt('@task("1.1")', "import pytest\n\n\n" + fixture)
    file = exercise.folder / "test_work.py"
    file.write_text(file.read_text().replace("added(work)", "added(work, fragile)"))
    work = tmp_path / "work.py"
    work.write_text("add = int\nasync def meet(callers): return []\n")
    result = check(exercise, work)
    assert result.earned == 0
    assert result.tasks[0].outcome is Outcome.CRASHED


@pytest.mark.slow
def test_what_keeps_every_test_from_running_is_ours_though_the_solution_does_not_meet_it(
    spoilt, tmp_path
):
    dies = "import os, pathlib\nif 'return 0' in pathlib.Path('work.py').read_text(): os._exit(1)\n"
    exercise = spoilt("import random", f"{dies}import random", "test_hidden.py")
    work = tmp_path / "work.py"
    work.write_text("def add(a, b): return 0\n")
    result = check(exercise, work)
    assert (result.earned, result.is_faulty) == (5, True)
    assert "no test could be run" in result.message.happens


@pytest.mark.parametrize(
    ("trick", "label", "earned"),
    [
        ("beside.write_text('def is_right(got): return True')", "answer", 3),
        ("beside.unlink(missing_ok=True)", "answer", 3),
        ("shared.is_right = lambda got: True", "tampered", 0),
        ("shared.RIGHT = 0", "tampered", 0),
    ],
)
def test_what_the_tests_share_is_ours_whatever_is_done_to_it(
    sharing, tmp_path, trick, label, earned
):
    work = tmp_path / "work.py"
    work.write_text(
        f"import asyncio, pathlib, sys\nbeside = pathlib.Path(__file__).with_name('given.py')\n"
        f"shared = sys.modules['given']\n{trick}\ndef add(a, b): return 0\n"
        "async def meet(callers): return await asyncio.gather(*[each() for each in callers])\n"
    )
    result = check(sharing, work, How(hidden=False))
    assert (result.message.label, result.earned, result.is_faulty) == (label, earned, False)


@pytest.mark.slow
@pytest.mark.parametrize("broken", ["1 / 0\n", None])
def test_what_the_tests_share_and_cannot_be_had_is_our_fault(sharing, broken):
    given = sharing.folder / "given.py"
    given.write_text(broken) if broken else given.unlink()
    result = check(sharing, TOY / "teacher" / "solution.py", How(hidden=False))
    assert (result.earned, result.is_faulty) == (5, True)
    assert "given.py" in result.message.happens


def test_a_missing_file_is_told(toy, tmp_path):
    result = check(toy, tmp_path / "work.py")
    assert result.earned == 0
    assert "work.py cannot be read: No such file" in result.message.happens


@pytest.mark.slow
def test_a_file_without_end_is_not_read(hand_in):
    result = hand_in("x = 1\n" * 200_000)
    assert "has more than 200,000 bytes" in result.message.happens


def test_a_result_is_json(hand_in):
    told = json.loads(json.dumps(hand_in(add="return 0").to_dict()))
    assert told["schema"] == "asyncweb/grade/v1"
    assert (told["score"], told["max_score"]) == (3, 5)
    assert told["message"]["line"] == {"file": "work.py", "number": 2, "text": "def add(a, b):"}
