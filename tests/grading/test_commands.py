"""The commands of the exercises, as a student gives them."""

import io
import json
import shutil
import sys

import pytest

from asyncweb.cli import main
from asyncweb.grading.course import course_folder, exercises, find_exercise, work_of
from tests.commands import command as command


@pytest.fixture
def handed_in(tmp_path):
    """A student's folder with the first exercise, solved or as somebody else has written it."""

    def put(text=None):
        source = course_folder() / "01_pieces"
        folder = tmp_path / "exercises" / "01_pieces"
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / "work.py", folder / "work.py")
        if text is not None:
            (folder / "work.py").write_text(text)
        return folder

    return put


def solved():
    return (course_folder() / "01_pieces" / "teacher" / "solution.py").read_text()


def test_check_says_what_comes_next_and_exits_with_1(command, handed_in):
    handed_in()
    ran = command("check", "pieces")
    assert ran.returncode == 1
    assert "01_pieces: A request that arrives in pieces, 0 of 10 points" in ran.stdout
    assert "Task 1.1 is still to be done" in ran.stdout


def test_check_of_what_is_right_exits_with_0(command, handed_in):
    handed_in(solved())
    ran = command("check", "1")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "10 of 10 points" in ran.stdout


@pytest.mark.slow
def test_check_shows_what_the_program_has_printed(command, handed_in):
    handed_in(solved() + "\n\nprint('imported')\n")
    ran = command("check", "1")
    assert "Your program printed (12 of 12 lines):\nimported\n" in ran.stdout


@pytest.mark.slow
def test_check_tells_an_error_that_no_output_can_spell(command, handed_in):
    handed_in("raise ValueError('caf\\udce9')\n")
    ran = command("check", "1")
    assert (ran.returncode, ran.stderr) == (1, "")
    assert "ValueError: caf?" in ran.stdout


def test_an_output_without_our_signs_gets_all_the_rest(handed_in, monkeypatch):
    monkeypatch.chdir(handed_in().parent)
    output = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", output)
    with pytest.raises(SystemExit, match=r"^0$"):
        main(["list"])
    output.flush()
    assert b"> ? 01_pieces" in output.buffer.getvalue()


def test_check_of_an_unknown_exercise_says_what_there_is(command, handed_in):
    handed_in()
    ran = command("check", "01_peices")
    assert ran.returncode == 2
    assert ran.stderr == "asyncweb check: '01_peices' is no exercise; did you mean 01_pieces?\n"


def test_check_says_where_it_has_looked_for_the_file(command, handed_in, tmp_path):
    (handed_in() / "work.py").unlink()
    ran = command("check", "01_pieces")
    assert ran.returncode == 2
    assert str(tmp_path / "exercises" / "01_pieces" / "work.py") in ran.stderr


def test_an_exercise_is_found_from_within_another(handed_in, monkeypatch):
    folder = handed_in()
    (folder.parent / "02_other").mkdir()
    monkeypatch.chdir(folder.parent / "02_other")
    assert work_of(find_exercise("1")) == folder / "work.py"


def test_grade_is_a_table_or_json(command, handed_in):
    handed_in(solved())
    ran = command("grade", "--json", "-")
    assert ran.returncode == 0
    told = json.loads(ran.stdout)
    assert told["schema"] == "asyncweb/grades/v1"
    assert told["score"] == 10
    assert told["exercises"][0]["exercise"] == "01_pieces"
    assert "01_pieces" in ran.stderr


def test_grade_of_a_folder_without_exercises_is_a_mistake(command, tmp_path):
    ran = command("grade", str(tmp_path))
    assert ran.returncode == 2
    assert "holds no exercise; name the folder that has 01_pieces/ in it" in ran.stderr


@pytest.mark.parametrize("name", ["01_pieces", "pieces", "01", "1", "exercises/01_pieces/"])
def test_an_exercise_has_short_names(name):
    assert find_exercise(name).name == "01_pieces"


def test_the_course_is_in_its_order():
    names = [exercise.name for exercise in exercises()]
    assert names == sorted(names)
