"""What notebooks 01 and 07 say to who is wrong, and how short is what they build by hand."""

import ast
from pathlib import Path

import pytest

from asyncweb.errors import LessonError
from asyncweb.lab import lesson

ROOT = Path(__file__).parents[2]
LISTENING = {"recv has returned": "M14", "recv gave less than it was asked for": "M14"}
WRONG_ANSWERS = [
    *(("01.k1", answer, label) for answer, label in LISTENING.items()),
    ("01.k2", "accept", "M16"),
    ("01.k3", "async def", "M01"),
    ("07.k2", "yes", "M05"),
    ("07.k3", 0.1, "M04"),
]
WRONG_GUESSES = [
    ("01.q2", "the request", "a piece", "M14"),
    ("01.q4", "answered", "wait", "M16"),
    ("07.q5", "rude", "everybody", "M01"),
    ("07.q6", "its first line", "nothing", "M02"),
    ("07.q10", 3.0, 1.05, "M25"),
]
RIGHT = [
    ("01.k1", "an empty line has come"),
    ("01.k2", "recv"),
    ("01.k3", "await"),
    ("07.k1", "the place and the variables"),
    ("07.k2", "no"),
    ("07.k3", 0.2),
]


def functions(number):
    """The functions and classes of a notebook's source, the first of each name."""
    (source,) = (ROOT / "notebooks" / "source").glob(f"{number}_*.py")
    found = {}
    for node in ast.parse(source.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.setdefault(node.name, node)
    return found


def lines(node):
    return len(ast.unparse(node).replace("\n\n", "\n").splitlines())


@pytest.mark.parametrize(("name", "answer"), RIGHT)
def test_a_right_answer_is_met_with_silence(name, answer):
    assert lesson.check(name, answer) is None


@pytest.mark.parametrize(("name", "answer", "label"), WRONG_ANSWERS)
def test_a_wrong_answer_is_told_what_its_misconception_is(name, answer, label):
    with pytest.raises(LessonError, match=label):
        lesson.check(name, answer)


@pytest.mark.parametrize(("name", "answer"), [(name, "something else") for name, _ in RIGHT[:-1]])
def test_any_other_answer_is_told_where_to_look(name, answer):
    with pytest.raises(LessonError, match=r"[Cc]hoose|Say"):
        lesson.check(name, answer)


@pytest.mark.parametrize(("name", "guess", "measured", "label"), WRONG_GUESSES)
def test_a_wrong_guess_is_told_what_its_misconception_is(name, guess, measured, label):
    lesson.predict(name, guess)
    revealed = lesson.reveal(name, measured)
    assert not revealed.is_right
    assert label in repr(revealed)


def test_the_server_of_notebook_01_has_about_25_lines():
    found = functions("01")
    parts = ("parse", "requests", "answer", "converse", "serve_blocking")
    assert 23 <= sum(lines(found[part]) for part in parts) <= 27


def test_the_loop_of_notebook_07_is_read_at_a_glance():
    found = functions("07")
    assert sum(lines(found[part]) for part in ("Future", "Task", "Motor", "Loop")) <= 90
