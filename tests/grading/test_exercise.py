"""An exercise that is wrong is told to its writer, when it is read."""

import shutil

import pytest

from asyncweb.errors import ExerciseError
from asyncweb.grading.exercise import Exercise
from tests.grading.conftest import TOY


@pytest.fixture
def altered(tmp_path):
    """The toy, with something in its exercise.toml replaced."""
    folder = tmp_path / "toy"
    shutil.copytree(TOY, folder)

    def alter(old, new):
        file = folder / "exercise.toml"
        text = file.read_text()
        assert old in text
        file.write_text(text.replace(old, new, 1))
        return folder

    return alter


def test_an_exercise_knows_its_tasks_and_labels(toy):
    assert [task.id for task in toy.tasks] == ["1.1", "1.2"]
    assert (toy.name, toy.points, toy.seconds) == ("toy", 5, 1.0)
    assert toy.own_labels == ["M02"]
    assert [file.name for file in toy.test_files(hidden=True)] == ["test_work.py", "test_hidden.py"]
    assert [file.name for file in toy.test_files(hidden=False)] == ["test_work.py"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('title = "A toy"', "", "title is nothing; expected str"),
        ("minutes = 1", 'minutes = "1"', "minutes is '1'; expected int"),
        ("minutes = 1", "minutes = true", "minutes is True; expected int"),
        ("seconds = 1", "secnods = 1", "nobody knows 'secnods'"),
        ("points = 2", "points = 0", "task 1.1 has 0 points"),
        ('id = "1.2"', 'id = "1.1"', "expected an id that is there once"),
        ('function = "meet"', 'function = "meet"\nneeds = ["2.1"]', "task 1.2 needs '2.1'"),
        ('think = "Calling a coroutine starts it."', "", "labels.M02: think is nothing"),
        ("minutes = 1", "minutes = ", "cannot be read"),
    ],
)
def test_what_is_wrong_is_said_with_what_was_expected(altered, old, new, said):
    with pytest.raises(ExerciseError) as caught:
        Exercise.read(altered(old, new))
    assert said in str(caught.value)


def test_the_words_of_a_common_label_can_be_replaced(altered):
    folder = altered("[labels.M02]", '[labels.hang]\nthink = "It comes."\n\n[labels.M02]')
    label = Exercise.read(folder).label("hang")
    assert label.think == "It comes."
    assert "{claim}" in label.happens


def test_an_unknown_task_or_label_names_those_there_are(toy):
    with pytest.raises(ExerciseError, match=r"no task '9'; exercise\.toml has: 1\.1, 1\.2"):
        toy.task("9")
    with pytest.raises(ExerciseError, match="no label 'M99'"):
        toy.label("M99")
