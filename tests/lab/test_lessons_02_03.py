"""Notebooks 02 and 03: what is said to guesses and answers that show how people think."""

import pytest

from asyncweb.errors import LessonError
from asyncweb.lab.lesson import check, predict, reveal, shows


def said(name, answer):
    with pytest.raises(LessonError) as caught:
        check(name, answer)
    return str(caught.value)


@pytest.mark.parametrize(
    ("name", "right"),
    [
        ("02.k1", "it stands still"), ("02.k2", 2), ("02.k3", 10), ("02.k4", 20),
        ("03.k1", "a wait that gives way"), ("03.k2", "everybody on this server"),
        ("03.k3", "processes"),
    ],
)  # fmt: skip
def test_a_right_answer_is_passed_without_a_word(name, right, capsys):
    assert check(name, right) is None
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("name", "answer", "label"),
    [
        ("02.k2", 6, "M16"), ("02.k3", 2.5, "M24"), ("02.k3", 0.25, "M24"), ("02.k4", 10, "M04"),
        ("03.k1", "async def", "M01"), ("03.k1", "await", "M05"), ("03.k3", "async def", "M09"),
        ("03.k3", "threads", "M10"), ("03.k3", "offload", "M10"),
    ],
)  # fmt: skip
def test_a_wrong_answer_is_told_the_misconception_it_shows(name, answer, label):
    assert f"[{label}]" in said(name, answer)


@pytest.mark.parametrize(
    ("name", "answer", "word"),
    [
        ("02.k1", "it serves others", "rows of the threads"), ("02.k1", "it is gone", "asleep"),
        ("02.k2", 3, "rounds"), ("02.k2", 1, "threads can wait"), ("02.k2", 4, "ruler"),
        ("02.k3", 40, "free at once"), ("02.k4", 15, "line by line"),
        ("03.k2", "the handler that blocks", "only one that gets on"),
        ("03.k2", "the next client only", "one thread"), ("03.k1", "luck", "one of the three"),
    ],
)  # fmt: skip
def test_a_wrong_answer_is_told_what_to_look_at(name, answer, word):
    assert word in said(name, answer)


@pytest.mark.parametrize(
    ("name", "guess", "measured", "word"),
    [
        ("02.q1", 30, 11, "added up"), ("02.q1", 1, 11, "at least the 10 ms"),
        ("02.q2", 50, 1, "Much less"), ("02.q3", 1, 3, "one of its own"),
        ("02.q4", 10, 32, "keeps its thread"), ("02.q4", 60, 32, "three rounds"),
        ("02.q5", 100, 390, "there are four"), ("02.q5", 5000, 390, "answer 400"),
        ("03.q1", 15, 208, "M01"), ("03.q2", "yes", "no", "M05"), ("03.q3", 50, 201, "M03"),
        ("03.q4", "return", "time.sleep(0.300)", "a millionth"),
        ("03.q5", 200, 12, "another thread"), ("03.q6", 1, 2.1, "M10"),
    ],
)  # fmt: skip
def test_a_guess_that_was_wrong_is_told_why(name, guess, measured, word):
    predict(name, guess)
    revealed = reveal(name, measured)
    assert not revealed.is_right
    assert word in f"{revealed.comment.text} {revealed.comment.label}"


@pytest.mark.parametrize(
    ("name", "measured"),
    [
        ("02.q1", 11.5), ("02.q2", 1.4), ("02.q3", 3), ("02.q4", 33), ("02.q5", 385),
        ("03.q1", 208), ("03.q2", "no"), ("03.q3", 202), ("03.q4", "time.sleep(0.300)"),
        ("03.q5", 12), ("03.q6", 2.1),
    ],
)  # fmt: skip
def test_who_guesses_what_is_measured_is_right(name, measured):
    predict(name, measured)
    assert reveal(name, measured).is_right


@pytest.mark.parametrize(
    ("name", "broken"),
    [
        ("02.c1", 2), ("02.c2", 3), ("02.c4", 1), ("02.c5", 1.5), ("02.c6", 1.1), ("02.c7", 0.5),
        ("03.c1", 1), ("03.c2", 5), ("03.c3", 4), ("03.c4", 1), ("03.c5", 1.9), ("03.c6", 4),
        ("03.c7", 1),
    ],
)  # fmt: skip
def test_a_claim_that_is_no_longer_so_stops_the_notebook(name, broken):
    with pytest.raises(LessonError, match="does not hold here"):
        shows(name, broken)
