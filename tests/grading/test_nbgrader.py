"""What is packed for nbgrader goes through nbgrader's own commands, from source to scores."""

import csv
import json
import os
import shutil
import subprocess
import sys

import pytest

from asyncweb.grading.exercise import Exercise
from asyncweb.grading.packs.nbgrader import pack
from asyncweb.grading.skeleton import begin
from asyncweb.grading.stub import answer_lines
from tests.ecosystem.conftest import library

NAME = "19_queues"  # no exercise of the package: its tests have to lie beside the notebook


@pytest.fixture
def exercise(tmp_path):
    return Exercise.read(begin(NAME, tmp_path / "exercises"))


@pytest.fixture
def course(exercise, tmp_path, monkeypatch):
    """A course that was packed, and what runs a command of nbgrader in it."""
    library("nbgrader")
    folder = pack([exercise], tmp_path / "course")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(map(str, sys.path)))
    # Nothing of the machine's own Jupyter, and nothing in it.
    for place in ("HOME", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "IPYTHONDIR"):
        monkeypatch.setenv(place, str(tmp_path / "home"))

    def run(*arguments):
        command = [sys.executable, "-m", "nbgrader", *arguments]
        ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300)
        assert ran.returncode == 0, ran.stderr

    return folder, run


def notebook(folder, *place):
    return json.loads((folder.joinpath(*place) / NAME / f"{NAME}.ipynb").read_text())


def cell(book, cell_id):
    (found,) = [each for each in book["cells"] if each["id"] == cell_id]
    return found


@pytest.mark.slow
def test_nbgrader_releases_the_stub_and_gives_each_task_its_points(course, exercise):
    folder, nbgrader = course
    nbgrader("generate_assignment", NAME)
    released = "".join(cell(notebook(folder, "release"), "work")["source"])
    assert 'raise NotImplementedError("Task 19.1: ' in released
    assert not [line for line in answer_lines(exercise.solution.read_text()) if line in released]

    for student in ("ada", "bob"):
        shutil.copytree(folder / "release" / NAME, folder / "submitted" / student / NAME)
    solved = notebook(folder, "release")
    cell(solved, "work")["source"] = cell(notebook(folder, "answers"), "work")["source"]
    (folder / "submitted" / "ada" / NAME / f"{NAME}.ipynb").write_text(json.dumps(solved))
    # The tests that count are the teacher's, whatever comes back beside the notebook.
    (folder / "submitted" / "bob" / NAME / "exercises" / NAME / "test_work.py").write_text("")

    nbgrader("autograde", NAME)
    nbgrader("export")
    with (folder / "grades.csv").open(encoding="utf-8", newline="") as file:
        scores = {
            row["student_id"]: (row["score"], row["max_score"]) for row in csv.DictReader(file)
        }
    assert scores == {"ada": ("3.0", "3.0"), "bob": ("0.0", "3.0")}
    (told,) = cell(notebook(folder, "autograded", "bob"), "task-19-1")["outputs"]
    assert "Task 19.1 is still to be done" in "".join(told["traceback"])
