"""Every wrong guess and every wrong answer that a notebook expects is met with its message."""

import pytest

from asyncweb.errors import LessonError
from asyncweb.lab import lesson as calls
from asyncweb.lab.question_file import FOLDER, read
from asyncweb.lab.questions import Checkpoint, ChoiceQuestion, Claim, NumberQuestion

ASKED = [asked for file in sorted(FOLDER.glob("*.toml")) for asked in read(file).values()]


def of(kind):
    found = [asked for asked in ASKED if isinstance(asked, kind)]
    return pytest.mark.parametrize("asked", found, ids=lambda asked: asked.name)


def wrong_answers():
    for asked in ASKED:
        for given in asked.wrong if isinstance(asked, Checkpoint) else ():
            yield pytest.param(asked, given, id=f"{asked.name}: {given}")


@pytest.fixture(autouse=True)
def nothing_predicted(monkeypatch):
    monkeypatch.setattr(calls, "_predictions", {})


@of(NumberQuestion)
def test_a_guess_is_told_whether_it_is_too_low_right_or_too_high(asked):
    said = []
    for guess in (1, 100, 10_000):
        calls.predict(asked.name, guess)
        revealed = calls.reveal(asked.name, 100)
        assert revealed.comment.text in repr(revealed)
        said.append(revealed.comment)
    assert said == [asked.low, asked.right, asked.high]
    assert len({comment.text for comment in said}) == 3


@of(ChoiceQuestion)
def test_whatever_was_guessed_the_comment_is_on_what_came_true(asked):
    assert asked.was
    for came_true, comment in asked.was.items():
        for guess in set(asked.choices) - {came_true}:
            calls.predict(asked.name, guess)
            assert comment.text in repr(calls.reveal(asked.name, came_true))


@of(Checkpoint)
def test_a_checkpoint_says_nothing_to_the_right_answer_and_expects_wrong_ones(asked):
    assert calls.check(asked.name, asked.answer) is None
    assert asked.wrong


@pytest.mark.parametrize(("asked", "given"), list(wrong_answers()))
def test_a_wrong_answer_gets_its_message_and_its_label(asked, given):
    with pytest.raises(LessonError) as told:
        calls.check(asked.name, asked.read(given))
    assert asked.wrong[given].text in str(told.value)
    assert asked.wrong[given].label in str(told.value)


@of(NumberQuestion | ChoiceQuestion)
def test_who_has_not_guessed_yet_is_asked_again(asked):
    with pytest.raises(LessonError) as told:
        calls.predict(asked.name, ...)
    assert asked.text in str(told.value)


@of(Checkpoint)
def test_a_checkpoint_that_waits_for_its_answer_repeats_its_question(asked, capsys):
    assert calls.check(asked.name, ...) is None
    assert asked.text in capsys.readouterr().out


@of(Claim)
def test_a_claim_stops_the_lesson_where_it_does_not_hold(asked, monkeypatch):
    monkeypatch.setattr(calls, "cores", lambda: asked.cores)
    outside = (asked.at_least - 1) if asked.at_least is not None else asked.at_most + 1
    with pytest.raises(LessonError, match=f"{asked.name} does not hold here"):
        calls.shows(asked.name, outside)
