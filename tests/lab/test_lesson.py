"""A guess, then its measurement; a checkpoint and what is said to a wrong answer; a claim."""

import pytest

from asyncweb.errors import LessonError
from asyncweb.lab import lesson, question_file
from asyncweb.lab.lesson import check, predict, reveal, shows
from asyncweb.lab.questions import NumberQuestion

QUESTIONS = """
[q1]
text = "How many <b>?"
unit = "times"
close = 1.25
right = "Yes."
low = "More than that."
high = "Less than that."

[q2]
text = "Who wins?"
kind = "choice"
choices = ["async", "threads", "both", "nobody"]
[q2.was]
async = {label = "M26", text = "More threads are no better."}
nobody = "Nobody waits in `a < b`."

[k1]
text = "Who needs a lock?"
answer = "Both"
[k1.wrong]
threads = {label = "M06", text = "One thread has races, too."}
otherwise = "Read the cell above again."

[k2]
text = "How many?"
answer = 100
close = 1.1
[k2.wrong]
1000 = "That is in ms."

[k3]
text = "In which order?"
answer = ["accept", "recv", 2]
[k3.wrong]
"recv, accept, 2" = "Nobody reads from a client that was not accepted."

[k4]
text = "Is it safe?"
answer = false
[k4.wrong]
true = {label = "M11", text = "A test that passes proves nothing."}

[c1]
statement = "a thread costs more"
at_least = 2.0

[c2]
statement = "nobody waits"
at_most = 0.5

[c4]
statement = "two workers do more than one"
at_least = 1.1
cores = 2

[c3]
statement = "they are alike"
between = [0.5, 2]
"""


@pytest.fixture(autouse=True)
def questions(tmp_path, monkeypatch):
    (tmp_path / "77.toml").write_text(QUESTIONS, encoding="utf-8")
    monkeypatch.setattr(question_file, "FOLDER", tmp_path)
    monkeypatch.setattr(lesson, "_predictions", {})


@pytest.mark.parametrize(
    ("guess", "said", "is_right"),
    [(2, "More than that.", False), (4, "Yes.", True), (6, "Yes.", True), (9, "Less", False)],
)
def test_a_guess_is_shown_beside_what_was_measured(guess, said, is_right):
    predict("77.q1", guess)
    revealed = reveal("77.q1", 5)
    assert f"You said {guess} times, measured: 5 times. {said}" in repr(revealed)
    assert said in revealed._repr_html_()
    assert revealed.is_right is is_right


@pytest.mark.parametrize(
    ("guess", "measured", "said"),
    [
        ("async", "async", "Right!"),
        (" Threads ", "async", "no better. [M26]"),
        ("both", "async", "no better. [M26]"),
        ("both", "nobody", "Nobody waits"),
        ("async", "nobody", "Nobody waits"),
        ("async", "both", "It was 'both'."),
    ],
)
def test_whoever_chose_otherwise_is_told_of_what_came_true(guess, measured, said):
    predict("77.q2", guess)
    assert said in repr(reveal("77.q2", measured))
    assert "height:.8em" not in reveal("77.q2", "async")._repr_html_()


def test_what_stands_between_backticks_is_shown_as_code():
    predict("77.q2", "async")
    shown = reveal("77.q2", "nobody")._repr_html_()
    assert "Nobody waits in <code>a &lt; b</code>." in shown


@pytest.mark.parametrize(
    ("unit", "one", "two"),
    [
        ("times", "1 time", "2 times"),
        ("requests/s", "1 request/s", "2 requests/s"),
        ("ms", "1 ms", "2 ms"),
        ("of 100", "1 of 100", "2 of 100"),
    ],
)
def test_one_of_a_unit_is_no_plural(unit, one, two):
    question = NumberQuestion("77.q1", "How many?", unit=unit)
    assert (question.spoken(1), question.spoken(2)) == (one, two)


def test_nothing_is_revealed_before_a_guess():
    with pytest.raises(LessonError, match="before you have said what you expect"):
        reveal("77.q1", 5)


def test_a_cell_that_runs_again_commits_to_its_new_guess():
    predict("77.q1", 1)
    predict("77.q1", 5)
    assert reveal("77.q1", 5).guess == reveal("77.q1", 6).guess == 5


@pytest.mark.parametrize("guess", [..., None, "two", True, float("nan"), [1]])
def test_what_is_no_number_is_no_guess(guess):
    with pytest.raises(LessonError, match=r"is no guess\. How many.*Put a number there"):
        predict("77.q1", guess)


def test_a_choice_that_is_none_names_those_there_are():
    with pytest.raises(LessonError, match=r"'pool' is no guess\. .*one of 'async', 'threads', 'bo"):
        predict("77.q2", "pool")
    predict("77.q2", "both")
    with pytest.raises(LessonError, match="'pool' cannot have come true"):
        reveal("77.q2", "pool")


@pytest.mark.parametrize("measured", [None, float("inf"), "5"])
def test_what_was_not_measured_is_not_revealed(measured):
    predict("77.q1", 5)
    for asked in (lambda: reveal("77.q1", measured), lambda: shows("77.c1", measured)):
        with pytest.raises(LessonError, match="is no measurement; run the cells above"):
            asked()


def test_a_guess_of_nothing_is_right_only_when_there_is_nothing():
    predict("77.q1", 0)
    assert reveal("77.q1", 0).is_right
    assert not reveal("77.q1", 1).is_right
    assert "height:.8em" not in (predict("77.q1", -1), reveal("77.q1", 1))[1]._repr_html_()


def test_questions_are_escaped_in_html_and_shown_without_a_guess_revealed():
    made = predict("77.q1", 5)
    assert "How many &lt;b&gt;?" in made._repr_html_()
    assert repr(made) == "How many <b>?\n  You say: 5 times. Now measure."


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("77.k1", "both"), ("77.k1", " BOTH "), ("77.k2", 100), ("77.k2", 91.0),
        ("77.k3", ["accept", "recv", 2]), ("77.k3", ("accept", "Recv", 2.0)), ("77.k4", False),
    ],
)  # fmt: skip
def test_a_right_answer_is_met_with_silence(name, answer, capsys):
    assert check(name, answer) is None
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("name", "answer", "said"),
    [
        ("77.k1", "Threads", "'Threads' is not it. One thread has races, too. [M06]"),
        ("77.k1", "nobody", "Read the cell above again."),
        ("77.k2", 1000.0, "That is in ms."),
        ("77.k2", 0, "Look at the cells above again."),
        ("77.k3", ["recv", "accept", 2], "Nobody reads"),
        ("77.k3", ["accept"], "Look at the cells above again."),
        ("77.k4", True, "proves nothing. [M11]"),
        ("77.k1", None, "put your answer there first. Who needs a lock?"),
        ("77.k1", "", "put your answer there first"),
        ("77.k2", "100", "expected a number, got '100'"),
        ("77.k3", "accept", "expected a list, got 'accept'"),
    ],
)
def test_a_wrong_answer_is_told_what_its_giver_thinks(name, answer, said):
    with pytest.raises(LessonError) as told:
        check(name, answer)
    assert said in str(told.value)


@pytest.mark.parametrize(
    ("name", "measured", "said"),
    [
        ("77.c1", 7.44, "a thread costs more (measured 7.44, at least 2)"),
        ("77.c2", 0.5, "nobody waits (measured 0.5, at most 0.5)"),
        ("77.c3", 1, "they are alike (measured 1, between 0.5 and 2)"),
    ],
)
def test_a_claim_that_holds_says_so(name, measured, said, capsys):
    shows(name, measured)
    assert capsys.readouterr().out == f"{name} holds here: {said}\n"


@pytest.mark.parametrize(("name", "measured"), [("77.c1", 1.9), ("77.c2", 0.6), ("77.c3", 3)])
def test_a_claim_that_does_not_hold_stops_the_lesson(name, measured):
    with pytest.raises(LessonError, match=f"{name} does not hold here: .*measured .*, expected"):
        shows(name, measured)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (lambda: predict("77.k1", 1), 'its call is check("77.k1", ...)'),
        (lambda: check("77.q1", 1), 'its call is predict and reveal("77.q1", ...)'),
        (lambda: check("77.c1", 1), 'its call is shows("77.c1", ...)'),
        (lambda: predict("77.q9", 1), "has no 'q9'; it has 77.q1, 77.q2, 77.k1"),
        (lambda: predict("78.q1", 1), "78.toml; there are: 77"),
        (lambda: predict("q1", 1), "'q1' names no question"),
    ],
)
def test_a_name_that_means_something_else_is_told(asked, said):
    with pytest.raises(LessonError) as told:
        asked()
    assert said in str(told.value)


def test_a_notebook_shows_the_message_and_no_traceback():
    with pytest.raises(LessonError) as told:
        check("77.k1", "nobody")
    first, *more = told.value._render_traceback_()
    assert first.startswith("LessonError: 77.k1: 'nobody' is not it.")
    assert " ".join([first, *more]).endswith(str(told.value)[-80:])
    assert all(len(line) <= 120 for line in [first, *more])


@pytest.mark.parametrize("there", [1, 2])
def test_a_claim_that_takes_more_cores_than_there_are_is_only_told(there, monkeypatch, capsys):
    monkeypatch.setattr(lesson, "cores", lambda: there)
    shows("77.c4", 1.9)
    said = capsys.readouterr().out
    assert ("77.c4 holds here" in said) is (there == 2)
    assert ("shown here: it takes 2 cores to see that two workers" in said) is (there == 1)


def test_a_checkpoint_without_an_answer_asks_for_it_and_stops_nobody(capsys):
    check("77.k1", ...)
    assert capsys.readouterr().out == (
        "77.k1 waits for your answer, in the place of the three dots. Who needs a lock?\n"
    )
