"""`load` and `race` in a notebook cell, in a real kernel: one output, whatever happens."""

import nbformat
import pytest
from nbclient import NotebookClient

START = """
from asyncweb import App, AsyncServer, ThreadServer, load, race
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
    frame, result = text.index("over after 0.5 s"), text.index("/s with 2 connections in 50")
    assert frame < result < text.index("95 % band") < text.index("What limited it")


def test_a_load_whose_result_is_kept_shows_it_all_the_same_and_again_where_it_is_asked_for(kernel):
    first = shown(kernel, "kept = load(server, **QUICK)")
    again = shown(kernel, "kept")
    assert "over after" in first and "over after" not in again
    assert first.endswith(again)


def test_a_race_leaves_one_output_with_its_verdict(kernel):
    text = shown(kernel, "race({'async': server, 'more': ThreadServer(app)}, rounds=2, **QUICK)")
    assert text.index("round 2 of 2: over") < text.index("With 2 connections")


def test_a_plot_has_words_for_those_who_do_not_see_it(kernel):
    pytest.importorskip("matplotlib")
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
