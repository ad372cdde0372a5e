"""What the notebooks on latency and queues say to who thinks what many think."""

import re

import pytest

from asyncweb.errors import LessonError
from asyncweb.lab.lesson import check, predict, reveal, shows
from asyncweb.lab.question_file import find

RIGHT = {
    "05.k1": "p99", "05.k2": "none", "05.k3": 0, "05.k4": "a schedule",
    "05.k5": "nobody can tell", "05.k6": "the generator's",
    "06.k1": 20, "06.k2": "it doubles", "06.k3": "open", "06.k4": "longer waits",
    "06.k5": "700", "06.k6": "higher",
}  # fmt: skip
WRONG = [
    ("05.k1", "mean", "M20"),
    ("05.k1", "p50", "M20"),
    ("05.k2", "all of them", "M21"),
    ("05.k3", 1, "M22"),
    ("05.k3", 0.5, "M22"),
    ("05.k4", "more clients", "M23"),
    ("05.k4", "a longer test", "M23"),
    ("05.k5", "the second", "M24"),
    ("05.k6", "the server's", "M28"),
    ("06.k1", 500, "M24"),
    ("06.k3", "closed", "M23"),
    ("06.k5", "1,400", "M10"),
    ("06.k5", "11,200", "M26"),
]
GUESSED = [  # the question, a guess, what is measured, and what the guess shows
    ("05.q1", "most", "nearly none", "M20"),
    ("05.q2", 155, 301, "M21"),
    ("05.q3", 1.1, 3.0, "M22"),
    ("05.q4", 1000, 6, "M23"),
    ("05.q5", 10, 1900, "M23"),
    ("05.q6", 1, 20, "M28"),
    ("06.q4", 1.3, 20, "M23"),
    ("06.q5", 1000, 200, "M26"),
]
CLOSE = [("05.q2", 300, 301), ("06.q1", 2500, 2300), ("06.q5", 200, 190), ("06.q7", 9e5, 1e6)]


def test_nearly_every_customer_of_notebook_05_meets_one_of_the_five_slow_in_a_hundred():
    times = int(re.search(r"asks (\d+) times", find("05.k1").text)[1])
    assert 1 - 0.95**times > 0.99


@pytest.mark.parametrize(("name", "answer"), RIGHT.items())
def test_who_is_right_is_told_nothing(name, answer):
    assert check(name, answer) is None


@pytest.mark.parametrize(("name", "answer", "label"), WRONG)
def test_a_wrong_answer_is_told_what_is_thought_and_what_happens(name, answer, label):
    with pytest.raises(LessonError, match=rf"(?s)^{name}: .*\[{label}\]"):
        check(name, answer)


@pytest.mark.parametrize("name", RIGHT)
def test_any_other_answer_is_told_where_to_look(name):
    answer = 123_456 if isinstance(RIGHT[name], int) else "I do not know"
    with pytest.raises(LessonError, match=r"Put|Work out|Sort|Inside = rate"):
        check(name, answer)


@pytest.mark.parametrize(("name", "guess", "measured", "label"), GUESSED)
def test_a_guess_is_told_the_misconception_behind_it(name, guess, measured, label):
    predict(name, guess)
    revealed = reveal(name, measured)
    assert not revealed.is_right
    assert f"[{label}]" in repr(revealed)


@pytest.mark.parametrize(("name", "guess", "measured"), CLOSE)
def test_a_close_guess_is_right(name, guess, measured):
    predict(name, guess)
    assert reveal(name, measured).is_right


@pytest.mark.parametrize(
    ("name", "measured"),
    [("05.c2", 300), ("05.c5", 1.0), ("06.c3", 0.1), ("06.c6", 2.0), ("06.c8", 1.0)],
)
def test_a_claim_that_is_not_measured_any_more_does_not_pass(name, measured):
    with pytest.raises(LessonError, match=f"{name} does not hold here"):
        shows(name, measured)
