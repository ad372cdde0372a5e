"""What leaves the teacher's hands: nothing too much, and nothing too little."""

import ast
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import jsonschema
import pytest

from asyncweb.errors import ExerciseError
from asyncweb.grading.cell import NotYet, require
from asyncweb.grading.course import exercises, find_exercise
from asyncweb.grading.exercise import Exercise
from asyncweb.grading.packs import classroom50, files, gradescope, nbgrader
from asyncweb.grading.packs.files import FOR_TEACHERS, PACKAGE, pack, requirements
from asyncweb.grading.score import score
from asyncweb.grading.stub import BEGIN, answer_lines
from tests.commands import command as command
from tests.ecosystem.conftest import library

PIECES = find_exercise("pieces")
ANSWERS = answer_lines(PIECES.solution.read_text())
NB = Path("01_pieces/01_pieces.ipynb")


def texts(folder):
    return {file: file.read_text() for file in folder.rglob("*") if file.is_file()}


def gives_away(text):
    """Whether it holds more lines in a row of the solution than a hint has."""
    return "\n".join(ANSWERS[:4]) in "\n".join(line.strip() for line in text.splitlines())


def test_a_class_gets_all_it_needs_and_no_answers(tmp_path):
    folder = pack(exercises(), tmp_path / "class")
    for exercise in exercises():
        copied = {file.name for file in (folder / exercise.name).iterdir()}
        assert {"README.md", "exercise.toml", "hints.md", "test_work.py", "work.py"} <= copied
        assert (folder / exercise.name / "work.py").read_text() != exercise.solution.read_text()
    assert not [file for file in folder.rglob("*") if "teacher" in file.parts]
    assert not [file for file, text in texts(folder).items() if BEGIN in text or gives_away(text)]


def test_what_a_teacher_has_tried_in_the_checkout_stays_there(tmp_path):
    tried = tmp_path / "course" / "01_pieces"
    shutil.copytree(PIECES.folder, tried)
    (tried / "work.py").write_bytes(PIECES.solution.read_bytes())
    for write in (pack, classroom50.pack):
        folder = write([Exercise.read(tried)], tmp_path / write.__module__)
        files = texts(folder).items()
        assert not [file for file, text in files if file.name == "work.py" and BEGIN in text]


def test_no_stub_is_made_of_what_somebody_has_written(tmp_path):
    shutil.copytree(PIECES.folder, tmp_path / "01_pieces",
                    ignore=shutil.ignore_patterns("teacher"))  # fmt: skip
    (tmp_path / "01_pieces" / "work.py").write_text("an answer")
    with pytest.raises(ExerciseError, match=r"made of teacher/solution\.py, which is not in"):
        pack([Exercise.read(tmp_path / "01_pieces")], tmp_path / "class")


def test_what_a_class_reads_speaks_to_students(tmp_path):
    said = (pack([PIECES], tmp_path / "class") / "README.md").read_text()
    assert "asyncweb watch" in said
    assert FOR_TEACHERS not in said
    assert "asyncweb course" not in said


def test_what_a_class_reads_lists_the_exercises_it_gets(tmp_path):
    said = (pack([PIECES], tmp_path / "class") / "README.md").read_text()
    linked = re.findall(r"\((\w+)/README\.md\)", said)
    assert linked == ["01_pieces"]
    assert "| exercise | you will be able to | minutes |\n|---|---|--:|\n| [01_pieces]" in said


def test_nothing_that_is_there_is_overwritten(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    for write in (pack, classroom50.pack, nbgrader.pack):
        with pytest.raises(ExerciseError, match="is there already"):
            write([PIECES], tmp_path)
    with pytest.raises(ExerciseError, match="is there already"):
        gradescope.pack([PIECES], tmp_path / "notes.txt")


def test_a_pack_of_nothing_says_what_can_be_packed(command):
    ran = command("course", "pack")
    assert ran.returncode == 2
    assert "name a folder, --gradescope, --classroom50 or --nbgrader" in ran.stderr


def test_grading_needs_what_asyncweb_needs_and_pytest():
    project = tomllib.loads((PACKAGE.parent / "pyproject.toml").read_text())["project"]
    needs = requirements()
    assert needs[:-1] == project["dependencies"]
    assert needs[-1].startswith("pytest>=")


def test_an_installation_has_grading_install_what_a_checkout_does(tmp_path, monkeypatch):
    project = tomllib.loads((PACKAGE.parent / "pyproject.toml").read_text())["project"]
    told = list(project["dependencies"])
    for extra, needs in project["optional-dependencies"].items():
        for need, _, marker in (need.partition("; ") for need in needs):
            told.append(f"{need}; {marker} and extra == '{extra}'" if marker
                        else f"{need}; extra == '{extra}'")  # fmt: skip
    of_checkout = requirements()
    monkeypatch.setattr("importlib.metadata.requires", lambda name: told)
    monkeypatch.setattr(files, "PACKAGE", tmp_path / "asyncweb")
    assert requirements() == of_checkout


def test_the_bundle_that_is_published_has_no_solutions(tmp_path):
    folder = classroom50.pack([PIECES], tmp_path / "c50")
    assert [file.name for file in folder.rglob("teacher/*")] == ["test_hidden.py"]
    bundle = folder / "classroom" / "autograders" / classroom50.SLUG
    assert not [file for file, text in texts(bundle / "asyncweb/exercises").items()
                if gives_away(text)]  # fmt: skip
    ast.parse((bundle / "autograder.py").read_text())


def test_the_list_of_assignments_is_as_classroom_50_publishes_it():
    short_name = {"type": "string", "pattern": "^[a-z0-9][a-z0-9-]{1,38}$"}
    entry = {
        "type": "object",
        "required": ["slug", "name", "mode", "autograder"],
        "properties": {
            "slug": short_name,
            "autograder": short_name,
            "mode": {"enum": ["individual", "group"]},
            "runtime": {
                "type": "object",
                "additionalProperties": False,
                "properties": {"python": {"type": "string", "pattern": "^[A-Za-z0-9._+-]{1,32}$"}},
            },
        },
    }
    jsonschema.validate(
        classroom50.assignments(),
        {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "schema": {"const": "classroom50/assignments/v1"},
                "assignments": {"type": "array", "items": entry},
            },
        },
    )


def test_an_autograder_for_gradescope_can_be_run_as_it_is_unpacked(tmp_path):
    with zipfile.ZipFile(gradescope.pack([PIECES], tmp_path / "auto.zip")) as zipped:
        names = set(zipped.namelist())
        modes = {name: zipped.getinfo(name).external_attr >> 16
                 for name in ("setup.sh", "run_autograder")}  # fmt: skip
    assert {"requirements.txt", "asyncweb/exercises/01_pieces/teacher/test_hidden.py"} <= names
    # The student's program can read all there is.
    teachers = [name for name in names if "/teacher/" in name and not name.endswith("/")]
    assert [Path(name).name for name in teachers] == ["test_hidden.py"]
    assert not [name for name in names if "__pycache__" in name]
    assert all(mode & 0o111 for mode in modes.values())


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="Gradescope's machines run Linux")
def test_the_autograder_grades_and_takes_nothing_of_the_student_for_ours(tmp_path):
    source, handed_in = tmp_path / "source", tmp_path / "submission"
    with zipfile.ZipFile(gradescope.pack([PIECES], tmp_path / "auto.zip")) as zipped:
        zipped.extractall(source)
    (source / "interpreter").write_text(sys.executable)  # what setup.sh writes
    for folder in ("asyncweb", "mine/01_pieces"):
        (handed_in / folder).mkdir(parents=True)
    (handed_in / "asyncweb" / "__init__.py").write_text("raise SystemExit('not ours')")
    (handed_in / "mine/01_pieces/work.py").write_bytes(PIECES.solution.read_bytes())
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    subprocess.run(
        ["bash", source / "run_autograder"], check=True, capture_output=True, cwd=handed_in,
        env={**environment, "AUTOGRADER_ROOT": str(tmp_path)}, timeout=90,
    )  # fmt: skip
    told = json.loads((tmp_path / "results" / "results.json").read_text())
    assert [test["score"] for test in told["tests"]] == [4, 2, 4]


def test_an_assignment_has_a_graded_cell_for_each_task_and_no_answers(tmp_path):
    folder = nbgrader.pack([PIECES], tmp_path / "nb")
    source = json.loads((folder / "source" / NB).read_text())
    marks = [cell["metadata"]["nbgrader"] for cell in source["cells"] if cell["metadata"]]
    assert [mark["points"] for mark in marks if mark["grade"]] == [4, 2, 4]
    assert [mark["grade_id"] for mark in marks if mark["solution"]] == ["work"]
    assert all(mark["locked"] == mark["grade"] for mark in marks)
    ids = [cell["id"] for cell in source["cells"]]
    assert len(ids) == len(set(ids))
    files = texts(folder / "source").values()
    assert not [text for text in files if BEGIN in text or gives_away(text)]
    assert BEGIN in (folder / "answers" / NB).read_text()


@pytest.mark.slow
def test_a_graded_cell_raises_or_returns_none_and_says_nothing_else(tmp_path, capfd):
    work = tmp_path / "work.py"
    work.write_text(PIECES.solution.read_text().replace("return head, rest", "return head, b''"))
    assert require("01_pieces", "1.2", work) is None
    with pytest.raises(NotYet, match="rest \\(failed\\)"):
        require("01_pieces", "1.1", work)
    with pytest.raises(NotYet, match=r"Task 1.3 waits for 1.1, which has to pass first"):
        require("01_pieces", "1.3", work)
    assert capfd.readouterr() == ("", "")


def test_a_graded_cell_without_the_file_says_which_cell_to_run(tmp_path):
    with pytest.raises(ExerciseError, match="run the cell above that writes it"):
        require("01_pieces", "1.1", tmp_path / "work.py")


def test_a_graded_cell_asks_the_tests_beside_its_notebook(tmp_path, monkeypatch):
    shutil.copytree(PIECES.folder, tmp_path / "exercises" / "19_ours")
    (tmp_path / "work.py").write_text("")
    monkeypatch.chdir(tmp_path)
    check = "asyncweb.grading.cell.check"
    monkeypatch.setattr(check, lambda exercise, work, how: score(exercise, []))
    with pytest.raises(NotYet, match=r"Task 1.1 has not passed"):
        require("19_ours", "1.1")


@pytest.mark.slow
def test_an_assignment_runs_in_a_kernel_and_its_answers_pass(tmp_path, monkeypatch):
    nbclient = library("nbclient")
    nbformat = library("nbformat")
    folder = nbgrader.pack([PIECES], tmp_path / "nb")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(map(str, sys.path)))

    def errors(kind):
        file = folder / kind / NB
        book = nbformat.read(file, as_version=4)
        client = nbclient.NotebookClient(
            book, allow_errors=True, timeout=90, resources={"metadata": {"path": str(file.parent)}}
        )
        client.execute()
        outputs = [output for cell in book.cells for output in cell.get("outputs", [])]
        assert not [each for each in outputs if each.get("name") == "stderr"]
        return [each.ename for each in outputs if each.output_type == "error"]

    assert errors("source") == ["NotYet"] * 3
    assert errors("answers") == []
