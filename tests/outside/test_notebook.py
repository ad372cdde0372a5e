"""A dashboard in Jupyter Notebook, in a real browser: live, one output, and right in the file."""

import pytest

from tests.ecosystem.conftest import library
from tests.outside import notebook_page

pytestmark = pytest.mark.slow

START = """
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen
import threading

from asyncweb import App, AsyncServer, Dashboard, ThreadServer

app = App()
app.get("/")(lambda ctx: "Hello World")
fast = AsyncServer(app).start()
slow = ThreadServer(app).start()

def ask(path="/"):
    for server in (fast, slow):
        try:
            urlopen(server.url + path).read()
        except HTTPError:
            pass

def views():
    return sum(thread.name == "asyncweb-dashboard" for thread in threading.enumerate())
"""
SHOW = "dash = Dashboard(fast, slow, title='a lesson')\ndash.show()"
ASK = """
enough = Path("enough")
enough.unlink(missing_ok=True)
print("asking")
while not enough.exists():
    ask()
print("asked")
"""
KINDS = ("async: event loop", "threads: a thread each")
FAIL_37_TIMES = "for _ in range(37): ask('/nowhere')\ndash.stop()"


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    library("playwright")
    with notebook_page.notebook(tmp_path_factory.mktemp("lesson"), START) as opened:
        opened.begin(0)
        opened.ended(0)
        yield opened


def ask_until_changed(page, *views):
    """Lets a cell ask until the frames below `views` have changed twice; its place."""
    asking = page.append(ASK)
    page.begin(asking)
    page.sees(asking, "asking")
    for view in views:
        page.changes(view, times=2)
    assert page.is_running(asking)
    (page.file.parent / "enough").touch()
    page.ended(asking)
    return asking


def test_a_frame_changes_while_the_next_cell_runs_and_the_file_has_the_last_one(page):
    view = page.append(SHOW)
    page.begin(view)
    asking = ask_until_changed(page, view)
    page.run(FAIL_37_TIMES)
    page.sees(view, "4xx 37")
    saved = page.saved().cells
    (output,) = saved[view].outputs
    assert "4xx 37" in output.data["text/plain"]
    assert "4xx 37" in output.data["text/html"]
    assert [output.get("text") for output in saved[asking].outputs] == ["asking\nasked\n"]


def test_a_cell_that_runs_again_has_one_output_and_one_view(page):
    view = page.append(SHOW)
    for _ in range(2):
        page.begin(view)
        page.ended(view)
        ask_until_changed(page, view)
    assert len(page.outputs(view)) == 1
    (said,) = page.run("print(views())\ndash.stop()\nprint(views())")
    assert said["text"] == "1\n0\n"


def test_two_dashboards_live_at_once_each_in_its_cell(page):
    codes = ("one = Dashboard(fast)\none.show()", "other = Dashboard(slow)\nother.show()")
    views = [page.append(code) for code in codes]
    for view in views:
        page.begin(view)
    ask_until_changed(page, *views)
    page.run("one.stop(), other.stop()")
    for view, mine, not_mine in zip(views, KINDS, reversed(KINDS), strict=True):
        (output,) = page.outputs(view)
        assert mine in output["data"]["text/plain"]
        assert not_mine not in output["data"]["text/plain"]


def test_an_interrupt_leaves_the_last_frame_and_a_kernel_that_lives(page):
    view = page.append("with Dashboard(fast, slow):\n    while True: ask('/nowhere')")
    page.begin(view)
    page.changes(view, times=2)
    page.interrupt()
    page.ended(view)
    frame, error = page.outputs(view)
    assert "4xx" in frame["data"]["text/plain"]
    assert error["ename"] == "KeyboardInterrupt"
    assert [output["text"] for output in page.run("print(views())")] == ["0\n"]


def test_drawn_from_the_cell_itself_it_is_live_and_ends_quietly_at_an_interrupt(page):
    view = page.append("Dashboard(fast, slow).run()")
    page.begin(view)
    page.changes(view, times=2)
    page.interrupt()
    page.ended(view)
    assert len(page.outputs(view)) == 1


def test_the_report_is_one_picture_with_words(page):
    (output,) = page.run("with dash: ask()\ndash.mark('over')\ndash.plot()")[1:]
    assert output["data"]["text/html"].startswith('<img alt="')
    assert output["data"]["text/plain"].endswith(": over")
