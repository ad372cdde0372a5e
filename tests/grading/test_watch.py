"""`asyncweb watch` as a student has it before them: files are saved, keys are pressed."""

import os
import shutil
import signal
import subprocess
import sys
import time
import uuid

import psutil
import pytest

from asyncweb.grading.course import exercises
from asyncweb.grading.student.desk import Desk
from asyncweb.grading.student.progress import Progress
from asyncweb.grading.student.watch import Watch
from tests.grading.conftest import TOY

if sys.platform != "win32":
    from tests.dashboard.pseudo_terminal import PATIENCE_S, PseudoTerminal

IN_A_TERMINAL = pytest.mark.skipif(
    sys.platform == "win32", reason="Windows has no pseudo-terminals"
)
WATCH = """
import os, sys
from pathlib import Path
from asyncweb.cli import main
from asyncweb.grading import course

course.course_folder = lambda: Path(sys.argv[1], "course")
os.chdir(sys.argv[1])
main(["watch"])
"""
HINTS = "## 1\n\nWhich two?\n\n## 2\n\nAn operator.\n\n## 3\n\n```python\nreturn a + b\n```\n"
SOLVED = (TOY / "teacher" / "solution.py").read_text()
NAMES = ("01_add", "02_meet")


@pytest.fixture
def folder(tmp_path):
    """A course of two small exercises, and a student's folder of it."""
    for name in NAMES:
        course = tmp_path / "course" / name
        shutil.copytree(TOY, course, ignore=shutil.ignore_patterns("__pycache__"))
        (course / "hints.md").write_text(HINTS)
        (tmp_path / "exercises" / name).mkdir(parents=True)
        shutil.copyfile(TOY / "work.py", tmp_path / "exercises" / name / "work.py")
    return tmp_path


@pytest.fixture
def save(folder):
    """Saves a work.py as an editor does: a new file in the place of the old one."""

    def write(text, name=NAMES[0], at_s=None):
        new = folder / "new.py"
        new.write_text(text)
        if at_s is not None:
            os.utime(new, (at_s, at_s))
        new.replace(folder / "exercises" / name / "work.py")

    return write


def watching(folder, **settings):
    return PseudoTerminal(WATCH, str(folder), **{"width": 100, **settings})


def graders(mark):
    """The processes that run tests for the watch with this mark."""
    for process in psutil.process_iter():
        try:
            if process.environ().get("MARK") == mark and process.pid != os.getpid():
                yield process
        except psutil.Error:
            continue


def comes_to(mark, count):
    """Waits until so many processes are those of the watch with this mark, itself included."""
    deadline = time.monotonic() + PATIENCE_S
    while len([*graders(mark)]) != count:
        assert time.monotonic() < deadline


@IN_A_TERMINAL
def test_what_is_saved_is_checked_and_the_next_exercise_is_a_key_away(folder, save):
    with watching(folder) as terminal:
        terminal.shows("0 of 2 exercises, 0 of 10 points")
        terminal.shows("Task 1.1 is still to be done")
        save(SOLVED.replace("a + b", "a - b"))
        terminal.shows("1.1  Add: failed")
        terminal.shows(r"Your line: work.py:\d+  def add\(a, b\):")
        save(SOLVED)
        terminal.shows("1 of 2 exercises, 5 of 10 points")
        terminal.shows("All of it is right. Next is 02_meet: n.")
        terminal.press("n")
        terminal.shows("02_meet  A toy  0 of 5 points")
        terminal.press("q")
        code, drawn = terminal.ends()
        assert code == 0 and terminal.is_as_it_was
        assert drawn.endswith("1 of 2 exercises are done; `asyncweb watch` goes on from here\r\n")


@IN_A_TERMINAL
@pytest.mark.slow
def test_a_disk_that_tells_the_time_by_the_second_hides_no_save(folder, save):
    save(SOLVED.replace("a + b", "a - b"), at_s=1)
    with watching(folder) as terminal:
        terminal.shows("1.1  Add: failed")
        save(SOLVED, at_s=1)
        terminal.shows("All of it is right.")


@IN_A_TERMINAL
@pytest.mark.slow
def test_a_watch_that_was_killed_goes_on_where_it_was(folder, save):
    with watching(folder) as terminal:
        terminal.shows("Task 1.1 is still to be done")
        terminal.press("h")
        terminal.shows("Hint 1 of 3: a question")
        terminal.press("h")
        terminal.shows("Hint 2 of 3: an idea")
        terminal.press("n")
        terminal.shows("02_meet  A toy")
        terminal.end_now()
    with watching(folder) as terminal:
        terminal.shows("02_meet  A toy")
        terminal.press("l")
        terminal.shows("01_add  .* 2 of 3 hints")
        terminal.press("p\r")
        terminal.shows("01_add  A toy")
        terminal.press("h")
        terminal.shows("Hint 2 of 3: an idea")


@IN_A_TERMINAL
@pytest.mark.parametrize(
    "how",
    ["ctrl-c", *(pytest.param(how, marks=pytest.mark.slow) for how in ("terminated", "closed"))],
)
def test_the_end_in_the_middle_of_a_check_leaves_nothing_behind(folder, save, how):
    mark = uuid.uuid4().hex
    slow = SOLVED.replace("return a + b", "while True: print(flush=True)")
    toml = folder / "course" / NAMES[0] / "exercise.toml"
    toml.write_text(toml.read_text().replace("seconds = 1", "seconds = 60"))
    save(slow)
    with watching(folder, MARK=mark) as terminal:
        terminal.shows("checking ...")
        comes_to(mark, 2)
        if how == "ctrl-c":
            terminal.interrupt()
        else:
            terminal.tell(signal.SIGTERM if how == "terminated" else signal.SIGHUP)
        code, drawn = terminal.ends()
        assert code == 130 and terminal.is_as_it_was
        assert "\x1b[?1049l" in drawn and "Traceback" not in drawn
    comes_to(mark, 0)


@IN_A_TERMINAL
@pytest.mark.slow
def test_a_hang_is_given_up_when_something_better_is_saved(folder, save):
    toml = folder / "course" / NAMES[0] / "exercise.toml"
    toml.write_text(toml.read_text().replace("seconds = 1", "seconds = 600"))
    mark = uuid.uuid4().hex
    save(SOLVED.replace("return a + b", "while True: pass"))
    with watching(folder, MARK=mark) as terminal:
        terminal.shows("checking ...")
        comes_to(mark, 2)
        save(SOLVED)
        terminal.shows("All of it is right.")


@IN_A_TERMINAL
@pytest.mark.slow
def test_reset_asks_and_keeps_the_file(folder, save):
    save(SOLVED)
    with watching(folder) as terminal:
        terminal.shows("All of it is right.")
        terminal.press("r")
        terminal.shows("Begin 01_add anew")
        terminal.press("x")
        terminal.shows("All of it is right.")
        terminal.press("ry")
        terminal.shows("the stub is there; your file is work_1.py")
        terminal.shows("Task 1.1 is still to be done")
    assert (folder / "exercises" / NAMES[0] / "work_1.py").read_text() == SOLVED


@IN_A_TERMINAL
@pytest.mark.slow
def test_a_file_that_is_gone_is_told_and_waited_for(folder, save):
    with watching(folder) as terminal:
        terminal.shows("Task 1.1 is still to be done")
        (folder / "exercises" / NAMES[0] / "work.py").unlink()
        terminal.shows("there is no work.py of 01_add")
        save(SOLVED)
        terminal.shows("All of it is right.")


def test_who_waits_for_a_file_that_is_not_there_is_not_told_of_a_check(folder):
    (folder / "exercises" / NAMES[1] / "work.py").unlink()
    course = exercises(folder / "course")
    desk = Desk(folder / "exercises", course, Progress(folder / "exercises"))
    screen = NextUntilTrouble()
    with pytest.raises(KeyboardInterrupt):
        Watch(desk, screen).run()
    assert "there is no work.py of 02_meet" in screen.sheet.trouble
    assert not screen.sheet.is_checking


class NextUntilTrouble:
    """A screen at which somebody presses "n" at once, and which ends when it shows a trouble."""

    def listen(self, on_key):
        on_key("n")
        return True

    def show(self, sheet, look):
        self.sheet = sheet
        if sheet.trouble:
            raise KeyboardInterrupt


@IN_A_TERMINAL
@pytest.mark.slow
def test_what_a_small_window_cannot_hold_is_a_key_away(folder):
    with watching(folder, width=60, height=9) as terminal:
        terminal.shows(r"space more \(1 of \d\)")
        terminal.press(" ")
        terminal.shows(r"space more \(2 of \d\)")
        terminal.resize(100, 40)
        terminal.shows("Task 1.1 is still to be done")


@IN_A_TERMINAL
@pytest.mark.slow
def test_what_was_drawn_is_drawn_anew_after_a_break(folder):
    with watching(folder) as terminal:
        terminal.shows("Task 1.1 is still to be done")
        terminal.shows("q quit")
        terminal.tell(signal.SIGCONT)
        terminal.shows("Task 1.1 is still to be done")


@IN_A_TERMINAL
@pytest.mark.slow
def test_a_broken_progress_is_told_and_begun_anew(folder):
    (folder / "exercises" / ".asyncweb-progress.json").write_text("{")
    with watching(folder) as terminal:
        terminal.shows("could not be read")


def lines(folder):
    """Without a terminal, and without anybody who could press a key."""
    return subprocess.Popen(
        [sys.executable, "-c", WATCH, str(folder)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def test_without_a_terminal_there_are_lines_until_all_is_done(folder, save):
    for name in NAMES:
        save(SOLVED, name)
    with lines(folder) as program:
        told = program.stdout.read()
    assert program.returncode == 0
    assert "watching exercises/01_add/work.py" in told.replace(os.sep, "/")
    assert "02_meet: A toy, 5 of 5 points" in told
    assert told.endswith("2 of 2 exercises are done; `asyncweb watch` goes on from here\n")
    assert "\x1b" not in told


@pytest.mark.skipif(sys.platform == "win32", reason="there, Ctrl-C goes to the whole console")
def test_without_a_terminal_ctrl_c_ends_with_130(folder):
    with lines(folder) as program:
        for line in program.stdout:
            if line.startswith("Try this"):
                program.send_signal(signal.SIGINT)
                break
        rest = program.stdout.read()
    assert program.returncode == 130
    assert "Traceback" not in rest
