"""A trial as it is watched: whoever looks knows where it is, how long it takes, what is decided."""

import io
import sys
from dataclasses import dataclass
from types import SimpleNamespace

import pytest
from rich.console import Console

from asyncweb.lab.claims import names, watching
from asyncweb.lab.claims.figures import Figure, Figures
from asyncweb.lab.claims.under_way import COLUMNS, Lines, UnderWay
from tests.lab.claims import made_up_report as made_up


@dataclass(frozen=True)
class Step:
    """One as a trial tells it."""

    done: int
    total: int = 10
    system: str = names.NODE
    measure: str = names.START
    round: int = 0
    figure: Figure | None = None
    failure: str = ""
    said: str = ""


def judge(figures):
    return [(claim, claim.decide(figures)) for claim in made_up.CLAIMS]


@pytest.fixture
def figures():
    return Figures()


@pytest.fixture
def watched(figures):
    return UnderWay([names.NODE, names.APACHE[0]], figures, judge)


def picture(watched):
    console = Console(width=110, record=True, force_terminal=False)
    with console.capture() as captured:
        console.print(watched)
    return captured.get()


def test_before_anything_is_told_all_is_open(watched):
    assert watched.left_s is None
    assert "Apache prefork" in picture(watched)


def test_the_time_left_is_told_from_what_this_run_took_alone(watched):
    watched.hear(Step(done=4), 100.0)  # four looks are from another run
    assert watched.left_s is None
    watched.hear(Step(done=6, figure={}), 120.0)
    assert watched.left_s == 40.0


def test_the_first_looks_say_nothing_of_how_long_all_will_take(watched):
    watched.hear(Step(done=0, total=100), 0.0)
    watched.hear(Step(done=4, total=100, figure={}), 4.0)
    assert watched.left_s is None
    watched.hear(Step(done=5, total=100, figure={}), 5.0)
    assert watched.left_s == 95.0


def test_building_takes_no_time_from_the_measuring(watched):
    watched.hear(Step(done=0, said="building Node.js"), 0.0)
    assert "building Node.js" in picture(watched)
    watched.hear(Step(done=0), 500.0)
    watched.hear(Step(done=5, figure={}), 510.0)
    assert watched.left_s == 10.0


def test_looks_are_counted_for_each_system_and_a_failure_is_marked(watched, figures):
    for connections in (1, 8, 64):
        figures.add(names.HELLO[connections], names.NODE, {"mean_us": 1.0})
    figures.fail(names.MANY, names.APACHE[0], "it refused")
    rows = {line.split("  ")[0].strip(): line for line in picture(watched).splitlines()}
    assert "3" in rows["Node.js"] and "✗" not in rows["Node.js"]
    assert "✗" in rows["Apache prefork"] and "3" not in rows["Apache prefork"]


def test_why_something_failed_is_told_below_the_latest_last(watched):
    for number in range(6):
        failure = f"it died of {number}\nand a long story"
        watched.hear(Step(done=number, system=f"system {number}", failure=failure), 1.0)
    told = picture(watched)
    assert "✗ system 5: start, round 1: it died of 5" in told
    assert "it died of 1" not in told and "long story" not in told


def test_verdicts_are_told_as_they_can_be_and_those_that_cannot_are_not(watched):
    told = picture(watched)
    assert "C1 ✗" in told and "C4 ✓" in told and "C3" not in told


def test_every_measure_of_a_run_has_its_column():
    shown = {measure for measures in COLUMNS.values() for measure in measures}
    assert shown == set(made_up.figures().looks) - {names.DEPENDENCIES}


def test_what_is_not_looked_at_has_no_column(figures):
    told = picture(UnderWay([names.NODE], figures, judge, {names.START, names.HELLO[8]}))
    assert "start" in told and "hello" in told and "soak" not in told


def test_lines_tell_of_what_is_over_and_of_nothing_twice():
    said = []
    lines = Lines(said.append)
    lines.hear(Step(done=0, said="building Node.js"), None)
    lines.hear(Step(done=0), None)
    lines.hear(Step(done=1, figure={"threads": 7}), 300.0)
    lines.hear(Step(done=2, failure="it died\nwith a long story"), 59.0)
    assert said == [
        "building Node.js",
        "[1 of 10 looks, about 5 minutes left] Node.js: start, round 1",
        "[2 of 10 looks, less than a minute left] Node.js: start, round 1: it died",
    ]


def test_in_a_notebook_one_output_below_the_cell_is_drawn_again(watched, monkeypatch):
    shown = []

    class Output:
        def update(self, bundle, raw):
            shown.append(bundle["text/plain"])

    def display(bundle, raw, display_id):
        shown.append(bundle["text/plain"])
        return Output()

    monkeypatch.setattr(watching, "in_notebook", lambda: True)
    monkeypatch.setitem(sys.modules, "IPython.display", SimpleNamespace(display=display))
    with watching.watching(watched, Console()) as tell:
        tell(Step(done=1, figure={}))
    assert len(shown) == 2
    assert "1 of 10 looks" not in shown[0] and "1 of 10 looks" in shown[1]


def test_a_terminal_is_given_back_without_a_trace_of_the_live_table(watched):
    console = Console(file=io.StringIO(), force_terminal=True, width=100)
    with watching.watching(watched, console) as tell:
        tell(Step(done=1, figure={}))
    assert "1 of 10 looks" in console.file.getvalue()
