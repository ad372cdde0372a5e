"""Each notebook, run in a real kernel as a student would: whole, on both loops, and again in part.

The two runs follow each other in one kernel, the second one on the event loop of the standard
library; then each cell that starts a server runs twice more, all by itself.
"""

import re
from dataclasses import dataclass, field

import pytest

from asyncweb.lab import question_file
from asyncweb.lab.questions import Claim
from tests.notebooks.conftest import PLAIN
from tests.notebooks.kernel import SERVERS, kernel

ON_THE_STANDARD_LOOP = "import os; os.environ['ASYNCWEB_LOOP'] = 'asyncio'"
WRONG = "from asyncweb.lab.lesson import check; check('00.k2', 10)"


@dataclass
class Run:
    """What a notebook did in its kernel."""

    lesson: object
    seconds: list[float] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    left: list[set[str]] = field(default_factory=list)
    servers: list[tuple[str, str]] = field(default_factory=list)  # of a cell, run once and again
    trouble: str = ""
    views: list[dict[str, str]] = field(default_factory=list)  # of PLAIN only


@pytest.fixture(scope="module")
def run(request, tmp_path_factory):
    lesson = request.param
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ASYNCWEB_QUICK", "1")
        with kernel(lesson, tmp_path_factory.mktemp("class")) as opened:
            return _run(Run(lesson), opened)


def _run(run, opened):
    for before in ("", ON_THE_STANDARD_LOOP):
        opened.ask(before)
        run.seconds.append(opened.run_all())
        run.said.append(opened.said())
        if run.lesson.number == PLAIN:
            run.views.append(view_of(opened.cells))
        run.left.append(opened.left())
    for cell in opened.server_cells():
        urls = []
        for _ in range(2):
            opened.run(cell)
            urls.append(opened.ask(SERVERS))
        run.servers.append(tuple(urls))
    opened.run(opened.cells[-1])
    run.left.append(opened.left())
    run.trouble = opened.trouble(WRONG)
    return run


def view_of(cells):
    """The live view of the first race, as it would be saved."""
    race = next(cell for cell in cells if "= race(" in cell.source)
    (view,) = [out["data"] for out in race.outputs if out["output_type"] == "display_data"]
    return view


def test_a_notebook_leaves_nothing_on_either_loop_nor_after_a_cell_run_again(run):
    assert run.left == [set(), set(), set()]


def test_a_server_cell_run_again_leaves_the_same_servers_at_the_same_addresses(run):
    for first, again in run.servers:
        assert first == again


def test_a_notebook_shows_each_of_its_claims_on_either_loop(run):
    asked = question_file.read(question_file.FOLDER / f"{run.lesson.number}.toml")
    for claim in (name for name, what in asked.items() if isinstance(what, Claim)):
        assert all(f"{claim} holds here" in said for said in run.said), claim


def test_a_notebook_takes_little_of_the_time_that_a_student_has(run):
    assert max(run.seconds) < run.lesson.minutes * 60 / 2


def test_a_wrong_answer_is_met_with_a_message_and_no_traceback(run):
    assert "You probably divided by 100 ms" in run.trouble
    assert "line" not in run.trouble


def test_the_saved_file_shows_the_last_frame_of_the_live_view(run):
    for view in run.views:
        assert "p99" in view["text/html"]
        assert re.search(r"requests +[1-9][\d.]*k?/s", view["text/plain"])
        assert re.search(r"p99 +[\d.]+ (ms|µs|s)", view["text/plain"])
