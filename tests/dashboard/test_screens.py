"""The same frames in a notebook, a terminal, and as lines."""

import io
import sys
from contextlib import closing
from dataclasses import replace
from types import SimpleNamespace

import pytest
from rich.console import Console
from rich.table import Table
from rich.text import Text

from asyncweb.dashboard import notebook
from asyncweb.dashboard.box import Picture
from asyncweb.dashboard.notebook import EVERY_S, NotebookScreen
from asyncweb.dashboard.plain import EVERY_S as LINE_EVERY_S
from asyncweb.dashboard.plain import PlainScreen, line
from asyncweb.dashboard.screen import in_notebook, open_screen
from asyncweb.dashboard.terminal import TerminalScreen
from asyncweb.drawing.picture import WIDTH, bundle
from asyncweb.metrics.snapshot import Frame, Mark, Snapshot, Track


def frame(at_s=1.0, title="GET /", rate=100.0, names=("async",)):
    moment = Snapshot(at_s=at_s, throughput_rps=rate)
    return Frame(title, tuple(Track(name, "async", (moment,)) for name in names))


def console(**settings):
    return Console(file=io.StringIO(), **settings)


def terminal(**settings):
    return console(force_terminal=True, width=80, _environ={"TERM": "xterm"}, **settings)


def lines_of(screen_console):
    return screen_console.file.getvalue().splitlines()


@pytest.mark.parametrize(
    ("is_big", "drawn"), [(False, Picture), (True, Table)], ids=["usual", "big"]
)
def test_a_frame_is_drawn_once(is_big, drawn, monkeypatch):
    times, draw = [], drawn.__rich_console__
    monkeypatch.setattr(drawn, "__rich_console__", lambda *args: times.append(1) or draw(*args))
    with closing(TerminalScreen(terminal(height=40), is_big=is_big)) as screen:
        screen.update(frame())
        assert len(times) == 1


def test_a_window_that_is_too_low_for_the_picture_says_so():
    output = terminal(height=6)
    with closing(TerminalScreen(output)) as screen:
        screen.update(frame())
        assert "80 x 6 is too small" in output.file.getvalue()


def test_a_plain_line_tells_the_figures_of_now():
    now = Snapshot(
        at_s=1.0, throughput_rps=1230.0, latency_s={"p50": 0.0101, "p99": 0.25},
        rss_bytes=33 * 1024 * 1024, threads=12, errors={"reset": 2},
    )  # fmt: skip
    assert line(Track("async", "async", (Snapshot(at_s=0.0), now))) == (
        "   async  1.23k/s  p50 10.1 ms  p99 250 ms  RSS 33.0 MiB  threads 12  errors reset 2"
    )


def test_a_plain_line_of_what_is_unknown_has_dashes():
    dash = "\N{EN DASH}"
    assert line(Track("async", "async")) == (
        f"   async  {dash}  p50 {dash}  p99 {dash}  RSS {dash}  threads {dash}  errors none"
    )


def test_plain_lines_begin_with_the_title_and_tell_it_again_when_it_changes():
    output = console(width=200)
    screen = PlainScreen(output)
    for at_s, title in enumerate(["first", "first", "second"]):
        screen.update(frame(at_s / 10, title))
    assert [text for text in lines_of(output) if "async" not in text] == ["first", "second"]


def test_plain_lines_come_now_and_then_and_of_each_server():
    output = console(width=200)
    screen = PlainScreen(output)
    for at_s in (0.0, LINE_EVERY_S - 0.1, LINE_EVERY_S, LINE_EVERY_S + 0.1):
        screen.update(frame(at_s, names=("one", "other")))
    names = [text.split()[0] for text in lines_of(output)[1:]]
    assert names == ["one", "other", "one", "other"]


def test_a_server_that_is_not_loaded_now_has_no_line():
    output = console(width=200)
    PlainScreen(output).update(frame(rate=None))
    assert lines_of(output) == ["GET /"]


def test_a_mark_is_a_plain_line_and_told_once():
    output = console(width=200)
    screen = PlainScreen(output)
    for _ in range(2):
        screen.update(replace(frame(), marks=(Mark(0.5, "1,000 [more]"),)))
    assert lines_of(output)[:2] == ["GET /", "at 0.5 s: 1,000 [more]"]
    assert output.file.getvalue().count("more") == 1


def test_plain_lines_are_neither_styled_nor_broken():
    output = terminal()
    screen = PlainScreen(output)
    screen.update(frame(title="GET /[bold]" + "x" * 100, names=("n" * 100,)))
    screen.close()
    assert "\x1b" not in output.file.getvalue()
    title, text = lines_of(output)
    assert title == "GET /[bold]" + "x" * 100
    assert text.startswith("n" * 100 + "  100/s")


def test_a_terminal_draws_each_frame_at_once_over_the_one_before():
    output = terminal(height=40)
    screen = TerminalScreen(output)
    screen.update(frame(title="first title"))
    assert "first title" in output.file.getvalue()
    before = output.file.tell()
    screen.update(frame(title="second title"))
    second = output.file.getvalue()[before:]
    screen.close()
    assert "second title" in second
    assert "\x1b[1A" in second


def test_a_terminal_is_given_back_with_its_cursor():
    output = terminal(height=40)
    screen = TerminalScreen(output)
    screen.update(frame())
    assert output.file.getvalue().count("\x1b[?25l") == 1
    assert "\x1b[?25h" not in output.file.getvalue()
    screen.close()
    screen.close()
    assert output.file.getvalue().count("\x1b[?25h") == 1


def test_a_low_terminal_shows_the_last_frame_whole_at_the_end():
    output = terminal(height=6)
    screen = TerminalScreen(output)
    screen.update(frame())
    before = output.file.tell()
    assert "CPU" not in output.file.getvalue()
    screen.close()
    assert "CPU" in output.file.getvalue()[before:]


class Cell:
    """Stands for a notebook's output: notes how it was opened and what it was given."""

    def __init__(self):
        self.opened = []
        self.shown = []

    def display(self, data, **settings):
        self.opened.append((data, settings))
        return self

    def update(self, data, raw):
        assert raw
        self.shown.append(data)

    def titles(self):
        return [data["text/plain"].splitlines()[0].strip() for data in self.shown]


@pytest.fixture
def cell(monkeypatch):
    output = Cell()
    monkeypatch.setattr(notebook, "display", output.display)
    return output


def test_a_notebook_screen_opens_one_output_and_updates_it(cell):
    screen = NotebookScreen(clock=lambda: 0.0)
    screen.update(frame(title="first"))
    ((data, settings),) = cell.opened
    assert settings == {"raw": True, "display_id": True}
    assert set(data) == set(cell.shown[0]) == {"text/html", "text/plain"}
    assert cell.titles() == ["first"]


def test_a_notebook_is_not_given_more_frames_than_it_can_draw(cell):
    now = [0.0]
    screen = NotebookScreen(clock=lambda: now[0])
    for moment in (0.0, EVERY_S / 2, EVERY_S, EVERY_S * 1.5):
        now[0] = moment
        screen.update(frame(title=f"at {moment:.2f}"))
    assert cell.titles() == ["at 0.00", f"at {EVERY_S:.2f}"]


def test_closing_a_notebook_screen_shows_the_frame_that_waits_once(cell):
    screen = NotebookScreen(clock=lambda: 0.0)
    for title in ("first", "second", "last"):
        screen.update(frame(title=title))
    screen.close()
    screen.close()
    assert cell.titles() == ["first", "last"]


def test_a_notebook_screen_closed_before_a_frame_shows_none(cell):
    NotebookScreen(clock=lambda: 0.0).close()
    assert cell.shown == []


def test_a_frame_in_a_notebook_has_words_for_those_who_do_not_see_it(cell):
    NotebookScreen(clock=lambda: 0.0).update(frame(title='GET /"<'))
    assert cell.shown[0]["text/html"].startswith(
        '<pre role="img" aria-label="GET /&quot;&lt;. async 100/s p50'
    )


def test_a_bundle_is_the_picture_as_html_and_as_text(capsys):
    data = bundle(Text("a < b", style="#3b8fd6"))
    assert set(data) == {"text/html", "text/plain"}
    assert data["text/plain"] == "a < b\n"
    assert data["text/html"].startswith("<pre")
    assert "a &lt; b" in data["text/html"]
    assert "#3b8fd6" in data["text/html"]
    assert capsys.readouterr() == ("", "")


def test_a_bundle_is_as_wide_as_frames_are_drawn():
    assert bundle(Text("x" * (WIDTH + 1)))["text/plain"] == "x" * WIDTH + "\nx\n"


def test_a_terminal_gets_a_live_view_and_a_pipe_gets_lines():
    live = open_screen(terminal())
    live.close()
    assert isinstance(live, TerminalScreen)
    assert isinstance(open_screen(console()), PlainScreen)


def test_a_terminal_that_cannot_move_its_cursor_gets_lines():
    dumb = Console(file=io.StringIO(), force_terminal=True, _environ={"TERM": "dumb"})
    assert isinstance(open_screen(dumb), PlainScreen)


def test_a_notebook_gets_its_screen_whatever_the_console_is(cell, monkeypatch):
    kernel_shell = SimpleNamespace(kernel=object())
    module = SimpleNamespace(get_ipython=lambda: kernel_shell)
    monkeypatch.setitem(sys.modules, "IPython", module)
    assert isinstance(open_screen(terminal()), NotebookScreen)
    assert len(cell.opened) == 1


@pytest.mark.parametrize("shell", [None, SimpleNamespace()], ids=["no shell", "in a terminal"])
def test_ipython_without_a_kernel_is_no_notebook(monkeypatch, shell):
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))
    assert not in_notebook()


def test_without_ipython_there_is_no_notebook(monkeypatch):
    monkeypatch.delitem(sys.modules, "IPython", raising=False)
    assert not in_notebook()
