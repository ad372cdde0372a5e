"""Whose an exception is, and what it shows."""

import pytest

from asyncweb.grading.blame import Case, blame
from asyncweb.grading.marks import Mark, Mistake
from asyncweb.grading.outcomes import Outcome
from asyncweb.grading.source import Source

TEXT = """
from asyncweb.grading import Mistake

def add(a, b):
    raise Mistake(a)
"""


@pytest.fixture
def case(toy):
    return Case("test_two_numbers_are_added", Mark("1.1"), toy, Source(TEXT), "work.py")


@pytest.fixture
def add():
    """The student's function."""
    names = {}
    exec(compile(TEXT, "work.py", "exec"), names)
    return names["add"]


@pytest.mark.parametrize("label", ["no such label", "M02", None, []])
def test_a_mistake_that_the_students_own_line_raises_is_no_more_than_an_exception(case, add, label):
    with pytest.raises(Mistake) as raised:
        add(label, 1)
    verdict = blame(raised.value, case, "call")
    assert (verdict.outcome, verdict.label) == (Outcome.FAILED, "raised")
    assert verdict.line.text == "raise Mistake(a)"


def test_a_mistake_that_a_test_names_keeps_its_label(case):
    with pytest.raises(Mistake) as raised:
        raise Mistake("M02", came=1)
    verdict = blame(raised.value, case, "call")
    assert (verdict.outcome, verdict.label, verdict.facts) == (Outcome.FAILED, "M02", {"came": "1"})


def test_a_long_chain_of_exceptions_is_followed_to_its_end(case):
    last = NotImplementedError("Task 1.2: run all callers at once")
    for _ in range(2000):
        later = ValueError()
        later.__context__, last = last, later
    assert blame(last, case, "call").blocked_by == "1.2"


def test_a_stub_of_no_task_is_no_more_than_an_exception(case):
    verdict = blame(NotImplementedError("Task 9.9: nobody has set it"), case, "call")
    assert verdict.outcome is Outcome.FAILED
