"""Each notebook, run in a real kernel as a student would: whole, on both loops, and again in part.

All that is asked of one notebook is asked in one kernel, so that it runs in it more than once.
"""

import json
import re

import pytest

from asyncweb.lab import question_file
from asyncweb.lab.cores.machine import cores
from asyncweb.lab.questions import Claim
from tests.notebooks.conftest import COURSE
from tests.notebooks.kernel import SERVERS, kernel

LOOPS = (  # what ASYNCWEB_LOOP says: uvloop where there is one, or never
    pytest.param("", id="a loop"),
    pytest.param("asyncio", id="asyncio's", marks=pytest.mark.slow),
)
P50 = "import json; print(json.dumps([one.latency_s['p50'] for _, one in longer.items()]))"
WRONG = "from asyncweb.lab.lesson import check; check('00.k2', 10)"


@pytest.fixture(scope="module")
def opened(request, tmp_path_factory):
    """A kernel for a notebook; it is opened once, and no cell has run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ASYNCWEB_QUICK", "1")
        with kernel(request.param, tmp_path_factory.mktemp("class")) as made:
            yield made


@pytest.fixture
def ran(opened):
    """The kernel after the notebook has run in it, as it has already unless a test is alone."""
    if not opened.runs:
        opened.run_all()
    return opened


def claims_of(lesson):
    asked = question_file.read(question_file.FOLDER / f"{lesson.number}.toml")
    return [what for what in asked.values() if isinstance(what, Claim)]


@pytest.mark.parametrize("loop", LOOPS)
def test_a_notebook_comes_to_its_end_shows_its_claims_and_leaves_nothing(opened, loop):
    opened.ask(f"import os; os.environ['ASYNCWEB_LOOP'] = {loop!r}")
    seconds = opened.run_all()
    for claim in claims_of(opened.lesson):
        known = "holds" if claim.cores <= cores() else "cannot be shown"
        assert f"{claim.name} {known} here" in opened.said(), claim
    assert opened.left() == set()
    assert seconds < opened.lesson.minutes * 60 / 2


def test_a_server_cell_run_again_leaves_the_same_servers_at_the_same_addresses(ran):
    for cell in ran.server_cells():
        ran.run(cell)
        first = ran.ask(SERVERS)
        ran.run(cell)
        assert ran.ask(SERVERS) == first
    ran.run(ran.cells[-1])
    assert ran.left() == set()


def test_a_wrong_answer_is_met_with_a_message_and_no_traceback(opened):
    said = opened.trouble(WRONG)
    assert "You probably divided by 100 ms" in " ".join(said.split())
    assert "File" not in said


@pytest.mark.parametrize(
    "opened",
    [pytest.param(COURSE[0], id="00"), pytest.param(COURSE[2], id="02", marks=pytest.mark.slow)],
    indirect=True,
    scope="module",
)
def test_the_task_of_a_longer_wait_measures_the_handler_that_was_changed(ran):
    ran.ask(ran.cell("async def user(").source.replace("0.010", "0.100"))
    ran.ask(f"longer = {ran.cell('# race(').source.removeprefix('# ')}")
    assert min(json.loads(ran.ask(P50))) > 0.050


@pytest.mark.slow
@pytest.mark.parametrize("opened", COURSE[1:2], indirect=True, ids=["01"], scope="module")
def test_a_browser_that_keeps_its_connection_holds_up_no_cell_before_the_lesson_on_it(ran):
    first_asked = ran.cell("/by/hand")
    ran.run(first_asked)
    ran.ask("browser = socket.create_connection(blocking.address)")
    ran.run(first_asked)
    ran.ask("browser.close()")
    ran.run(ran.cells[-1])
    assert ran.left() == set()


AGAIN = {  # cells in another order: one that measures, run again, and then others below it
    "07": ["def when_readable(", 'reveal("07.q3"', "greet(ours_ada)"],
    "09": ['reveal("09.q2"', 'shows("09.c1"', "lost_visits = {}", 'shows("09.c6"'],
    "10": ['reveal("10.q4"', 'shows("10.c3"', 'reveal("10.q5"', 'shows("10.c4"', 'shows("10.c1"'],
}
COURSE_AGAIN = [lesson for lesson in COURSE if lesson.number in AGAIN]


@pytest.mark.slow
@pytest.mark.parametrize("opened", COURSE_AGAIN, indirect=True, ids=AGAIN, scope="module")
def test_a_cell_that_measures_again_spoils_none_of_those_below_it(ran):
    for cell in (*ran.server_cells(), *map(ran.cell, AGAIN[ran.lesson.number])):
        ran.run(cell)
    ran.run(ran.cells[-1])
    assert ran.left() == set()


@pytest.mark.parametrize("opened", COURSE[:1], indirect=True, ids=["00"], scope="module")
def test_the_saved_file_shows_the_last_frame_of_the_live_view(ran):
    race = ran.cell("report = race(")
    (view,) = [out["data"] for out in race.outputs if out["output_type"] == "display_data"]
    assert "p99" in view["text/html"]
    assert re.search(r"requests +[1-9][\d.]*k?/s", view["text/plain"])
    assert re.search(r"p99 +[\d.]+ (ms|µs|s)", view["text/plain"])
