"""One time axis for all: a moment has one place, and nothing is drawn where nothing is known."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asyncweb.dashboard.heat import heat_lines, used_bands
from asyncweb.dashboard.looking import Looking
from asyncweb.dashboard.timeline import HOLDS_S, SPANS_S, Timeline
from asyncweb.metrics.histogram import Histogram
from asyncweb.metrics.recent import RECENT_S, Recent, bands
from asyncweb.metrics.snapshot import Frame, Mark, Snapshot, Track


def at(*moments):
    return [Snapshot(at_s) for at_s in moments]


def frame(*moments, **more):
    return Frame("", (Track("one", "async", tuple(at(*moments))),), **more)


@given(st.lists(st.floats(0, 4000)).map(sorted), st.integers(1, 200))
def test_the_latest_moment_is_in_the_last_column_and_none_is_lost(moments, width):
    timeline = Timeline.of(frame(*moments), width)
    cells = timeline.cells(at(*moments))
    assert len(cells) == width
    assert {moment.at_s for moment in cells[-1]} >= set(moments[-1:])
    column_s = timeline.span_s / width
    for moment in moments:
        if moment > timeline.now_s - timeline.span_s + column_s:
            assert any(moment == one.at_s for cell in cells for one in cell)


@pytest.mark.parametrize(("age_s", "span_s"), [(0, 10), (10, 10), (11, 30), (3599, 3600)])
def test_the_axis_is_as_long_as_what_is_known_in_round_figures(age_s, span_s):
    assert span_s in SPANS_S
    assert Timeline.of(frame(5.0, 5.0 + age_s), 40).span_s == span_s


def test_a_gap_in_what_was_seen_is_a_gap_in_the_picture():
    cells = Timeline(10.0, 10, 10).cells(at(2.0, 3.0, 7.0, 8.0))
    assert "".join("x" if cell else " " for cell in cells) == " xx   xx  "
    assert HOLDS_S == 1.0


def test_two_servers_have_the_same_moment_in_the_same_column():
    early, late = Track("a", "async", tuple(at(1.0))), Track("b", "async", tuple(at(1.0, 28.0)))
    timeline = Timeline.of(Frame("", (early, late)), 30)
    places = [[bool(cell) for cell in timeline.cells(t.snapshots)] for t in (early, late)]
    assert places[0].index(True) == places[1].index(True)


def test_a_mark_that_has_left_the_axis_is_not_drawn():
    marked = frame(0.0, 100.0, marks=(Mark(-30.0, "long ago"), Mark(100.0, "now")))
    assert Timeline.of(marked, 60).marked(marked).strip() == "2"


def heat_of(*latencies, lines=6):
    tracks = tuple(
        Track("one", "async", (Snapshot(at_s=1.0, heat=bands(Histogram(part))),))
        for part in latencies
    )
    timeline = Timeline.of(Frame("", tracks), 1)
    used = used_bands(tracks)
    return [
        [
            "".join(part.plain for part in line)
            for line in heat_lines(timeline.cells(t.snapshots), used, lines, 10, "")
        ]
        for t in tracks
    ]


def test_the_slow_are_drawn_above_the_fast_and_darker_where_there_are_more():
    (lines,) = heat_of([0.0009] * 97 + [0.9] * 3)
    assert lines[0].startswith("to 1.00 s")
    assert (lines[0][-1], lines[-1][-1]) == ("░", "█")


def test_the_maps_of_two_servers_have_the_same_bands():
    one, other = heat_of([0.001], [0.9])
    assert [line[:10] for line in one] == [line[:10] for line in other]


@pytest.mark.parametrize("lines", [1, 2, 4, 20])
def test_a_map_has_at_most_so_many_lines_and_no_answer_is_lost(lines):
    (drawn,) = heat_of([0.00001, 0.001, 0.1, 10.0, 1000.0], lines=lines)
    assert len(drawn) <= lines
    assert any(line[-1] != " " for line in drawn)


def test_without_answers_there_is_no_map():
    assert heat_of([]) == [[]]


@given(st.lists(st.lists(st.floats(1e-5, 100), max_size=20), max_size=20))
def test_what_is_new_in_each_look_adds_up_to_everything(parts):
    recent, so_far, seen = Recent(Histogram()), Histogram(), 0
    for at_s, part in enumerate(parts):
        so_far = so_far + Histogram(part)
        now, lately = recent.look(float(at_s), so_far)
        seen += now.count
        assert now.count <= lately.count
    assert seen == so_far.count


def test_lately_is_the_last_seconds():
    recent, so_far = Recent(Histogram()), Histogram()
    for at_s in range(20):
        so_far = so_far + Histogram([0.1])
        _, lately = recent.look(float(at_s), so_far)
    assert lately.count == RECENT_S


def test_a_histogram_that_begins_anew_is_all_new():
    recent = Recent(Histogram())
    recent.look(0.0, Histogram([0.1] * 9))
    now, lately = recent.look(1.0, Histogram([0.5]))
    assert (now.count, lately.count) == (1, 1)


def test_looks_that_come_in_time_miss_nothing():
    looking = Looking(0.25)
    for number in range(1, 50):
        watch = looking.looked(number * 0.26, cpu_s=number * 0.013)
    assert (watch.looks, watch.missed) == (49, 0)
    assert watch.cpu_percent == pytest.approx(5.0)
