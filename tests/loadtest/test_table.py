"""How a result shows itself: as a table, in a notebook, and as a plot."""

import io
import sys
from itertools import pairwise

import pytest
from rich.console import Console

from asyncweb.errors import LoadError
from asyncweb.loadtest.plot import as_html, plot, plot_rounds
from asyncweb.loadtest.rounds import Rounds
from asyncweb.loadtest.second import before_zero
from asyncweb.metrics.histogram import Histogram
from tests.ecosystem.conftest import library
from tests.loadtest.results import closed, open_loop, seconds


def shown(result, width=100):
    console = Console(width=width, record=True, file=io.StringIO())
    console.print(result)
    return console.export_text()


def test_a_closed_loop_shows_one_latency_with_its_band_and_what_lies_beyond():
    text = shown(closed(seconds=seconds(500, 1000)))
    assert "http://here/: 1.00k/s with 10 connections in 2.00 s" in text
    assert "▄█ 500/s to 1.00k/s each second" in text
    assert "10.0 ms to 10.0 ms" in text
    assert "from send" not in text
    assert "What limited it: the server: all 10 connections were waiting for it." in text


def test_an_open_loop_shows_both_latencies_where_they_differ():
    text = shown(open_loop(latency_s=0.5, dropped=12, errors={"timeout": 3}, interrupted=True))
    assert "from due" in text and "from send" in text
    assert "500 ms" in text and "10.0 ms" in text
    assert "schedule  1000 requests/s" in text
    assert "dropped   12" in text
    assert "errors    timeout 3" in text
    assert ", interrupted" in text


def test_what_was_waited_for_at_the_end_is_shown_when_something_was():
    assert "awaited   1,234, unanswered when the load was over" in shown(closed(unanswered=1234))
    assert "awaited" not in shown(closed())


def test_an_open_loop_shows_one_latency_where_both_are_the_same():
    assert "from send" not in shown(open_loop())
    assert "from send" not in shown(open_loop(service=Histogram()))


def test_a_percentile_of_few_samples_and_a_bound_that_is_none_are_marked():
    text = shown(closed(requests=150))
    assert "1, few" in text
    assert "10.0 ms to ?" in text


def test_a_warm_up_is_marked_as_cut_off():
    before = before_zero(seconds(100, 200))
    text = shown(
        closed(seconds=seconds(400, 800), warm_up_s=2.0, warm_up_requests=300, warm_up=before)
    )
    assert "warm-up   2.00 s, its 300 answers are cut off" in text
    assert "▁▂│▄█ 400/s to 800/s each second; before │ the warm-up" in text
    assert "│" not in shown(closed(seconds=seconds(400, 800)))


def test_all_answers_are_drawn_as_bars_with_their_axis():
    lines = shown(closed(latency=Histogram([0.001] * 90 + [1.0] * 10))).splitlines()
    bars, axis = next((above, line) for above, line in pairwise(lines) if "10ms" in line)
    assert bars.index("█") < len(axis.rstrip()) / 2 < bars.rindex("▃")


@pytest.mark.parametrize("width", [60, 80, 120])
def test_a_result_fits_its_screen(width):
    result = open_loop(latency_s=0.5, warm_up_s=2.0, seconds=seconds(*range(100, 200)))
    lines = shown(result, width).splitlines()
    assert max(map(len, lines)) <= width
    assert any(line.split()[:1] == ["p99.99"] for line in lines)


def test_connections_tell_how_long_they_took_to_be_made():
    assert "connect   10.1 ms, at most 30.0 ms" in shown(
        closed(connects=Histogram([0.01, 0.01, 0.03]))
    )


def test_a_run_without_an_answer_shows_its_errors_and_no_table():
    text = shown(closed(0, errors={"reset": 3}))
    assert "errors    reset 3" in text
    assert "beyond" not in text


def test_a_notebook_gets_text_and_html():
    bundle = closed()._repr_mimebundle_(include=None, exclude=None)
    assert bundle.keys() == {"text/html", "text/plain"}
    assert "10 connections" in bundle["text/html"]


@pytest.mark.slow  # it needs the extra course
@pytest.mark.parametrize("result", [closed(seconds=seconds(4, 5)), open_loop(), closed(0)])
def test_a_plot_shows_latency_by_percentile_and_throughput_over_time(result):
    library("matplotlib")
    by_percentile, over_time = result.plot().figure.axes
    labels = [line.get_label() for line in by_percentile.lines]
    assert by_percentile.collections[0].get_label() == "95 % band"
    due_and_sent = ["from when it was due", "from its send"]
    assert labels == (due_and_sent if result.is_open else ["latency"])
    assert by_percentile.get_xscale() == "log"
    requests, errors = over_time.lines
    assert list(requests.get_ydata()) == [second.requests for second in result.seconds]
    assert list(errors.get_xdata()) == [second.at_s for second in result.seconds]


@pytest.mark.slow  # it needs the extra course
def test_a_plot_marks_the_warm_up():
    library("matplotlib")
    before = before_zero(seconds(1, 2))
    result = closed(seconds=seconds(4, 5), warm_up_s=2.0, warm_up=before)
    _, over_time = result.plot().figure.axes
    assert list(over_time.lines[0].get_xdata()) == [-2, -1, 0, 1]
    assert [patch.get_label() for patch in over_time.patches] == ["warm-up, not counted"]


@pytest.mark.slow  # it needs the extra course
def test_a_plot_of_rounds_has_a_curve_for_each_target_and_a_point_for_each_round():
    library("matplotlib")
    rounds = Rounds([closed(100), closed(200)])
    by_percentile, by_round = plot_rounds({"a": rounds, "b": rounds}).figure.axes
    assert [line.get_label() for line in by_percentile.lines] == ["a", "b"]
    assert [list(line.get_ydata()) for line in by_round.lines] == [[50.0, 100.0]] * 2


@pytest.mark.slow  # it needs the extra course
def test_a_plot_is_transparent_so_that_any_theme_shows_through():
    library("matplotlib")
    figure = closed().plot().figure
    assert figure.get_facecolor()[-1] == 0.0
    assert all(axes.get_facecolor()[-1] == 0.0 for axes in figure.axes)


@pytest.mark.slow  # it needs the extra course
def test_the_deepest_point_of_a_curve_is_the_longest_answer():
    library("matplotlib")
    latency = Histogram([0.010] * 99 + [0.5])
    (curve,) = closed(latency=latency).plot().figure.axes[0].lines
    assert list(zip(curve.get_xdata(), curve.get_ydata(), strict=True))[-1] == (100.0, 500.0)


@pytest.mark.slow  # it needs the extra course
def test_a_notebook_gets_a_picture_and_no_figure_stays_behind():
    library("matplotlib")
    before = sys.modules.get("matplotlib.pyplot")
    assert closed().plot().png().startswith(b"\x89PNG")
    assert sys.modules.get("matplotlib.pyplot") is before


def test_without_matplotlib_the_error_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(LoadError, match=r"pip install matplotlib, or"):
        plot(closed())
    assert as_html(closed().plot) == ""
    assert "<pre" in closed()._repr_mimebundle_()["text/html"]
