"""Live views in notebook cells, in a real kernel: one output each, whatever happens."""

import re

import nbformat
import pytest
from nbclient import NotebookClient

from tests.ecosystem.conftest import library

START = """
from asyncweb import App, AsyncServer, Dashboard, ThreadServer, load, race
app = App()
app.get("/")(lambda ctx: "Hello World")
server = AsyncServer(app).start()
QUICK = {"connections": 2, "duration": 0.5}
"""
INTERRUPT = """
import signal
from asyncweb.dashboard import notebook
show = notebook.NotebookScreen.update

def update(self, frame):
    show(self, frame)
    if frame.turn and frame.turn.phase == "measured" and frame.tracks[0].now.requests:
        signal.raise_signal(signal.SIGINT)  # what "interrupt kernel" sends

notebook.NotebookScreen.update = update
"""
ASK_5_TIMES_FOR_NOTHING = """
from urllib.error import HTTPError
from urllib.request import urlopen
for _ in range(5):
    try:
        urlopen(server.url + "/nothing")
    except HTTPError:
        pass
"""
VIEWS = """
import threading
sum(thread.name == "asyncweb-dashboard" for thread in threading.enumerate())
"""
TIMEOUT_S = 60


@pytest.fixture(scope="module")
def kernel():
    client = NotebookClient(nbformat.v4.new_notebook(), timeout=TIMEOUT_S)
    with client.setup_kernel():
        run(client, START)
        yield client
        run(client, "server.stop()")


def run(client, code):
    """The outputs of a cell with `code`, as they are saved."""
    cell = nbformat.v4.new_code_cell(code)
    client.nb.cells.append(cell)
    client.execute_cell(cell, len(client.nb.cells) - 1)
    return cell.outputs


def shown(client, code):
    """The text of the one output of a cell; it has HTML as well."""
    (output,) = run(client, code)
    assert output.output_type == "display_data"
    assert "<pre" in output.data["text/html"]
    return output.data["text/plain"]


@pytest.mark.parametrize(
    "code", ["load(server, **QUICK)", "found = load(server, **QUICK)\nfound"],
    ids=["the last expression", "by its name"],
)  # fmt: skip
def test_a_load_leaves_one_output_with_the_last_frame_and_the_result(kernel, code):
    text = shown(kernel, code)
    frame = text.index("over after 0.5 s")
    result = re.search(r"/s with 2 connections in 5\d\d ms", text).start()
    assert frame < result < text.index("95 % band") < text.index("What limited it")


@pytest.mark.slow
def test_a_load_whose_result_is_kept_shows_it_all_the_same_and_again_where_it_is_asked_for(kernel):
    first = shown(kernel, "kept = load(server, **QUICK)")
    again = shown(kernel, "kept")
    assert "over after" in first and "over after" not in again
    assert first.endswith(again)


@pytest.mark.slow
def test_a_race_leaves_one_output_with_its_verdict(kernel):
    text = shown(kernel, "race({'async': server, 'more': ThreadServer(app)}, rounds=2, **QUICK)")
    assert text.index("round 2 of 2: over") < text.index("With 2 connections")


@pytest.mark.slow  # it needs the extra course
def test_a_plot_has_words_for_those_who_do_not_see_it(kernel):
    library("matplotlib")
    (output,) = run(kernel, "load(server, **QUICK)")
    assert (
        '<img alt="Latency by percentile, and answers in each second.' in output.data["text/html"]
    )


def test_an_interrupted_kernel_shows_what_was_found_until_then(kernel):
    run(kernel, INTERRUPT)
    text = shown(kernel, "load(server, connections=2, duration=600)")
    assert ", interrupted" in text and "95 % band" in text
    (said,) = run(kernel, "notebook.NotebookScreen.update = show\nprint('alive')")
    assert said.text == "alive\n"


def test_a_dashboard_ends_with_the_moment_of_its_stop_in_the_cell_that_showed_it(kernel):
    frames = run(kernel, "dash = Dashboard(server)\ndash.show()")
    said = run(kernel, "print('untouched')")
    run(kernel, ASK_5_TIMES_FOR_NOTHING + "dash.stop()")
    (frame,) = frames
    assert "4xx 5" in frame.data["text/plain"]
    assert "errors 4xx 5" in frame.data["text/html"]  # in words
    assert [output.text for output in said] == ["untouched\n"]


@pytest.mark.parametrize("again", ["dash = Dashboard(server)\ndash.show()", "dash.show()"])
def test_a_cell_that_shows_a_dashboard_again_has_ended_the_one_before(kernel, again):
    run(kernel, "dash = Dashboard(server)")
    for _ in range(2):
        assert len(run(kernel, again)) == 1
    (said,) = run(kernel, VIEWS)
    assert said.data["text/plain"] == "1"
    run(kernel, "dash.stop()")


@pytest.mark.slow
def test_two_dashboards_of_one_cell_both_go_on(kernel):
    frames = run(
        kernel, "one, other = Dashboard(server), Dashboard(server)\none.show(), other.show();"
    )
    assert len(frames) == 2
    (said,) = run(kernel, VIEWS)
    assert said.data["text/plain"] == "2"
    run(kernel, "one.stop(), other.stop();")


@pytest.mark.slow
def test_a_run_draws_from_the_cell_and_leaves_one_output(kernel):
    (frame,) = run(kernel, "Dashboard(server).run(0.5)")
    assert "requests" in frame.data["text/plain"]
    (said,) = run(kernel, VIEWS)
    assert said.data["text/plain"] == "0"
