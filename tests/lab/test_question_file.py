"""A file of questions that is wrong is told by its key, with what was expected."""

import pytest

from asyncweb.errors import LessonError
from asyncweb.lab import question_file
from asyncweb.lab.question_file import read
from asyncweb.lab.questions import Checkpoint, Claim, NumberQuestion

CHECKPOINT = 'k1 = {text = "a", answer = 5'
CHOICE = 'q1 = {text = "a", kind = "choice"'
WRONG = {
    "=": "this is no TOML",
    "[x1]": "unknown section 'x1'; expected q1 (a question), k1 (a checkpoint) or c1 (a claim)",
    "q1 = 5": "unknown section 'q1'",
    "[q1]": "q1.text: expected a text, got nothing",
    'q1 = {text = " "}': "q1.text: expected a text, got ' '",
    'q1 = {text = "a", kind = "word"}': "q1.kind: expected 'number' or 'choice', got 'word'",
    'q1 = {text = "a", close = 0.5}': "q1.close: expected a factor, 1 or more, got 0.5",
    'q1 = {text = "a", within = -1}': "q1.within: expected a number, 0 or more, got -1",
    'q1 = {text = "a", low = 5}': "q1.low: expected a text, or {label",
    'q1 = {text = "a", hihg = "b"}': "q1.hihg: there is no such key; known here: kind, text, right",
    CHOICE + "}": "q1.choices: expected a list of two texts or more, got nothing",
    CHOICE + ', choices = ["a"]}': "q1.choices: expected a list of two",
    CHOICE + ', choices = ["a", "b"], was.c = "d"}': "q1.was: expected comments on ['a', 'b']",
    CHOICE + ', choices = ["a", "b"], was = 5}': "q1.was: expected a table of answers",
    CHOICE
    + ', choices = ["a", "b"], wrong.a = "c"}': "known here: kind, text, choices, was, right",
    'k1 = {text = "a"}': "k1.answer: expected a text, a number, true, false or a list, got nothing",
    CHECKPOINT + ', wrong.six = "b"}': "k1.wrong.six: expected a number, got 'six'",
    CHECKPOINT + ', wrong.5 = "b"}': "k1.wrong.5: expected an answer that is wrong, told once",
    CHECKPOINT + ', wrong.6 = {label = "M33", text = "b"}}': "M01 to M32, got 'M33'",
    CHECKPOINT + ', wrong.6 = {label = "M06"}}': "k1.wrong.6.text: expected a text, got nothing",
    'c1 = {statement = "a"}': "c1.at_least: expected a number here, in at_most, or two in between",
    'c1 = {statement = "a", at_least = 1, cores = 0}': "c1.cores: expected a whole number, 1 or",
    'c1 = {statement = "a", between = [1]}': "c1.at_least: expected a number here",
    "c1 = {at_least = 1}": "c1.statement: expected a text, got nothing",
}


@pytest.fixture
def write(tmp_path):
    folder = tmp_path / "questions"
    folder.mkdir()

    def write(text):
        file = folder / "05.toml"
        file.write_text(text, encoding="utf-8")
        return file

    return write


@pytest.mark.parametrize("text", WRONG)
def test_a_mistake_in_a_file_is_told_by_its_key(text, write):
    with pytest.raises(LessonError) as told:
        read(write(text))
    assert str(told.value).startswith("questions/05.toml: ")
    assert WRONG[text] in str(told.value)


def test_everything_is_known_by_the_number_of_its_file(write):
    found = read(write('q1 = {text = "a"}\nk1 = {text = "a", answer = 1}'))
    assert {name: type(asked) for name, asked in found.items()} == {
        "05.q1": NumberQuestion,
        "05.k1": Checkpoint,
    }


@pytest.mark.parametrize("where", ["k1", "k1.wrong"])
def test_what_is_said_to_any_other_answer_may_stand_in_either_table(where, write):
    text = f'[k1]\ntext = "a"\nanswer = 1\n[{where}]\notherwise = "Look."'
    text = text.replace("[k1]\notherwise", "otherwise")
    assert read(write(text))["05.k1"].comment(2).text == "Look."


def test_every_file_of_the_course_is_right():
    files = sorted(question_file.FOLDER.glob("*.toml"))
    assert files
    for file in files:
        assert any(isinstance(asked, Claim) for asked in read(file).values()), file.name
