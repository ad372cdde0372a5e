"""The proof table: what it shows, where it is written, and what makes it fail."""

import json
import os
import shutil

import psutil
import pytest

from asyncweb.errors import ExerciseError
from asyncweb.grading import proving
from asyncweb.grading.course import course_folder, exercises
from asyncweb.grading.parallel import at_once
from asyncweb.grading.proof_table import (
    BEGIN,
    END,
    markdown,
    proofs_dict,
    summary,
    trouble_lines,
    with_table,
)
from asyncweb.grading.prove import Row
from asyncweb.grading.proving import Demands, busy_cores, prove
from asyncweb.grading.skeleton import begin
from tests.commands import command as command

HOLDS = Row("01_pieces", "stub", (), 1)
FAILS = Row("01_pieces", "wrong", ("a.py: 3 of 10 points",), 14)


@pytest.fixture
def quick(monkeypatch):
    """Proofs that hold at once, but those that are named; calling it names them."""
    fails = {}

    def rows(self, only=""):
        yield Row(self.exercise.name, only, tuple(fails.get(only, ())), 1)

    monkeypatch.setattr(proving.Proof, "rows", rows)
    return fails.update


def test_an_exercise_is_a_line_and_a_proof_a_column():
    assert markdown([FAILS, HOLDS]).splitlines() == [
        "| exercise | stub | wrong |",
        "| --- | :-: | :-: |",
        "| 01_pieces | ✓ 1 | ✗ 1 wrong |",
        "",
        "1 of 2 proofs hold, after 15 tries; 1 does not.",
    ]


def test_the_table_takes_the_place_of_the_old_one():
    text = f"before\n{BEGIN}\nold\n{END}\nafter\n"
    assert with_table(text, [HOLDS]) == f"before\n{BEGIN}\n{markdown([HOLDS])}\n{END}\nafter\n"


def test_a_file_without_a_place_for_the_table_is_left_alone():
    with pytest.raises(ExerciseError, match="no place for the table"):
        with_table("nothing here", [HOLDS])


def test_what_contradicts_a_proof_is_told_in_words():
    assert trouble_lines([HOLDS, FAILS]) == ["✗ 01_pieces, wrong: a.py: 3 of 10 points"]
    assert summary([HOLDS]) == "1 of 1 proofs hold, after 1 tries"


def test_json_says_whether_all_holds():
    told = proofs_dict([FAILS, HOLDS])
    assert (told["holds"], [each["proof"] for each in told["proofs"]]) == (False, ["stub", "wrong"])


def test_an_exercise_that_cannot_be_read_is_a_row_that_does_not_hold(tmp_path):
    (row,) = prove([tmp_path], Demands(jobs=1))
    assert not row.holds
    assert "it has no exercise.toml" in row.troubles[0]


def test_an_exercise_that_cannot_be_written_anew_is_a_row_that_does_not_hold(toy, tmp_path):
    shutil.copytree(toy.folder, tmp_path / "toy", ignore=shutil.ignore_patterns("teacher"))
    (row,) = prove([tmp_path / "toy"], Demands(jobs=1, writes=True))
    assert not row.holds
    assert "solution.py" in row.troubles[0]


def test_an_error_of_a_proof_ends_no_other(monkeypatch, toy):
    def rows(self, only=""):
        if only == "hints":
            raise RuntimeError("broken")
        yield Row(self.exercise.name, only, (), 1)

    monkeypatch.setattr(proving.Proof, "rows", rows)
    found = list(prove([toy.folder], Demands(jobs=2)))
    assert len(found) == 8
    assert [row.troubles for row in found if not row.holds] == [
        ("the proof itself failed: RuntimeError('broken')",)
    ]


def test_the_command_exits_with_1_when_a_row_does_not_hold(command, quick):
    assert command("course", "prove").returncode == 0
    quick({"hints": ["hint 1 gives away 'x'"]})
    ran = command("course", "prove", "pieces")
    assert ran.returncode == 1
    assert "✗ 01_pieces, hints: hint 1 gives away 'x'" in ran.stdout


def test_the_command_writes_its_table_and_its_json(command, quick, tmp_path):
    (tmp_path / "README.md").write_text(f"{BEGIN}\n{END}\n")
    ran = command("course", "prove", "1", "--markdown", "README.md", "--json", "-")
    assert json.loads(ran.stdout)["schema"] == "asyncweb/proofs/v1"
    assert "| 01_pieces | ✓ 1 |" in (tmp_path / "README.md").read_text()


def test_what_was_proved_before_ctrl_c_is_told_and_written(command, monkeypatch, tmp_path):
    def interrupted(folders, demands):
        yield HOLDS
        raise KeyboardInterrupt

    monkeypatch.setattr(proving, "prove", interrupted)
    (tmp_path / "README.md").write_text(before := f"{BEGIN}\nwhole\n{END}\n")
    ran = command("course", "prove", "--markdown", "README.md", "--json", "-")
    told = json.loads(ran.stdout)
    assert ran.returncode == 130
    assert (told["interrupted"], told["holds"]) == (True, False)
    assert [each["holds"] for each in told["proofs"]] == [True]
    assert (tmp_path / "README.md").read_text() == before, "a part is no table"


@pytest.mark.slow
def test_what_is_generated_is_written_before_it_is_proved(tmp_path):
    folder = begin("17_topic", tmp_path)
    generated = [folder / "work.py", *folder.glob("teacher/wrong/*.txt")]
    before = [file.read_text() for file in generated]
    for file in generated:
        file.write_text("stale")
    rows = {row.proof: row for row in prove([folder], Demands(seeds=1, writes=True))}
    assert rows["stub"].holds and rows["wrong"].holds
    assert len(before) > 1 and [file.read_text() for file in generated] == before


def test_a_file_without_markers_is_told_before_anything_is_proved(command, quick, tmp_path):
    (tmp_path / "README.md").write_text("nothing")
    ran = command("course", "prove", "--markdown", "README.md")
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "✓" not in ran.stderr


@pytest.mark.parametrize(
    ("flag", "value", "least"), [("--jobs", "0", 1), ("--seeds", "0", 1), ("--runs", "-5", 0)]
)
def test_a_number_by_which_nothing_is_proved_is_a_mistake(command, flag, value, least):
    ran = command("course", "prove", "1", flag, value)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert f"{flag} {value}: expected {least} or more" in ran.stderr


def test_pieces_of_work_come_as_they_are_ready():
    assert sorted(at_once([lambda: 1, lambda: 2, lambda: 3], jobs=2)) == [1, 2, 3]


def test_busy_processes_end_with_what_they_were_busy_for():
    before = {child.pid for child in psutil.Process().children()}
    with busy_cores(1):
        busy = {child.pid for child in psutil.Process().children()} - before
        assert len(busy) == 1
    assert not any(psutil.pid_exists(pid) for pid in busy)


@pytest.mark.slow  # the table is written when exercises are whole, and .ci/run asks for it
def test_the_readme_shows_the_proofs_of_every_exercise():
    _, _, rest = (course_folder() / "README.md").read_text(encoding="utf-8").partition(BEGIN)
    table, _, _ = rest.partition(END)
    shown = [line.split(" | ")[0].removeprefix("| ") for line in table.strip().splitlines()[2:]]
    missing = [exercise.name for exercise in exercises() if exercise.name not in shown]
    assert not missing, "run: asyncweb course prove --busy --runs 20 --markdown"
    assert "✗" not in table


@pytest.mark.slow
def test_a_solution_is_repeated_and_run_beside_busy_processes(toy):
    demands = Demands(seeds=2, runs=2, is_busy=True, jobs=os.cpu_count())
    rows = {row.proof: row for row in prove([toy.folder], demands)}
    assert rows["repeated"] == Row("toy", "repeated", (), 2)
    assert rows["busy"] == Row("toy", "busy", (), 2)
