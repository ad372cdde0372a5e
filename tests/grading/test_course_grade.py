"""A class's submissions become scores: whoever hands in what, in whichever form."""

import csv
import io
import json
import os
import signal
import subprocess
import sys

import pytest

from asyncweb.grading import gradebook
from asyncweb.grading.class_report import class_dict, labels, scores_csv
from asyncweb.grading.course import course_folder
from asyncweb.grading.gradebook import Class, Journal
from asyncweb.grading.runner import How
from asyncweb.grading.score import score
from asyncweb.grading.submissions import submissions
from tests.commands import asyncweb
from tests.commands import command as command
from tests.grading.conftest import HERE, RIGHT
from tests.grading.test_corpus import expected

SOLVED = (
    f"import asyncio\ndef add(a, b):\n    {RIGHT['add']}\n"
    f"async def meet(callers):\n    {RIGHT['meet']}\n"
)
CORPUS = [
    "syntax_error", "missing_import", "endless_print", "forks_at_import", "fills_the_disk",
    "port_in_use", "deletes_the_tests", "patches_pytest",
]  # fmt: skip


@pytest.fixture
def grade(handed_in, toy, tmp_path):
    """Grades them all by the toy; the entries, in the order of the names."""

    def graded(seed=7, jobs=2, **how):
        everybody = Class(submissions(handed_in.folder), [toy], How(seeds=[seed], **how), jobs)
        entries = everybody.grades(Journal(tmp_path / "journal"))
        return sorted(entries, key=lambda entry: entry.submission)

    return graded


@pytest.fixture
def checked(monkeypatch):
    """Grades without running anything; the texts that came, in their order."""
    texts = []

    def check(exercise, work, how):
        texts.append(work.read_text())
        if texts[-1] == "fault":
            raise OSError("no process can be started")
        if texts[-1] == "stop":
            raise KeyboardInterrupt
        return score(exercise, [])

    monkeypatch.setattr(gradebook, "check", check)
    return texts


def test_a_zip_that_is_none_costs_that_student_alone(handed_in, grade, checked):
    (handed_in.folder / "ada.zip").write_text("no zip")
    handed_in("bob", "right")
    ada, bob = grade()
    assert (ada.grade["outcome"], checked) == ("crashed", ["right"])
    assert "ada.zip cannot be read" in ada.grade["message"]["happens"]
    assert not bob.is_faulty


def test_what_was_not_handed_in_was_not_attempted(handed_in, grade, checked):
    handed_in("ada", "", "notes.txt")
    (ada,) = grade()
    assert (ada.grade["outcome"], checked) == ("not_attempted", [])
    assert ada.grade["message"]["happens"] == "There is no work.py of toy in what was handed in."


def test_what_was_graded_is_not_graded_again(handed_in, grade, checked):
    handed_in("ada", "first")
    handed_in("bob", "second")
    before = grade()
    handed_in("bob", "changed")
    checked.clear()
    after = grade()
    assert checked == ["changed"]
    assert after[0] == before[0]


def test_an_interruption_costs_only_what_was_under_way(handed_in, grade, checked):
    for name, text in (("ada", "one"), ("bob", "two"), ("zoe", "stop")):
        handed_in(name, text)
    with pytest.raises(KeyboardInterrupt):
        grade(jobs=1)
    handed_in("zoe", "three")
    checked.clear()
    assert len(grade()) == 3
    assert checked == ["three"]


def test_a_line_that_was_cut_is_graded_again(handed_in, grade, checked, tmp_path):
    handed_in("ada", "one")
    grade()
    journal = tmp_path / "journal"
    journal.write_text(journal.read_text()[:-20])
    checked.clear()
    grade()
    assert checked == ["one"]


def test_a_line_that_was_cut_does_not_swallow_the_next(handed_in, grade, checked, tmp_path):
    handed_in("ada", "one")
    handed_in("bob", "two")
    grade(jobs=1)
    journal = tmp_path / "journal"
    journal.write_text(journal.read_text()[:-20])
    grade()
    checked.clear()
    grade()
    assert checked == []


def test_another_seed_is_another_grade(handed_in, grade, checked):
    handed_in("ada", "one")
    grade()
    grade(seed=8)
    assert checked == ["one", "one"]


def test_who_asks_whether_a_grade_is_still_wanted_makes_no_other_of_it(handed_in, grade, checked):
    handed_in("ada", "one")
    grade()
    grade(is_given_up=lambda: False)
    assert checked == ["one"]


def test_a_fault_of_ours_costs_nobody_a_point_and_is_tried_again(handed_in, grade, checked):
    handed_in("ada", "fault")
    (ada,) = grade()
    assert (ada.grade["score"], ada.is_faulty) == (5, True)
    assert scores_csv([ada]).splitlines()[1] == "ada,5,5,5,toy"
    grade()
    assert checked == ["fault", "fault"]


def test_a_name_that_a_spreadsheet_would_compute_is_text(handed_in, grade, checked):
    handed_in("=1+1", "one")
    rows = list(csv.reader(io.StringIO(scores_csv(grade()))))
    assert rows[1][0] == "'=1+1"


def test_what_was_not_tried_and_what_we_failed_at_are_no_mistakes(handed_in, grade, checked):
    handed_in("ada", "", "notes.txt")
    handed_in("bob", "fault")
    entries = grade()
    assert all(entry.grade["message"] for entry in entries)
    assert labels(entries) == []


@pytest.mark.slow
def test_labels_are_counted_by_student(handed_in, grade):
    handed_in("ada", SOLVED)
    for name in ("bob", "eve"):
        handed_in(name, SOLVED.replace("a + b", "a - b"))
    entries = grade()
    assert [entry.grade["score"] for entry in entries] == [5, 3, 3]
    (told,) = labels(entries)
    assert (told["exercise"], told["label"], told["students"]) == ("toy", "answer", 2)
    assert json.loads(json.dumps(class_dict(entries)))["schema"] == "asyncweb/class/v1"


@pytest.mark.slow
def test_whatever_one_hands_in_the_others_get_their_scores(handed_in, grade):
    for name in CORPUS:
        handed_in(name, (HERE / "corpus" / f"{name}.py").read_text())
    handed_in("solved", SOLVED)
    graded = {entry.submission: entry.grade for entry in grade()}
    assert graded.pop("solved")["score"] == 5
    for name, each in graded.items():
        says = expected(HERE / "corpus" / f"{name}.py")
        assert (each["outcome"], str(each["score"])) == (says["outcome"], says["score"]), name
    assert not any(each["is_faulty"] for each in graded.values())


@pytest.mark.slow
def test_the_command_writes_scores_and_says_which_mistakes_were_made(command, handed_in):
    pieces = course_folder() / "01_pieces"
    handed_in("ada.zip", (pieces / "teacher/solution.py").read_text(), "01_pieces/work.py")
    handed_in("bob", (pieces / "work.py").read_text(), "exercises/01_pieces/work.py")
    handed_in("eve", "1 / 0\n", "01_pieces/work.py")
    ran = command("course", "grade", "class", "-o", "scores.csv", "--only", "pieces", "--json", "-")
    assert ran.returncode == 0, ran.stderr
    scores = (handed_in.folder.parent / "scores.csv").read_text().splitlines()
    assert scores == [
        "submission,01_pieces,score,max_score,by_hand", "ada,10,10,10,", "bob,0,0,10,",
        "eve,0,0,10,",
    ]  # fmt: skip
    told = json.loads(ran.stdout)
    assert [each["label"] for each in told["labels"]] == ["crashed"]
    assert "3 of 3: " in ran.stderr
    assert not (handed_in.folder.parent / "scores.csv.journal").exists()


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C is no signal there that can be sent")
def test_after_ctrl_c_the_same_command_goes_on(handed_in, tmp_path):
    run = {name: tmp_path / f"{name} was run" for name in ("ada", "bob", "eve")}
    for name, mark in run.items():
        handed_in(name, f"open({str(mark)!r}, 'w').close()\n", "01_pieces/work.py")
    given = [sys.executable, "-m", "asyncweb", "course", "grade", str(handed_in.folder)]
    given += ["-o", str(tmp_path / "scores.csv"), "--only", "1", "--jobs", "1"]
    with subprocess.Popen(given, stderr=subprocess.PIPE, text=True) as grading:
        first = grading.stderr.readline()
        grading.send_signal(signal.SIGINT)
        rest = grading.stderr.read()
    assert first == "1 of 3: ada, 01_pieces: 0 of 10 points\n"
    assert "the same command goes on from here" in rest
    assert grading.returncode == 130
    assert run["ada"].exists() and not run["eve"].exists()
    run["ada"].unlink()
    again = subprocess.run(given, capture_output=True, text=True, timeout=90)
    assert again.returncode == 0
    assert run["eve"].exists() and not run["ada"].exists()
    assert len((tmp_path / "scores.csv").read_text().splitlines()) == 4


def test_the_command_names_what_it_leaves_out(command, handed_in):
    handed_in("ada", "", "notes.txt")
    (handed_in.folder / "bob.rar").write_text("")
    ran = command("course", "grade", "class", "-o", "scores.csv", "--only", "pieces")
    assert ran.returncode == 0
    assert "left out: bob.rar is neither a folder nor a zip\n" in ran.stderr
    assert "no points: in what ada has handed in there is no work.py of these exercises" in (
        ran.stderr
    )


def test_scores_on_standard_output_are_nothing_but_scores(command, handed_in, tmp_path):
    handed_in("ada", "", "notes.txt")
    ran = command("course", "grade", "class", "-o", "-", "--only", "pieces")
    assert ran.stdout == "submission,01_pieces,score,max_score,by_hand\nada,0,0,10,\n"
    assert "which mistakes the class has made" in ran.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["class"]


def test_standard_output_takes_one_result_of_a_class(command, handed_in):
    handed_in("ada", "", "notes.txt")
    ran = command("course", "grade", "class", "-o", "-", "--json", "-")
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "standard output takes one result; name files for the others" in ran.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a name is always text")
def test_a_name_that_was_unzipped_badly_is_a_line_like_all_others(handed_in, tmp_path):
    handed_in("ada", "", "notes.txt")
    handed_in("caf\udce9", "", "notes.txt")
    given = ("course", "grade", "class", "-o", "scores.csv", "--only", "pieces")
    assert asyncweb(*given, cwd=tmp_path).returncode == 0
    scores = (tmp_path / "scores.csv").read_text().splitlines()
    assert scores[1:] == ["ada,0,0,10,", "caf\\udce9,0,0,10,"]


def test_the_command_says_what_it_cannot_find(command):
    ran = command("course", "grade", "nowhere", "-o", "scores.csv")
    assert ran.returncode == 2
    assert ran.stderr == (
        "asyncweb course grade: nowhere is no folder; name the one with what was handed in\n"
    )
