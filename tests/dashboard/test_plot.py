"""The report at the end: one time axis, a line for each server, marks, and words for all of it."""

import sys

import pytest

from asyncweb.dashboard.plot import plot
from asyncweb.errors import LessonError, LoadError
from asyncweb.metrics.snapshot import Frame, Mark, Snapshot, Track
from tests.ecosystem.conftest import library

MIB = 1024 * 1024


def moment(at_s, requests, p99_s, rss_mib, threads, lag_s=None):
    return Snapshot(
        at_s=at_s, requests=requests, latency_s={"p99": p99_s}, rss_bytes=rss_mib * MIB,
        threads=threads, loop_lag_s=lag_s,
    )  # fmt: skip


FAST = Track(
    "async", "async",
    (moment(1.0, 0, 0.010, 20, 1, 0.001), moment(2.0, 900, 0.012, 21, 1, 0.004),
     moment(4.0, 2900, 0.011, 21, 1, 0.002)),
)  # fmt: skip
SLOW = Track(
    "threads",
    "threads",
    (moment(1.0, 0, 0.010, 22, 9), moment(2.0, 500, 0.2, 30, 209), moment(4.0, 900, 0.1, 31, 209)),
)
FRAME = Frame("a lesson", (FAST, SLOW), marks=(Mark(1.5, "here we add 200 clients"),))


@pytest.fixture
def axes():
    library("matplotlib")
    return plot(FRAME).figure.axes


def labels(axes):
    return [one.get_ylabel().replace("\n", " ") for one in axes]


def lines(axes):
    """The lines of servers in each diagram: name, moments and values."""
    return [
        [
            (line.get_label(), list(line.get_xdata()), list(line.get_ydata()))
            for line in one.lines
            if not line.get_label().startswith("_")
        ]
        for one in axes
    ]


@pytest.mark.slow  # it needs the extra course
def test_there_is_a_diagram_for_each_figure_and_they_share_the_time(axes):
    assert labels(axes) == [
        "p99 in ms", "requests per second", "memory in MiB", "threads", "loop lag in ms",
    ]  # fmt: skip
    assert len({one.get_xlim() for one in axes}) == 1
    assert axes[-1].get_xlabel() == "time in s"


@pytest.mark.slow  # it needs the extra course
def test_each_server_has_a_line_with_its_own_values(axes):
    latency, rate, memory, threads, lag = lines(axes)
    assert latency == [
        ("async", [1, 2, 4], [10, 12, 11]),
        ("threads", [1, 2, 4], [10, 200, 100]),
    ]
    assert rate == [("async", [2, 4], [900, 1000]), ("threads", [2, 4], [500, 200])]
    assert [values for _, _, values in memory] == [[20, 21, 21], [22, 30, 31]]
    assert [values for _, _, values in threads] == [[1, 1, 1], [9, 209, 209]]
    assert lag == [("async", [1, 2, 4], [1, 4, 2]), ("threads", [], [])]


@pytest.mark.slow  # it needs the extra course
def test_lines_differ_in_colour_and_in_kind_even_for_two_servers_of_one_kind():
    library("matplotlib")
    other = Track("other", "async", SLOW.snapshots)
    drawn = plot(Frame("", (FAST, other))).figure.axes[0].lines
    assert len({line.get_color() for line in drawn}) == 2
    assert len({line.get_linestyle() for line in drawn}) == 2


@pytest.mark.slow  # it needs the extra course
def test_a_mark_goes_through_all_diagrams_and_is_named_once(axes):
    for one in axes:
        assert [1.5, 1.5] in [list(line.get_xdata()) for line in one.lines]
    named = [text.get_text().strip() for one in axes for text in one.texts]
    assert named == ["here we add 200 clients"]


@pytest.mark.slow  # it needs the extra course
def test_all_that_is_drawn_is_told_in_words():
    library("matplotlib")
    assert plot(FRAME).says == (
        "5 figures over 4.00 s. "
        "p99: async 11.0 ms in the end, at most 12.0 ms; "
        "threads 100 ms in the end, at most 200 ms. "
        "requests: async 1.00k/s in the end, at most 1.00k/s; "
        "threads 200/s in the end, at most 500/s. "
        "memory: async 21.0 MiB in the end, at most 21.0 MiB; "
        "threads 31.0 MiB in the end, at most 31.0 MiB. "
        "threads: async 1 in the end, at most 1; threads 209 in the end, at most 209. "
        "loop lag: async 2.00 ms in the end, at most 4.00 ms. "
        "at 1.50 s: here we add 200 clients"
    )


@pytest.mark.slow  # it needs the extra course
def test_a_notebook_gets_a_picture_with_its_words():
    library("matplotlib")
    shown = plot(Frame("", (FAST,), marks=(Mark(1.0, '"<'),)))._repr_mimebundle_()
    assert shown["text/html"].startswith('<img alt="5 figures over 4.00 s. p99: async')
    assert "&quot;&lt;" in shown["text/html"]
    assert shown["text/plain"].startswith("5 figures over 4.00 s")


@pytest.mark.slow  # it needs the extra course
def test_what_nobody_measured_has_no_diagram():
    library("matplotlib")
    here = Track("here", "async", (Snapshot(at_s=1.0), Snapshot(at_s=2.0, requests=5)))
    assert labels(plot(Frame("", (here, Track("late", "async")))).figure.axes) == [
        "requests per second"
    ]


def test_before_anything_was_seen_there_is_nothing_to_draw():
    with pytest.raises(LessonError, match=r"show\(\) the dashboard"):
        plot(Frame("", (Track("async", "async"),)))


def test_without_matplotlib_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(LoadError, match="pip install matplotlib"):
        plot(FRAME)
