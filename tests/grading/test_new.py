"""An exercise from the skeleton is whole before a word of it is changed, and goes all the way."""

import shutil

import pytest

from asyncweb.errors import ExerciseError
from asyncweb.grading.course import course_folder, teachers_folder
from asyncweb.grading.exercise import Exercise
from asyncweb.grading.skeleton import begin
from asyncweb.grading.student.desk import copy_exercises
from tests.commands import command as command


def test_a_new_exercise_has_all_of_its_parts(tmp_path):
    exercise = Exercise.read(begin("17_slow_readers", tmp_path))
    assert exercise.title == "The slow readers of it"
    assert [task.id for task in exercise.tasks] == ["17.1"]
    assert "Task 17.1" in (exercise.folder / "work.py").read_text()
    assert exercise.answers("accept") and exercise.answers("wrong")
    assert not [file for file in exercise.folder.rglob("*") if file.suffix == ".template"]


@pytest.mark.slow
@pytest.mark.parametrize("where", [[], ["--folder", "mine"]])
def test_the_command_that_new_names_proves_what_it_has_begun(command, where):
    _, _, then = command("course", "new", "19_queues", *where).stdout.partition("then: asyncweb ")
    ran = command(*then.split(), "--seeds", "3")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "8 of 8 proofs hold" in ran.stdout


@pytest.mark.slow
@pytest.mark.parametrize("where", ["exercises", "mine"])
def test_an_exercise_of_ones_own_is_packed_and_graded(command, handed_in, tmp_path, where):
    exercise = Exercise.read(begin("19_queues", tmp_path / where))
    named = [] if where == "exercises" else ["--folder", where]
    assert command("course", "pack", "for_class", *named).returncode == 0
    assert (tmp_path / "for_class" / "19_queues" / "test_work.py").is_file()
    handed_in("ada", exercise.solution.read_text(), "19_queues/work.py")
    ran = command("course", "grade", "class", "-o", "scores.csv", *named)
    assert ran.returncode == 0, ran.stderr
    assert (tmp_path / "scores.csv").read_text().splitlines() == [
        "submission,19_queues,score,max_score,by_hand", "ada,3,3,3,",
    ]  # fmt: skip


def test_exercises_without_their_answers_are_not_taken_for_a_teachers(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    list(copy_exercises(tmp_path / "exercises"))
    assert teachers_folder(None) == course_folder()
    assert teachers_folder("exercises").samefile(tmp_path / "exercises")


def test_where_no_answers_are_prove_says_whose_folder_to_name_and_writes_nothing(command, tmp_path):
    shutil.copytree(course_folder() / "01_pieces", tmp_path / "class" / "01_pieces",
                    ignore=shutil.ignore_patterns("teacher"))  # fmt: skip
    (tmp_path / "class" / "01_pieces" / "work.py").write_text("mine")
    ran = command("course", "prove", "pieces", "--write", "--folder", "class")
    assert ran.returncode == 2
    assert "class has no solutions to prove; name the exercises of a checkout" in ran.stderr
    assert (tmp_path / "class" / "01_pieces" / "work.py").read_text() == "mine"


@pytest.mark.parametrize("name", ["topic", "1_topic", "17-topic", "17_Topic", "../17_topic", "17_"])
def test_a_name_that_is_none_is_told(name, tmp_path):
    with pytest.raises(ExerciseError, match="expected one like 19_topic"):
        begin(name, tmp_path)


def test_a_number_is_taken_once(tmp_path):
    (tmp_path / "17_else").mkdir()
    with pytest.raises(ExerciseError, match="has the number 17 already"):
        begin("17_topic", tmp_path)
