"""The picture of a frame: pure, never too wide, and silent about what is not known."""

import io
from dataclasses import replace

import pytest
from rich.console import Console

from asyncweb.dashboard.view import COLOURS, LEAST_PANEL, OTHER_COLOURS, colour, render
from asyncweb.metrics.histogram import Histogram, summary
from asyncweb.metrics.snapshot import Frame, Mark, Snapshot, Track

MIB = 1024 * 1024
WIDTHS = pytest.mark.parametrize("width", [80, 100, 140])
UNKNOWN = Snapshot(at_s=1.0)


def known(number=1):
    latency = Histogram([0.010] * 90 + [0.050] * 9 + [0.250])
    return Snapshot(
        at_s=float(number), requests=100 * number, throughput_rps=1230.0 * number,
        latency=latency, latency_s={"p50": 0.0101, "p90": 0.0202, "p99": 0.0503, "max": 0.250},
        errors={"timeout": 12, "reset": 2}, connections=250, in_flight=240, rss_bytes=66 * MIB,
        uss_bytes=44 * MIB, bytes_per_connection=2765.0, threads=251, cpu_percent=87.4,
        loop_lag_s=0.00345,
    )  # fmt: skip


def two(snapshot=None):
    moments = (snapshot,) if snapshot else tuple(known(number) for number in (1, 2, 3))
    return Track("fast", "async", moments), Track("slow", "threads", moments)


def drawn(frame, width=100, screen=400):
    """The lines of a picture; on a wide `screen` whatever is too wide is seen."""
    console = Console(file=io.StringIO(), width=screen)
    console.print(render(frame, width))
    return [line.rstrip() for line in console.file.getvalue().splitlines()]


def figure(lines, label):
    """What stands beside `label` in a picture of one server."""
    line = next(line for line in lines if line.startswith(f"│ {label} "))
    return line.strip("│").split(label, 1)[1].strip()


@WIDTHS
def test_no_line_is_wider_than_asked(width):
    assert max(len(line) for line in drawn(Frame("title", two(), note="note"), width)) == width


@WIDTHS
def test_a_long_title_and_a_long_note_take_one_line_each(width):
    lines = drawn(Frame("t" * 300, two(), note="n" * 300), width, screen=width)
    assert (lines[0], lines[-1]) == ("t" * (width - 1) + "…", "n" * (width - 1) + "…")
    assert len(lines) == len(drawn(Frame("t", two(), note="n"), width))


def test_what_others_wrote_neither_breaks_the_picture_nor_steers_the_terminal():
    hostile = "tea\nmilk\t\x1b]0;owned\x07\x9b2J"
    moment = replace(known(), failures=(hostile,), routes={hostile: 0.1})
    track = Track(hostile, "async", (moment,))
    frame = Frame(hostile, (track,), note=hostile, marks=(Mark(1.0, hostile),))
    lines = drawn(frame)
    assert len(lines) == len(render(frame, 100).lines)
    assert {len(line) for line in lines if line[0] in "╭│╰"} == {100}
    assert not [letter for line in lines for letter in line if not letter.isprintable()]


@WIDTHS
def test_long_names_and_many_kinds_of_errors_stay_within_their_panel(width):
    moment = Snapshot(at_s=1.0, errors={f"kind{number}": number for number in range(1, 99)})
    tracks = (Track("name" * 50, "async", (moment,)), Track("other", "threads", (moment,)))
    assert max(len(line) for line in drawn(Frame("", tracks), width)) <= width


@WIDTHS
def test_the_same_frame_gives_the_same_picture(width):
    assert drawn(Frame("title", two()), width) == drawn(Frame("title", two()), width)


def test_rendering_leaves_the_frame_as_it_was():
    frame = Frame("title", two())
    drawn(frame)
    assert frame == Frame("title", two())


def test_title_and_note_are_written_around_the_panels():
    lines = drawn(Frame("GET /[users]", two(), note="round 1 of 3"))
    assert lines[0] == "GET /[users]"
    assert lines[-1] == "round 1 of 3"


def test_a_panel_says_whose_it_is_and_how_it_serves():
    lines = drawn(Frame("", two()))
    assert "fast: event loop" in lines[1]
    assert "slow: a thread each" in lines[1]


@pytest.mark.parametrize(
    ("label", "value"),
    [
        ("requests", "1.23k/s"), ("p50", "10.1 ms"), ("p90", "20.2 ms"), ("p99", "50.3 ms"),
        ("max", "250 ms"), ("in flight", "240/250"), ("errors", "14"), ("RSS", "66.0 MiB"),
        ("USS", "44.0 MiB"), ("per conn.", "2.70 KiB"), ("threads", "251"),
        ("loop lag", "3.45 ms"), ("CPU", "87 %"),
    ],
)  # fmt: skip
def test_each_figure_stands_beside_its_name(label, value):
    lines = drawn(Frame("", (Track("one", "async", (known(),)),)))
    assert figure(lines, label).startswith(value)


def test_errors_are_told_by_kind():
    lines = drawn(Frame("", (Track("one", "async", (known(),)),)))
    assert figure(lines, "errors").endswith("timeout 12, reset 2")


def test_figures_are_those_of_the_latest_moment():
    lines = drawn(Frame("", (Track("one", "async", (known(1), known(2))),)))
    assert figure(lines, "requests").startswith("2.46k/s")


@pytest.mark.parametrize("snapshots", [(), (UNKNOWN,)], ids=["before the first", "unknown"])
def test_what_is_unknown_is_a_dash_and_not_zero(snapshots):
    lines = drawn(Frame("", (Track("one", "threads", snapshots),)))
    labels = ("requests", "p50", "p90", "p99", "max", "RSS", "USS", "per conn.", "threads")
    for label in (*labels, "loop lag", "CPU"):
        assert figure(lines, label) == "–"  # noqa: RUF001
    assert figure(lines, "in flight") == "–/–"  # noqa: RUF001


def test_zero_is_zero_and_not_a_dash():
    moment = Snapshot(at_s=1.0, throughput_rps=0.0, threads=0, cpu_percent=0.0, in_flight=0)
    lines = drawn(Frame("", (Track("one", "async", (moment,)),)))
    starts = {"requests": "0.00/s", "threads": "0", "CPU": "0 %", "errors": "0"}
    assert all(figure(lines, label).startswith(start) for label, start in starts.items())


def test_panels_stand_side_by_side_where_there_is_room_and_stack_where_not():
    side_by_side = drawn(Frame("", two()), 2 * LEAST_PANEL)
    stacked = drawn(Frame("", two()), 2 * LEAST_PANEL - 1)
    assert [line.count("╭") for line in side_by_side if "╭" in line] == [2]
    assert [line.count("╭") for line in stacked if "╭" in line] == [1, 1]
    assert max(len(line) for line in stacked) == 2 * LEAST_PANEL - 1


def test_three_servers_on_a_screen_for_two_take_two_rows():
    tracks = tuple(Track(name, "async", (known(),)) for name in "abc")
    assert [line.count("╭") for line in drawn(Frame("", tracks), 80) if "╭" in line] == [2, 1]


def test_a_frame_without_servers_is_its_title():
    assert drawn(Frame("nothing yet", ())) == ["nothing yet"]


def test_histories_of_both_servers_are_drawn_on_one_scale():
    slow = Track("slow", "threads", (Snapshot(at_s=1.0, throughput_rps=100.0),))
    fast = Track("fast", "async", (Snapshot(at_s=1.0, throughput_rps=800.0),))
    line = next(line for line in drawn(Frame("", (slow, fast))) if "requests" in line)
    left, right = line[:50], line[50:]
    assert ("▁" in left, "█" in left) == (True, False)
    assert "█" in right


def test_the_latencies_are_drawn_where_the_common_axis_has_them():
    early = Track("early", "async", (Snapshot(at_s=1.0, latency=Histogram([0.001] * 9)),))
    late = Track("late", "async", (Snapshot(at_s=1.0, latency=Histogram([1.0] * 9)),))
    bars = drawn(Frame("", (early, late)))[-3].strip("│")
    left, right = bars.split("││")
    assert left.index("█") < len(left) / 4
    assert right.index("█") > len(right) * 3 / 4


def test_two_servers_under_the_same_load_are_compared_in_words():
    slow = Snapshot(at_s=1.0, throughput_rps=100.0, connections=9)
    fast = Snapshot(at_s=1.0, throughput_rps=300.0, connections=9)
    tracks = (Track("one", "async", (fast,)), Track("other", "threads", (slow,)))
    assert drawn(Frame("", tracks))[-1] == "one answers 3.0 times as many requests"


def test_an_engine_keeps_its_colour_wherever_it_stands():
    assert [colour(Track("x", "async"), place) for place in (0, 1)] == [COLOURS["async"]] * 2
    assert colour(Track("x", "threads"), 0) == COLOURS["threads"]


def test_servers_known_by_address_have_colours_by_place():
    places = [colour(Track("x", "url"), place) for place in range(len(OTHER_COLOURS) + 1)]
    assert places == [*OTHER_COLOURS, OTHER_COLOURS[0]]


def test_the_figures_of_a_summary_are_those_that_are_shown():
    moment = Snapshot(at_s=1.0, latency_s=summary(Histogram([0.25])))
    lines = drawn(Frame("", (Track("one", "async", (moment,)),)))
    assert [figure(lines, name)[:6] for name in ("p50", "p90", "p99", "max")] == ["250 ms"] * 4
