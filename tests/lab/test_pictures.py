"""The pictures of the notebooks on latency and queues: what is drawn is what was found."""

import pytest

from asyncweb.lab.climb import Climb, Step
from asyncweb.lab.latency_pictures import plot_bands, plot_shape, plot_stall
from asyncweb.lab.omission import planning_client, waiting_client
from asyncweb.lab.queue_pictures import plot_crowds, plot_inside, plot_knee
from asyncweb.lab.simulation.loads import ClosedLoop, OpenLoop
from asyncweb.lab.simulation.model import Memory, Model
from asyncweb.lab.simulation.run import simulate
from asyncweb.lab.trouble import Pause
from asyncweb.loadtest.result import Result
from asyncweb.metrics.histogram import Histogram
from tests.ecosystem.conftest import library

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def drawing():
    library("matplotlib")


PNG = b"\x89PNG"
LATENCY = Histogram([0.010] * 95 + [0.500] * 5)
SERVER = Model("server", 0.001, memory=Memory(2**20, 2**10))
STALL = Pause(0.5, 2.0)


def labels(plot):
    return [text.get_text() for axes in plot.figure.axes for text in axes.get_legend().get_texts()]


def line(plot, label):
    (found,) = [one for one in plot.figure.axes[0].get_lines() if one.get_label() == label]
    return list(found.get_xdata()), list(found.get_ydata())


def test_the_shape_marks_the_mean_and_the_percentiles():
    plot = plot_shape(LATENCY)
    assert labels(plot) == ["p50", "mean", "p99"]
    assert line(plot, "mean")[0] == pytest.approx([34.5, 34.5])
    assert plot.png().startswith(PNG)


def test_a_picture_says_in_words_what_it_shows():
    shown = plot_shape(LATENCY)._repr_mimebundle_()
    assert "100 in all: p50 10.1 ms, mean 34.5 ms, p99 498 ms" in shown["text/plain"]
    assert f'alt="{shown["text/plain"]}"' in shown["text/html"]


def test_the_bands_stand_beside_the_value_of_all():
    plot = plot_bands(LATENCY, [20, 50, 200])
    assert labels(plot) == ["95 of 100 measurements", "of all 100"]
    assert line(plot, "of all 100")[1] == pytest.approx([500, 500], rel=0.01)


def test_a_stall_is_drawn_for_both_clients():
    plot = plot_stall(waiting_client(STALL, 0.010), planning_client(STALL, 0.010, 50))
    titles = [axes.get_title() for axes in plot.figure.axes]
    assert titles[1] == "asks when it is time: 100 requests"
    assert len(titles) == 2


def test_the_knee_has_measured_points_on_simulated_lines():
    simulated = [simulate(SERVER, OpenLoop(rate), requests=200) for rate in (900, 300)]
    step = Step(300.0, Result("/", 1, 1.0, 1, 0, Histogram([0.004]), schedule="300 requests/s"))
    plot = plot_knee(Climb((step,)), simulated, capacity_rps=1000)
    rates, _ = line(plot, "mean, simulated")
    assert rates == sorted(rates)
    assert line(plot, "mean, measured") == ([300.0], [pytest.approx(4.0)])


def test_the_queue_is_drawn_over_the_time_that_counts():
    plot = plot_inside({"half": simulate(SERVER, OpenLoop(500), requests=200)})
    times, counts = line(plot, "half")
    assert min(times) >= 0
    assert max(counts) >= 1


def test_crowds_have_their_latency_and_their_memory():
    records = [simulate(SERVER, ClosedLoop(users, 1.0), requests=100) for users in (10, 100)]
    plot = plot_crowds(records, memory_bytes=2**30)
    assert line(plot, "server")[0] == [10, 100]
    assert labels(plot) == ["server", "server", "what there is"]
