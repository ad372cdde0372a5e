"""The form of the course: what every notebook has, and what is said of one that has it not."""

import json
import re
from pathlib import Path

import pytest

from asyncweb.errors import LessonError
from asyncweb.lab import question_file
from asyncweb.lab.course.form import troubles
from asyncweb.lab.course.lesson_file import LessonFile, lessons
from tests.notebooks.conftest import COURSE

EXERCISES = Path(__file__).parents[2] / "exercises"
FRONT = """# 05 · A title

**Questions.** What is
it?

**You will be able to** say `it`.

**Time:** 45 minutes. **Before this:** notebook 04."""
PROSE = (
    FRONT,
    "## Modify: a\n\nx\n\n## Modify: b",
    "## Modify: c\n\n## Make: d",
    "> **What could mislead you here.** This.",
    "## Key points\n\n**Exercises that belong to it:** `01_pieces`,\n`02_keep_alive`.",
)
CODE = ('predict("05.q1", 5)', 'reveal("05.q1", 6)', 'check(\n    "05.k1", 7)', 'shows("05.c1", 8)')
QUESTIONS = """
q1 = {text = "How many?"}
k1 = {text = "How many?", answer = 7}
c1 = {statement = "there are many", at_least = 2}
"""


@pytest.fixture
def write(tmp_path, monkeypatch):
    """Writes a notebook with cells of prose and then of code, and its questions."""
    monkeypatch.setattr(question_file, "FOLDER", tmp_path)

    def write(prose=PROSE, code=CODE, questions=QUESTIONS, **of_code):
        made = {"cell_type": "code", "outputs": [], "execution_count": None, **of_code}
        cells = [{"cell_type": "markdown", "source": text.splitlines(True)} for text in prose]
        cells += [{**made, "source": text} for text in code]
        (tmp_path / "05.toml").write_text(questions)
        path = tmp_path / "05_a_title.ipynb"
        path.write_text(json.dumps({"cells": cells}))
        return LessonFile(path)

    return write


def without(part, parts=PROSE, instead=""):
    assert any(part in text for text in parts)
    return tuple(text.replace(part, instead) for text in parts)


def test_there_are_notebooks():
    assert COURSE


def test_every_notebook_has_the_form(lesson):
    assert not list(troubles(lesson))


def test_every_notebook_asks_its_servers_directly_and_no_proxy(lesson):
    """A proxy that the environment names would be asked for a port of this machine."""
    for source in lesson.code:
        assert not re.search(r"urllib\.request import .*urlopen|urllib\.request\.urlopen", source)
        assert "proxy=None" in source or not re.search(r"\bconnect\(f?.wss?://", source)


def test_a_notebook_that_has_the_form_is_told_nothing(write):
    assert not list(troubles(write()))


WRONG_PROSE = {
    "# 05 · A title": "the first cell has no title; write: # 02 · A title",
    "**Questions.**": "the first cell has no questions; write: **Questions.** What",
    "**You will be able to**": "the first cell has no objectives",
    "**Time:** 45": "the first cell has no minutes",
    "**Before this:**": "the first cell has no before",
    "## Modify: b": "2 tasks '## Modify: ...'; expected 3 or more",
    "## Make: d": "0 tasks '## Make: ...'; expected 1 or more",
    "> **What could mislead you here.**": "there is no '> **What could mislead you here.**'",
    "## Key points": "there is no '## Key points'",
    "`01_pieces`,\n`02_keep_alive`": "no exercise belongs to it; name one",
}


@pytest.mark.parametrize("part", WRONG_PROSE)
def test_what_is_missing_is_told_with_an_example(part, write):
    (told,) = troubles(write(without(part)))
    assert told.startswith("05_a_title.ipynb: ")
    assert WRONG_PROSE[part] in told


@pytest.mark.parametrize(
    ("part", "instead", "said"),
    [
        ("# 05 ·", "# 06 ·", "the title has another number than the file; write: # 05 ·"),
        ("45 minutes", "90 minutes", "90 minutes; a lesson has 30 to 60"),
    ],
)
def test_what_is_wrong_in_the_first_cell_is_told(part, instead, said, write):
    (told,) = troubles(write(without(part, instead=instead)))
    assert said in told


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (CODE[1:], "05.q1 is in questions/05.toml, and no cell calls predict('05.q1')"),
        (CODE[:1] + CODE[2:], "no cell calls reveal('05.q1')"),
        (CODE[:2] + CODE[3:], "no cell calls check('05.k1')"),
        (CODE[:3], "no cell calls shows('05.c1')"),
        ((*CODE, 'check("05.k2", 5)'), "it asks 05.k2, which is not in questions/05.toml"),
        ((*CODE, 'check("05.q1", 5)'), "it calls check('05.q1'); 05.q1 wants predict"),
        ((CODE[1], CODE[0], *CODE[2:]), "it reveals 05.q1 before it is predicted"),
        ((f"{CODE[0]}\n{CODE[1]}", *CODE[2:]), "it reveals 05.q1 in the cell that predicts it"),
    ],
)
def test_a_question_that_is_not_asked_or_not_there_is_told(code, said, write):
    (told,) = troubles(write(code=code))
    assert said in told


def test_a_handler_in_the_cell_that_makes_its_app_is_told(write):
    alone = ("app = App()", "one, other = App(), App()", '@app.get("/")\ndef home(ctx): ...')
    assert not list(troubles(write(code=(*alone, *CODE))))
    (told,) = troubles(write(code=(f"{alone[0]}\n\n\n{alone[2]}", *CODE)))
    assert "a cell makes an App and its handler: run again, it makes an App that no server" in told


def test_outputs_and_a_last_cell_that_stops_nothing_are_told(write):
    assert "it has outputs" in "".join(troubles(write(outputs=["5"])))
    assert "it has outputs" in "".join(troubles(write(execution_count=1)))
    told = list(troubles(write(code=(), questions="")))
    assert told == ["05_a_title.ipynb: the last cell is prose; it has to stop what was started"]


def test_a_notebook_without_questions_and_a_file_that_is_no_notebook_are_told(write):
    lesson = write()
    (lesson.path.parent / "05.toml").unlink()
    assert "there is no" in "".join(troubles(lesson))
    lesson.path.write_text("[]")
    with pytest.raises(LessonError, match=r"05_a_title.ipynb is no notebook"):
        LessonFile(lesson.path).cells  # noqa: B018


def test_a_notebook_tells_what_it_is_about(write):
    assert write().to_dict() == {
        "number": "05",
        "file": "05_a_title.ipynb",
        "title": "A title",
        "minutes": 45,
        "questions": "What is it?",
        "objectives": "say `it`.",
        "before": "notebook 04.",
        "exercises": ["01_pieces", "02_keep_alive"],
        "claims": ["there are many"],
    }


def test_notebooks_are_found_by_their_numbers(write):
    folder = write().path.parent
    (folder / "my own.ipynb").touch()
    assert [lesson.number for lesson in lessons(folder, ["5"])] == ["05"]
    with pytest.raises(LessonError, match="there is no notebook 06; there are: 05"):
        lessons(folder, ["06"])


def test_every_exercise_that_a_notebook_names_is_there(lesson):
    there = {path.name for path in EXERCISES.glob("[0-9][0-9]_*")}
    assert set(lesson.exercises) <= there
