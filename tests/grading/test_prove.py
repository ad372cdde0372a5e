"""An exercise that is not right is shown to be so, each fault by the row that is meant for it.

That the course's own are right shows `asyncweb course prove`, which .ci/run runs.
"""

import shutil

import pytest

from asyncweb.grading.course import find_exercise
from asyncweb.grading.exercise import Exercise
from asyncweb.grading.prove import Proof

PIECES = find_exercise("01_pieces")


@pytest.fixture
def spoilt(tmp_path):
    """What contradicts a row of 01_pieces, after something in one of its files was replaced.

    Of its wrong answers there is only one here.
    """
    folder = tmp_path / "01_pieces"
    shutil.copytree(PIECES.folder, folder)
    for file in folder.glob("teacher/wrong/*.py"):
        if file.stem != "M14_one_recv":
            file.unlink()

    def spoil(name, old, new, row):
        file = folder / name
        text = file.read_text()
        assert old in text
        file.write_text(text.replace(old, new, 1))
        proof = Proof(Exercise.read(folder), seeds=range(2))
        (found,) = proof.rows(only=row)
        return "\n".join(found.troubles)

    spoil.folder = folder
    return spoil


def test_a_stub_that_was_written_by_hand_is_seen(spoilt):
    said = spoilt("work.py", "END_OF_HEAD", "END", "stub")
    assert "work.py is not what the solution generates" in said


@pytest.mark.slow
def test_a_stub_that_earns_something_is_seen(spoilt):
    marker = 'raise NotImplementedError("Task 1.2: find the length of the body")'
    assert "of 10 points" in spoilt("work.py", marker, "return 0", "stub")


@pytest.mark.slow
def test_a_solution_that_does_not_pass_is_seen(spoilt):
    said = spoilt("teacher/solution.py", "return head, rest", "return head", "solution")
    assert "on asyncio: " in said


@pytest.mark.slow
def test_a_right_answer_that_is_refused_is_seen(spoilt):
    name = "teacher/accept/byte_by_byte.py"
    assert "byte_by_byte.py: " in spoilt(name, "[:-4]", "[:-3]", "accept")


@pytest.mark.slow
def test_a_label_without_a_wrong_answer_is_seen(spoilt):
    said = spoilt("exercise.toml", "minutes = 25", "minutes = 26", "labels")
    assert "no wrong answer shows cut" in said.splitlines()
    assert "no wrong answer shows M14" not in said


def test_a_hint_that_gives_the_answer_away_is_seen(spoilt):
    said = spoilt(
        "hints.md", "You have called", "head, _, rest = received.partition(END_OF_HEAD)", "hints"
    )
    assert "hint 1 gives away" in said


def test_a_block_that_is_missing_is_seen(spoilt):
    assert "hint 3 lacks 'return 0'" in spoilt("hints.md", "return 0\n", "", "hints")


@pytest.mark.slow
def test_words_that_have_changed_are_seen(spoilt):
    said = spoilt("exercise.toml", "One recv gives me", "One recv is", "wrong")
    assert "M14_one_recv.txt is not what is said now" in said


@pytest.mark.slow
def test_a_test_that_asks_the_students_own_equality_is_seen(spoilt):
    own = "\n\n\ndef same(got, expected):\n    assert got == expected\n"
    for name in ("test_work.py", "teacher/test_hidden.py"):
        file = spoilt.folder / name
        file.write_text(file.read_text().replace("same, task\n", f"task\n{own}", 1))
    assert "the yes-man: 2 of 10 points" in spoilt(
        "test_work.py", "length != 0", "length", "yes-man"
    )
