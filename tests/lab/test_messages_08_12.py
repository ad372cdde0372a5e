"""What notebooks 08 and 12 say to wrong guesses and wrong answers."""

import pytest

from asyncweb.errors import LessonError
from asyncweb.lab.lesson import check, predict, reveal, shows


@pytest.mark.parametrize(
    ("name", "right"),
    [("08.k1", "yes"), ("08.k2", 10), ("12.k1", 1), ("12.k2", 0.25), ("12.k3", "workers")],
)
def test_a_right_answer_is_passed_over_in_silence(name, right, capsys):
    assert check(name, right) is None
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("name", "answer", "label", "said"),
    [
        ("08.k1", "no", "M01", "up to its first await, and this one has none"),
        ("08.k2", 400, "M26", "needs one for 25 ms only"),
        ("08.k2", 1, "M01", "one query at a time: 40 a second"),
        ("08.k2", 16, "", "how many of those make 400"),
        ("08.k2", 99, "", "Little's law"),
        ("12.k1", 8, "M10", "one lock goes round among them"),
        ("12.k1", 4, "M26", "they share one core's worth of time"),
        ("12.k2", 1, "M31", "three of four workers have never heard of this login"),
        ("12.k2", 0, "", "does know of it"),
        ("12.k3", "async def", "M09", "the loop stands still for 50 ms"),
        ("12.k3", "uvloop", "M25", "These 50 ms are your own Python"),
        ("12.k3", "threads", "M10", "holds the lock, and the others wait"),
        ("12.k3", "magic", "", "Put one of"),
    ],
)
def test_a_wrong_answer_is_told_what_happens(name, answer, label, said):
    with pytest.raises(LessonError) as raised:
        check(name, answer)
    text = str(raised.value)
    assert said in text
    assert f"[{label}]" in text if label else "[M" not in text


@pytest.mark.parametrize(
    ("name", "guess", "measured", "said"),
    [
        ("08.q1", 0.5, 2.1, "no quicker way to do the same work"),
        ("08.q1", 2, 2.1, "counted the detour"),
        ("08.q2", 1, 400, "looked at by nobody"),
        ("08.q2", 390, 400, "The loop has one thread, and that one waits"),
        ("08.q3", 1, 24, "all need one at once"),
        ("08.q3", 1000, 24, "No more than there are threads"),
        ("08.q4", 20, 480, "stands behind all the others"),
        ("08.q5", 1, 3, "the loop sends the next question"),
        ("12.q1", 8, 0.95, "The threads cannot compute at once"),
        ("12.q2", 2, 1.3, "look at what this machine can show"),
        ("12.q2", 1, 1.9, "a lock of its own"),
        ("12.q3", 100, 48, "deals out the clients by a hash"),
        ("12.q4", "401 to 440", "it depends on who answers", "the memory of one process"),
        ("12.q5", 3, 1.1, "The handler is still Python"),
        ("12.q5", 1, 1.4, "in its own way"),
        ("12.q6", 2, 0.8, "soon the server is the limit"),
    ],
)
def test_a_guess_is_told_what_made_the_difference(name, guess, measured, said):
    predict(name, guess)
    assert said in repr(reveal(name, measured))


@pytest.mark.parametrize(
    ("name", "too_far"),
    [("08.c1", 0.9), ("08.c2", 0.1), ("08.c3", 0.9), ("08.c4", 0.2), ("08.c5", 1.2), ("08.c6", 2),
     ("12.c1", 1.9), ("12.c3", 2.0), ("12.c4", 1.0)],
)  # fmt: skip
def test_a_claim_that_the_measurement_does_not_show_is_no_longer_made(name, too_far):
    with pytest.raises(LessonError, match=f"{name} does not hold here"):
        shows(name, too_far)
