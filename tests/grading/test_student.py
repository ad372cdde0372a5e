"""What a student keeps: their files, their progress, the hints they have had, what a label says."""

import json
import shutil

import pytest

from asyncweb.errors import ExerciseError
from asyncweb.grading.course import course_folder, exercises, grade
from asyncweb.grading.exercise import Exercise
from asyncweb.grading.process import GivenUp
from asyncweb.grading.runner import How
from asyncweb.grading.score import score
from asyncweb.grading.student.desk import copy_exercises, find_desk
from asyncweb.grading.student.hinting import next_level
from asyncweb.grading.student.misconceptions import explained, misconceptions
from asyncweb.grading.student.progress import FILE, Progress
from asyncweb.lab.notebooks import notebook_folder
from tests.commands import command as command
from tests.grading.conftest import TOY

FIRST = "01_pieces"


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A student's folder with all exercises."""
    monkeypatch.chdir(tmp_path)
    list(copy_exercises(tmp_path / "exercises"))
    return tmp_path / "exercises"


@pytest.fixture
def toys(tmp_path, monkeypatch):
    """A course of two small exercises, and a folder with a solution of the first."""
    for name in ("01_add", "02_meet"):
        shutil.copytree(TOY, tmp_path / "course" / name)
    (tmp_path / "exercises" / "01_add").mkdir(parents=True)
    shutil.copyfile(TOY / "teacher" / "solution.py", tmp_path / "exercises" / "01_add" / "work.py")
    monkeypatch.setattr("asyncweb.grading.course.course_folder", lambda: tmp_path / "course")
    return tmp_path


def solution():
    return (course_folder() / FIRST / "teacher" / "solution.py").read_text()


def test_exercises_are_copied_without_what_is_the_teachers(here):
    files = {str(file.relative_to(here)) for file in here.rglob("*") if file.is_file()}
    assert f"{FIRST}/work.py" in files and "pytest.ini" in files
    assert not [file for file in files if "teacher" in file or "WRITING" in file]
    assert "For teachers" not in (here / "README.md").read_text()


def test_exercises_are_never_copied_over_what_a_student_has_written(command, here):
    (here / FIRST / "work.py").write_text("mine")
    ran = command("exercises")
    assert ran.stdout.startswith("copied 0 files to exercises, kept ")
    assert (here / FIRST / "work.py").read_text() == "mine"


def test_what_a_reset_has_set_aside_is_given_to_nobody(toys):
    (toys / "course" / "01_add" / "work_1.py").write_text("a solution")
    (toys / "course" / "01_add" / "work.py").write_text("a solution too")
    copied = dict(copy_exercises(toys / "class"))
    assert toys / "class" / "01_add" / "work_1.py" not in copied
    work = (toys / "class" / "01_add" / "work.py").read_text()
    assert "NotImplementedError" in work and "a solution" not in work


def test_exercises_into_a_file_are_a_mistake(command, tmp_path):
    (tmp_path / "taken").write_text("")
    ran = command("exercises", "taken")
    assert ran.returncode == 2
    assert "cannot copy the exercises to taken: it is a file; name a folder" in ran.stderr


@pytest.mark.parametrize("name", ["watch", "check", "hint", "list", "grade"])
def test_who_has_no_exercises_is_told_how_to_get_them(command, name):
    ran = command(name)
    assert ran.returncode == 2
    assert ran.stderr.endswith("run: asyncweb exercises\n")


def test_a_teachers_own_exercise_is_checked_by_the_tests_it_brings(command, here):
    own = here / "19_toy"
    shutil.copytree(TOY, own, ignore=shutil.ignore_patterns("teacher"))
    shutil.copyfile(TOY / "teacher" / "solution.py", own / "work.py")
    assert find_desk().course[-1].name == "19_toy"
    ran = command("check", "toy")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "19_toy: " in command("goto", "19").stdout


def test_a_teachers_own_exercise_is_in_no_grade_that_a_student_makes(tmp_path):
    shutil.copytree(TOY, tmp_path / "19_toy")
    with pytest.raises(ExerciseError, match="holds no exercise"):
        list(grade(tmp_path))


@pytest.mark.parametrize("inside", [".", "..", FIRST])
def test_the_exercises_are_found_from_wherever_one_is_in_them(here, monkeypatch, inside):
    monkeypatch.chdir(here / inside)
    assert find_desk().folder.resolve() == here


def test_a_class_may_get_its_exercises_week_by_week(here):
    for exercise in exercises()[1:]:
        shutil.rmtree(here / exercise.name)
    desk = find_desk()
    assert [each.name for each in desk.course] == [FIRST]


def test_an_exercise_that_is_not_there_is_not_gone_to(command, toys):
    ran = command("goto", "2")
    assert ran.returncode == 2 and "there is no work.py of 02_meet" in ran.stderr
    assert find_desk().current().name == "01_add"


def test_reset_gives_the_stub_back_and_loses_nothing(command, here):
    work = here / FIRST / "work.py"
    stub = work.read_text()
    for text in ("first try", "second try"):
        work.write_text(text)
        assert command("reset", "1").returncode == 0
    assert work.read_text() == stub
    assert [work.with_name(f"work_{n}.py").read_text() for n in (1, 2)] == [
        "first try",
        "second try",
    ]


def test_reset_keeps_no_copy_of_the_stub(command, here):
    command("reset", "1")
    assert not (here / FIRST / "work_1.py").exists()


def test_a_check_is_remembered(command, here):
    (here / FIRST / "work.py").write_text(solution())
    ran = command("check")
    assert ran.returncode == 0
    assert ran.stdout.endswith(f"\nNext: asyncweb check {exercises()[1].name}\n")
    told = json.loads((here / FILE).read_text())
    assert told["schema"] == "asyncweb/progress/v1"
    assert told["exercises"][FIRST] == {"earned": 10, "has_passed": True, "hints": 0}
    assert f"✓ {FIRST}" in command("list").stdout


def test_what_check_and_list_have_found_is_json_and_nothing_else(command, here):
    ran = command("check", "1", "--json", "-")
    told = json.loads(ran.stdout)
    assert (told["schema"], told["outcome"]) == ("asyncweb/grade/v1", "not_attempted")
    assert "1.1  Read until the head is whole" in ran.stderr
    assert f"Stuck? asyncweb hint {FIRST}. What it is about: asyncweb explain stub" in ran.stderr
    told = json.loads(command("list", "--json", "-").stdout)
    assert told["schema"] == "asyncweb/standings/v1" and told["current"] == FIRST
    assert told["exercises"][0]["max_score"] == 10 and not told["exercises"][0]["has_passed"]


def test_goto_makes_an_exercise_the_current_one(command, here):
    name = exercises()[-1].name
    command("goto", name)
    assert find_desk().current().name == name
    assert f"> · {name}" in command("list").stdout


def test_hints_come_one_after_the_other_and_can_be_read_again(command, here):
    levels = [command("hint", FIRST).stdout.splitlines()[2] for _ in range(4)]
    assert [level[:11] for level in levels] == [
        "Hint 1 of 3", "Hint 2 of 3", "Hint 3 of 3", "Hint 3 of 3",
    ]  # fmt: skip
    assert "Hint 1 of 3: a question" in command("hint", FIRST, "--level", "1").stdout
    assert Progress(here).of(FIRST).hints == 3


@pytest.mark.parametrize(("wanted", "said"), [(3, "comes later; next is 1"), (4, "no hint 4")])
def test_no_hint_comes_before_its_turn(wanted, said):
    with pytest.raises(ExerciseError, match=said):
        next_level(0, wanted)


def test_hints_survive_that_one_begins_anew(here):
    progress = Progress(here)
    progress.hinted(FIRST, 2)
    progress.restarted(FIRST)
    assert Progress(here).of(FIRST).hints == 2


BROKEN = ["", "{", "[]", "null", '{"schema": 1}', "\x00" * 99, "[" * 9999]
BROKEN += ['{"schema": "asyncweb/progress/v1", "current": "", "exercises": {"a": {"points": 1}}}']


@pytest.mark.parametrize("text", BROKEN)
def test_a_progress_that_cannot_be_read_is_told_set_aside_and_begun_anew(tmp_path, text):
    (tmp_path / FILE).write_text(text)
    progress = Progress(tmp_path)
    assert "could not be read" in progress.trouble and "begun anew" in progress.trouble
    assert (tmp_path / ".asyncweb-progress.broken.json").read_text() == text
    progress.go_to(FIRST)
    again = Progress(tmp_path)
    assert (again.current, again.trouble) == (FIRST, "")


def test_two_commands_may_share_one_progress(tmp_path):
    one, other = Progress(tmp_path), Progress(tmp_path)
    one.hinted(FIRST, 1)
    other.go_to(FIRST)
    assert Progress(tmp_path).of(FIRST).hints == 1


def test_a_folder_that_cannot_be_written_to_stops_nobody(tmp_path):
    progress = Progress(tmp_path / "missing")
    progress.go_to(FIRST)
    assert progress.current == FIRST
    assert "your progress is not kept" in progress.trouble


def test_nothing_but_the_progress_is_left_in_the_folder(tmp_path):
    Progress(tmp_path).go_to(FIRST)
    assert [file.name for file in tmp_path.iterdir()] == [FILE]


def test_there_are_32_misconceptions_in_words():
    assert [*misconceptions()] == [f"M{number:02}" for number in range(1, 33)]
    for each in misconceptions().values():
        assert (notebook_folder() / f"{each.notebook}.ipynb").is_file()
        assert each.think.endswith(".") and each.happens.endswith(".")


def test_every_misconception_is_shown_by_an_exercise():
    shown = {label for exercise in exercises() for label in exercise.labels}
    assert set(misconceptions()) <= shown


def test_explain_says_what_shows_a_misconception(command):
    told = command("explain", "m14").stdout
    assert "What one thinks: One read gives one request." in told
    assert "the notebook 01_a_server_by_hand" in told
    assert "M14 in 01_pieces" in told and "{" not in told


def test_every_label_can_be_explained(command):
    course = exercises()
    for exercise in course:
        for label in exercise.labels:
            assert [*explained(label, course)]
    assert "M32  It has passed once, so it is right." in command("explain").stdout


def test_explain_of_what_is_no_label_says_what_is_near(command):
    ran = command("explain", "M99")
    assert ran.returncode == 2
    assert "'M99' is no label; did you mean M" in ran.stderr


def test_a_check_that_nobody_waits_for_is_given_up(hand_in):
    with pytest.raises(GivenUp):
        hand_in("while True: pass\n", how=How(is_given_up=lambda: True))


def test_grade_writes_every_report_that_is_wanted(command, toys):
    files = {name: toys / name for name in ("json", "gradescope", "junit", "csv")}
    wanted = [part for name, file in files.items() for part in (f"--{name}", str(file))]
    ran = command("grade", *wanted)
    assert ran.returncode == 0
    assert ran.stderr == "01_add: 5 of 5 points\n02_meet: 0 of 5 points\n"
    assert json.loads(files["json"].read_text())["score"] == 5
    assert all(file.read_text() for file in files.values())


def test_grade_that_is_interrupted_shows_what_there_is_and_writes_no_report(
    command, toys, monkeypatch
):
    def interrupted(folder):
        yield score(Exercise.read(toys / "course" / "01_add"), [])
        raise KeyboardInterrupt

    monkeypatch.setattr("asyncweb.grading.course.grade", interrupted)
    ran = command("grade", "--csv", "-")
    assert ran.returncode == 130 and ran.stdout == ""
    assert "01_add" in ran.stderr and "interrupted; no report is written" in ran.stderr


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (["--json", "-", "--csv", "-"], "standard output takes one result"),
        (["--csv", "missing/a.csv"], "--csv: cannot write missing/a.csv"),
        (["--classroom50", "r.json"], "needs CLASSROOM"),
    ],
)
def test_a_report_that_cannot_be_written_is_told_before_anything_is_graded(
    command, here, monkeypatch, wanted, said
):
    monkeypatch.delenv("CLASSROOM", raising=False)
    ran = command("grade", *wanted)
    assert ran.returncode == 2 and said in ran.stderr
    assert FIRST not in ran.stderr
