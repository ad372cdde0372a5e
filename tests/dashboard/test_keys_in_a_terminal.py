"""The live view in a real terminal, or one that the program takes for real: keys and sizes."""

import re
import signal
import subprocess
import sys
import termios

import pytest

from tests.dashboard.pseudo_terminal import PseudoTerminal

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")

# Frame after frame, each with its number as title, until somebody ends it.
VIEW = """
import itertools, sys, threading
from rich.console import Console
from asyncweb.dashboard.history import History
from asyncweb.dashboard.screen import KeyedScreen, open_screen
from asyncweb.metrics.snapshot import Snapshot

history = History()
for name in ("async", "threads"):
    history.follow(name, name)
screen = open_screen(Console(stderr=True), is_big="big" in sys.argv)
if isinstance(screen, KeyedScreen):
    screen.listen(history.mark)
try:
    for number in itertools.count():
        if "fail" in sys.argv and number == 9:
            raise RuntimeError("something else is wrong")
        for name in ("async", "threads"):
            history.add(name, Snapshot(number / 10, throughput_rps=float(number + 100)))
        history.title = f"frame {number};"
        screen.update(history.frame())
        threading.Event().wait(0.01)
        if "few" in sys.argv and number == 9:
            break
except KeyboardInterrupt:
    sys.exit(130)
finally:
    if "careless" not in sys.argv:
        screen.close()
    print("marks:", [mark.label for mark in history.frame().marks])
    print("last:", history.title)
"""
SHOW_CURSOR = "\x1b[?25h"
HELP = "space pause .* q quit"


def view(*arguments, **settings):
    return PseudoTerminal(VIEW, *arguments, **settings)


def test_the_last_line_says_what_the_keys_do():
    with view() as terminal:
        terminal.shows(r"frame \d+;")
        terminal.shows(HELP)


@pytest.mark.slow
def test_space_holds_the_picture_while_records_flow_and_space_shows_now_again():
    with view() as terminal:
        terminal.shows(r"frame 3;")
        terminal.press(" ")
        held = terminal.shows(r"frame (\d+);[^;]*PAUSED")[1]
        for _ in range(20):
            assert terminal.shows(r"frame (\d+);")[1] == held
        terminal.press(" ")
        while (now := terminal.shows(r"frame (\d+);")[1]) == held:
            pass
        assert int(now) > int(held) + 10


@pytest.mark.slow
def test_plus_zooms_the_time_axis_in_and_minus_out():
    with view() as terminal:
        terminal.shows(HELP)
        terminal.press("+")
        terminal.shows("the last 60 s")
        terminal.press("+")
        terminal.shows("30s ago[^;]*the last 30 s")
        terminal.press("-")
        terminal.shows("the last 60 s")


@pytest.mark.slow
def test_tab_shows_one_topic_after_the_other_and_then_all_again():
    with view() as terminal:
        terminal.shows("requests[^;]*p99[^;]*CPU[^;]*space pause")
        terminal.press("\t")
        terminal.shows("p99[^;]*panels: latency, heat, histogram")
        terminal.press("\t\t")
        terminal.shows("threads[^;]*panels: memory, threads, heap")
        terminal.press("\t\t")
        terminal.shows("requests[^;]*p99[^;]*CPU[^;]*space pause")


@pytest.mark.slow
def test_c_freezes_a_moment_and_c_again_compares_it_with_another():
    with view() as terminal:
        terminal.shows(r"frame 3;")
        terminal.press("c")
        first = terminal.shows(r"c compares (\d+\.\d) s with another moment")[1]
        terminal.shows(r"frame 30;")
        terminal.press("c")
        told = terminal.shows(r"(\d+\.\d) s +(\d+\.\d) s +change")
        assert told[1] == first and float(told[2]) >= 3.0
        terminal.press("c")
        terminal.shows(r"╭─ async: event loop")


@pytest.mark.slow
def test_m_asks_for_a_label_and_marks_the_moment_with_it():
    with view() as terminal:
        terminal.shows(HELP)
        terminal.press("m")
        terminal.shows("mark: _")
        terminal.press("quick\x7fker: 1,000 cliënts")  # q is a letter here
        terminal.shows("mark: quicker: 1,000 cliënts_")
        terminal.press("\r")
        terminal.shows("marked: quicker: 1,000 cliënts")
        terminal.press("q")
        terminal.shows(r"marks: \['quicker: 1,000 cliënts'\]")


@pytest.mark.slow
def test_s_saves_what_is_seen_as_svg_and_as_html(tmp_path):
    code = f"import os; os.chdir({str(tmp_path)!r})\n{VIEW}"
    with PseudoTerminal(code) as terminal:
        terminal.shows(HELP)
        terminal.press(" ")
        held = terminal.shows(r"(frame \d+;)[^;]*PAUSED")[1]
        terminal.press("ss")
        terminal.shows("saved asyncweb-2.svg and asyncweb-2.html")
    assert {file.name for file in tmp_path.iterdir()} == {
        f"asyncweb-{number}.{ending}" for number in (1, 2) for ending in ("svg", "html")
    }
    for file in tmp_path.iterdir():
        text = re.sub("&#160;|\N{NO-BREAK SPACE}", " ", file.read_text(encoding="utf-8"))
        assert held in text
        assert "@font-face" not in text and "space pause" not in text


@pytest.mark.slow
def test_a_picture_that_cannot_be_saved_is_told_and_the_view_goes_on(tmp_path):
    gone = tmp_path / "gone"
    gone.mkdir()
    code = f"import os; os.chdir({str(gone)!r}); os.rmdir({str(gone)!r})\n{VIEW}"
    with PseudoTerminal(code) as terminal:
        terminal.shows(HELP)
        terminal.press("s")
        terminal.shows("not saved: .*No such file")
        terminal.shows(r"frame \d+;")


@pytest.mark.slow
def test_b_and_big_show_figures_as_high_as_five_lines():
    with view() as terminal:
        terminal.shows(HELP)
        terminal.press("b")
        terminal.shows("requests +p99[^;]*██████  ██████")
    with view("big") as terminal:
        terminal.shows("requests +p99[^;]*██████  ██████")


def test_q_ends_it_as_ctrl_c_does_and_the_terminal_is_as_it_was():
    with view() as terminal:
        terminal.shows(HELP)
        assert not terminal.is_as_it_was
        terminal.press("q")
        code, drawn = terminal.ends()
        assert code == 130
        assert SHOW_CURSOR in drawn
        assert terminal.is_as_it_was


def test_ctrl_c_leaves_the_last_frame_the_cursor_and_the_modes():
    with view() as terminal:
        terminal.shows(HELP)
        terminal.interrupt()
        code, drawn = terminal.ends()
        end = drawn[drawn.rindex(SHOW_CURSOR) :]
        last = re.search(r"last: (frame \d+;)", end)[1]
        assert code == 130
        assert last in drawn[: drawn.rindex(SHOW_CURSOR)]
        assert terminal.is_as_it_was


@pytest.mark.slow
@pytest.mark.parametrize("how", [["fail"], ["fail", "careless"], ["few"], ["few", "careless"]])
def test_an_exception_and_the_end_give_the_terminal_back_even_from_who_does_not_close(how):
    with view(*how) as terminal:
        code, drawn = terminal.ends()
        assert code == (1 if "fail" in how else 0)
        assert SHOW_CURSOR in drawn
        assert "marks: []" in drawn
        assert terminal.is_as_it_was


def test_a_window_that_changes_its_size_is_drawn_anew_at_that_size():
    with view() as terminal:
        terminal.shows(r"╭─ async: event loop ─{18}╮╭")
        terminal.resize(120, 40)
        terminal.shows(r"╭─ async: event loop ─{38}╮╭")
        terminal.resize(60, 30)
        terminal.shows(r"╭─ async: event loop ─{38}╮\s+│")


@pytest.mark.slow
def test_a_window_that_is_too_small_says_so_until_it_is_larger():
    with view(width=30, height=8) as terminal:
        terminal.shows("30 x 8 is too small")
        terminal.resize(80, 6)
        terminal.shows("80 x 6 is too small")
        terminal.resize(80, 24)
        terminal.shows(HELP)
        terminal.resize(3, 2)
        terminal.shows(r"3 x\s+2")


@pytest.mark.slow
def test_no_color_is_kept_in_the_terminal():
    with view(NO_COLOR="1") as terminal:
        terminal.shows(HELP)
        terminal.press("q")
        _, drawn = terminal.ends()
    assert not re.search(r"\x1b\[(?:[\d;]*;)?(?:[34]\d|[34]8;)[\d;]*m", drawn)
    with view() as terminal:
        terminal.shows(HELP)
        terminal.press("q")
        _, drawn = terminal.ends()
    assert re.search(r"\x1b\[(?:[\d;]*;)?38;[\d;]*m", drawn)


def test_nothing_is_read_when_standard_input_is_no_terminal():
    with view(stdin=subprocess.DEVNULL) as terminal:
        terminal.shows(r"frame 5;[^;]*frame 6;")
        assert terminal.is_as_it_was
        terminal.press("q")
        terminal.shows(r"frame 20;")
        assert "pause" not in terminal.end_now()


@pytest.mark.slow
def test_without_a_terminal_there_are_plain_lines():
    ended = subprocess.run(
        [sys.executable, "-c", VIEW, "few"], capture_output=True, text=True, check=True
    )
    assert "\x1b" not in ended.stderr + ended.stdout
    assert "pause" not in ended.stderr
    assert re.search(r"^ +async  100/s", ended.stderr, re.MULTILINE)


@pytest.mark.slow
def test_at_a_prompt_of_python_the_keys_stay_with_the_prompt():
    with PseudoTerminal(f"import sys; sys.ps1 = '>>> '\n{VIEW}") as terminal:
        terminal.shows(r"frame 5;")
        assert terminal.is_as_it_was


@pytest.mark.slow
def test_the_shell_gets_its_modes_and_the_view_takes_them_again():
    with view() as terminal:
        terminal.shows(HELP)
        terminal.set_modes(terminal.modes)  # what a shell does between Ctrl-Z and `fg`
        terminal.comes_to(lambda modes: not modes[3] & termios.ICANON)
        terminal.press(" ")
        terminal.shows("PAUSED")


BOARD = """
from asyncweb import App, AsyncServer, Dashboard
import threading

with AsyncServer(App(), name="fast") as server:
    with Dashboard(server, title="a board"):
        threading.Event().wait()
    print("after the block")
"""


def test_q_leaves_the_block_of_a_dashboard_in_a_script():
    with PseudoTerminal(BOARD) as terminal:
        terminal.shows("a board")
        terminal.shows(HELP)
        terminal.press("q")
        terminal.shows("after the block")
        assert terminal.ends()[0] == 0
        assert terminal.is_as_it_was


@pytest.mark.slow
def test_ctrl_c_in_a_dashboard_of_a_script_ends_the_script():
    with PseudoTerminal(BOARD) as terminal:
        terminal.shows(HELP)
        terminal.interrupt()
        code, drawn = terminal.ends()
        assert code != 0 and "KeyboardInterrupt" in drawn and "after the block" not in drawn
        assert terminal.is_as_it_was


def command(*words, **settings):
    return PseudoTerminal("import sys; from asyncweb.cli import main; main(sys.argv[1:])",
                          *words, **settings)  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("how", ["q", "Ctrl-C", "SIGTERM"])
def test_a_demo_that_is_ended_tells_what_it_found_and_gives_the_terminal_back(how):
    with command("demo", "--connections", "5", "--duration", "60", "--big") as terminal:
        terminal.shows(r"starting[^;]*space pause")
        terminal.shows(r"5 clients, [^;]*██████")
        terminal.shows(r"round 1 of 2: load on threads")
        if how == "SIGTERM":
            terminal.tell(signal.SIGTERM)
        else:
            terminal.press({"q": "q", "Ctrl-C": "\x03"}[how])
        code, drawn = terminal.ends()
        assert code == 130
        assert "With 5 connections" in drawn[drawn.rindex(SHOW_CURSOR) :]
        assert terminal.is_as_it_was


@pytest.mark.slow
def test_a_mistake_that_is_found_after_the_view_has_opened_gives_the_cursor_back():
    with command("load", "http://127.0.0.1:1/") as terminal:
        code, drawn = terminal.ends()
        assert code == 2 and "nobody listens" in drawn
        assert drawn.rindex(SHOW_CURSOR) > drawn.rindex("\x1b[?25l")
        assert terminal.is_as_it_was
