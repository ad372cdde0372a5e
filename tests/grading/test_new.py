"""An exercise from the skeleton is whole before a word of it is changed."""

import pytest

from asyncweb.errors import ExerciseError
from asyncweb.grading.exercise import Exercise
from asyncweb.grading.skeleton import begin
from tests.commands import command as command


def test_a_new_exercise_has_all_of_its_parts(tmp_path):
    exercise = Exercise.read(begin("17_slow_readers", tmp_path))
    assert exercise.title == "The slow readers of it"
    assert [task.id for task in exercise.tasks] == ["17.1"]
    assert "Task 17.1" in (exercise.folder / "work.py").read_text()
    assert exercise.answers("accept") and exercise.answers("wrong")
    assert not [file for file in exercise.folder.rglob("*") if file.suffix == ".template"]


@pytest.mark.slow
def test_a_new_exercise_passes_its_proofs(command, tmp_path):
    command("course", "new", "17_slow_readers", "--folder", str(tmp_path))
    ran = command("course", "prove", "--folder", str(tmp_path), "--seeds", "3")
    assert ran.returncode == 0, ran.stdout
    assert "8 of 8 proofs hold" in ran.stdout


@pytest.mark.parametrize("name", ["topic", "1_topic", "17-topic", "17_Topic", "../17_topic", "17_"])
def test_a_name_that_is_none_is_told(name, tmp_path):
    with pytest.raises(ExerciseError, match="expected one like 17_topic"):
        begin(name, tmp_path)


def test_a_number_is_taken_once(tmp_path):
    (tmp_path / "17_else").mkdir()
    with pytest.raises(ExerciseError, match="has the number 17 already"):
        begin("17_topic", tmp_path)
