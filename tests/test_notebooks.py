"""Each notebook, run in a real kernel as a student would: whole, twice, and cell by cell."""

import copy
import json
import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))
LEFT = "from asyncweb.servers import registry; print([s.url for s in registry.running()])"
TIMEOUT_S = 60


@pytest.fixture(scope="module", params=NOTEBOOKS, ids=lambda path: path.stem[:2])
def notebook(request):
    return nbformat.read(request.param, as_version=4)


@pytest.fixture(scope="module")
def kernel(notebook):
    """A kernel in which the notebook has run once."""
    client = NotebookClient(copy.deepcopy(notebook), timeout=TIMEOUT_S)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ASYNCWEB_QUICK", "1")
        with client.setup_kernel():
            run_all(client)
            yield client


def run_all(client):
    for index, cell in enumerate(client.nb.cells):
        client.execute_cell(cell, index)


def asked(client, code):
    """What the kernel prints when it runs `code`."""
    cell = nbformat.v4.new_code_cell(code)
    client.nb.cells.append(cell)
    try:
        client.execute_cell(cell, len(client.nb.cells) - 1)
    finally:
        client.nb.cells.pop()
    return "".join(output.get("text", "") for output in cell.outputs).strip()


def server_cells(notebook):
    return [cell for cell in notebook.cells if "Server(app)" in cell.source]


def test_there_are_notebooks():
    assert NOTEBOOKS


def test_a_notebook_is_committed_without_outputs(notebook):
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert code and not any(cell.outputs or cell.execution_count for cell in code)


def test_a_notebook_tells_first_what_it_is_about_and_last_what_counts(notebook):
    front, *_ = (cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    for word in ("Questions", "You will be able to", "Time", "Before this"):
        assert word in front
    assert any("Key points" in cell.source for cell in notebook.cells)


def test_a_notebook_runs_twice_in_one_kernel_and_leaves_no_server(kernel):
    assert asked(kernel, LEFT) == "[]"
    run_all(kernel)
    assert asked(kernel, LEFT) == "[]"


def test_a_server_cell_run_again_leaves_the_same_servers_at_the_same_addresses(kernel):
    for cell in server_cells(kernel.nb):
        place = kernel.nb.cells.index(cell)
        kernel.execute_cell(cell, place)
        first = asked(kernel, LEFT)
        kernel.execute_cell(cell, place)
        assert asked(kernel, LEFT) == first
        assert first.count("http://") == 2
    asked(kernel, "registry.stop_all()")


@pytest.mark.slow
def test_the_saved_file_shows_the_last_frame_of_the_live_view(kernel):
    saved = json.loads(nbformat.writes(kernel.nb))
    race = next(cell for cell in saved["cells"] if "= race(" in "".join(cell["source"]))
    views = [output for output in race["outputs"] if output["output_type"] == "display_data"]
    assert len(views) == 1
    html, text = ("".join(views[0]["data"][kind]) for kind in ("text/html", "text/plain"))
    assert "p99" in html
    assert re.search(r"requests +[1-9][\d.]*k?/s", text)
    assert re.search(r"p99 +[\d.]+ (ms|µs|s)", text)
