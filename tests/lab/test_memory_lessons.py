"""What the lessons on memory and on leaks say to who is wrong: the misconception has its name."""

import pytest

from asyncweb.errors import LessonError
from asyncweb.lab.lesson import check, predict, reveal
from asyncweb.lab.notebooks import notebook_folder

MISTAKES = {
    ("04.k1", "no"): "M17",
    ("04.k2", "python objects leak"): "M19",
    ("04.k2", "no leak"): "M19",
    ("04.k3", "falls to where it was"): "M18",
    ("04.k4", 512): "M29",
    ("11.k2", "nothing leaks"): "M32",
    ("11.k5", "yes"): "M19",
    ("11.k6", "yes"): "M18",
}
GUESSES = {  # a guess, what is measured, and what is said to it
    ("04.q1", 8192, 19): "M17",
    ("04.q3", 50, 0.2): "M17",
    ("04.q5", 100, 0.1): "M19",
    ("04.q6", 99.9, 0): "M18",
    ("04.q7", 1, 100): "M29",
    ("11.q4", 100, 8): "M32",
    ("11.q7", 100, 0): "M12",
}


@pytest.mark.parametrize(("mistake", "label"), MISTAKES.items())
def test_a_wrong_answer_is_told_what_is_behind_it_and_what_to_try(mistake, label):
    with pytest.raises(LessonError) as caught:
        check(*mistake)
    said = str(caught.value)
    assert f"[{label}]" in said
    assert "Try: " in said


@pytest.mark.parametrize(("guess", "label"), GUESSES.items())
def test_a_guess_from_a_misconception_is_told_which(guess, label):
    name, guessed, measured = guess
    predict(name, guessed)
    revealed = reveal(name, measured)
    assert not revealed.is_right
    assert label in repr(revealed)


@pytest.mark.parametrize(
    ("name", "guess", "measured"),
    [
        ("02.q2", 0, 1.4), ("04.q3", 1, 0.2), ("04.q3", 0, 0.2), ("04.q5", 0, 0.02),
        ("04.q5", 1, 0.02), ("04.q6", 1, 0), ("11.q4", 10, 6), ("11.q7", 1, 0),
    ],
)  # fmt: skip
def test_a_guess_of_hardly_anything_is_right_where_hardly_anything_was_measured(
    name, guess, measured
):
    predict(name, guess)
    assert reveal(name, measured).is_right


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("04.k1", "yes"),
        ("04.k4", (23.0 - 20.5) * 1024 / 1000),
        ("11.k1", "the second half"),
        ("11.k4", "leak"),
    ],
)
def test_a_right_answer_is_not_talked_about(name, answer):
    assert check(name, answer) is None


def test_notebook_11_prints_when_the_collector_comes_for_that_differs_between_pythons():
    (file,) = notebook_folder().glob("11_*.ipynb")
    text = file.read_text(encoding="utf-8")
    assert "server {garbage.YOUNG}, notebook {gc.get_threshold()[0]}" in text
    assert "2,000 objects" not in text
