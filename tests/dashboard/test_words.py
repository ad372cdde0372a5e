"""Figures, small pictures and differences as text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asyncweb.dashboard.difference import MEMORY_PLAIN, RECENT, differences
from asyncweb.drawing import units
from asyncweb.drawing.sparkline import BLOCKS, axis, bars, columns, sparkline
from asyncweb.metrics.histogram import Histogram
from asyncweb.metrics.snapshot import Frame, Snapshot, Track

SHARES = st.lists(st.floats(0, 1))
TOPS = st.just(0.0) | st.floats(1e-9, 1e9)
MIB = units.MIB


@pytest.mark.parametrize("name", ["seconds", "rate", "memory", "count", "percent"])
def test_what_was_not_measured_is_an_en_dash_and_zero_is_not(name):
    written = getattr(units, name)
    assert written(None) == "\N{EN DASH}"
    assert written(0).startswith("0")


@pytest.mark.parametrize(
    ("written", "value", "text"),
    [
        (units.seconds, 0.0, "0 ms"), (units.seconds, 1.5e-6, "1.50 µs"),
        (units.seconds, 0.000999, "999 µs"), (units.seconds, 0.001, "1.00 ms"),
        (units.seconds, 0.123, "123 ms"), (units.seconds, 1.0, "1.00 s"),
        (units.seconds, 1234.0, "1,234 s"), (units.rate, 999.0, "999/s"),
        (units.rate, 1000.0, "1.00k/s"), (units.rate, 0.5, "0.50/s"),
        (units.memory, 1024, "1.00 KiB"), (units.memory, MIB - 1024, "1,023 KiB"),
        (units.memory, MIB, "1.00 MiB"), (units.memory, -3 * MIB, "-3.00 MiB"),
        (units.memory, 2048 * MIB, "2,048 MiB"), (units.count, 12345, "12,345"),
        (units.percent, 250.0, "250 %"), (units.percent, 0.4, "0 %"),
    ],
)  # fmt: skip
def test_a_figure_has_three_digits_and_its_unit(written, value, text):
    assert written(value) == text


@pytest.mark.parametrize(
    ("written", "value", "text"),
    [
        (units.seconds, 0.9999, "1.00 s"), (units.seconds, 0.9994, "999 ms"),
        (units.seconds, 0.00999999, "10.0 ms"), (units.seconds, 0.0999999, "100 ms"),
        (units.seconds, 0.0009999, "1.00 ms"), (units.rate, 999.7, "1.00k/s"),
        (units.rate, 99.97, "100/s"), (units.memory, 9.999 * MIB, "10.0 MiB"),
        (units.short, 9999, "10k"), (units.short, 9949, "9.9k"), (units.short, 9950, "9.9k"),
        (units.short, 999_499, "999k"), (units.short, 999_999, "1.0M"),
        (units.short, 9_999_999, "10M"),
    ],
)  # fmt: skip
def test_at_the_edge_of_a_unit_three_digits_do_not_become_four(written, value, text):
    assert written(value) == text


def test_errors_are_told_the_most_frequent_first():
    assert units.errors({"5xx": 1, "reset": 2000, "4xx": 30}) == "reset 2,000, 4xx 30, 5xx 1"


def test_no_errors_are_called_none():
    assert units.errors({}) == "none"


@given(st.lists(st.floats(0, 1e9)), st.integers(0, 60), TOPS)
def test_a_sparkline_is_as_wide_as_asked_whatever_it_draws(values, width, top):
    drawn = sparkline(values, width, top)
    assert len(drawn) == width
    assert set(drawn) <= set(BLOCKS)


def test_a_sparkline_rises_with_its_values_up_to_the_top():
    assert sparkline(range(1, 9), width=8, top=8) == BLOCKS[1:]
    assert sparkline([99], width=1, top=8) == "█"


def test_a_short_history_stands_at_the_right_where_now_is():
    assert sparkline([8, 8], width=4, top=8) == "  ██"


@given(st.integers(0, 99), st.integers(1, 100))
def test_no_peak_is_lost_when_many_values_share_a_place(place, width):
    values = [0.0] * 100
    values[place] = 1.0
    assert sparkline(values, width, top=1.0).count("█") == 1


def test_without_a_top_everything_lies_at_the_bottom():
    assert sparkline([0, 0], width=2, top=0) == "▁▁"


@given(st.lists(st.floats(1e-9, 1e5), min_size=1), st.integers(1, 60))
def test_the_columns_share_all_durations_among_them(durations, width):
    shares = columns(Histogram(durations), low_s=0.001, high_s=1.0, width=width)
    assert len(shares) == width
    assert sum(shares) == pytest.approx(1.0)


def test_durations_stand_in_the_column_of_their_decade_and_the_rest_at_the_ends():
    histogram = Histogram([0.00001, 0.002, 0.02, 0.02, 0.2, 50.0])
    shares = columns(histogram, low_s=0.001, high_s=1.0, width=3)
    assert shares == pytest.approx([2 / 6, 2 / 6, 2 / 6])
    assert columns(Histogram(), 0.001, 1.0, width=3) == [0.0, 0.0, 0.0]


@given(SHARES, st.integers(1, 5))
def test_bars_are_as_wide_and_high_as_asked(shares, height):
    lines = bars(shares, height, top=1.0)
    assert [len(line) for line in lines] == [len(shares)] * height


def test_a_bar_is_as_high_as_its_share_of_the_top():
    assert bars([0.25, 0.5, 0.75, 1.0], height=2, top=1.0) == ["  ▄█", "▄███"]


def test_a_single_request_among_thousands_is_seen_and_none_is_not():
    assert bars([0.0001, 0.0, 1.0], height=2, top=1.0) == ["  █", "▁ █"]


def test_without_a_top_there_are_no_bars():
    assert bars([0.0, 0.0], height=2, top=0.0) == ["  ", "  "]


@given(st.floats(1e-6, 10), st.floats(1.5, 1e6), st.integers(1, 120))
def test_an_axis_is_as_wide_as_asked(low_s, ratio, width):
    assert len(axis(low_s, low_s * ratio, width)) == width


def test_an_axis_names_the_powers_of_ten_at_their_columns():
    named = axis(0.0009, 11.0, 40)
    assert named.split() == ["1ms", "10ms", ".1s", "1s"]
    places = [named.index(label) for label in ("1ms", "10ms", ".1s", " 1s")]
    assert places == [0, 10, 20, 28]


def test_labels_that_would_touch_are_left_out():
    assert axis(0.001, 10.0, 12) == "1ms   .1s   "


def moment(rate=100.0, p99=0.1, rss=50 * MIB, connections=1250):
    return Snapshot(
        1.0, throughput_rps=rate, latency_s={"p99": p99}, connections=connections, rss_bytes=rss
    )


def said(one, other):
    return differences(Frame("", (Track("one", "async", (one,)), Track("other", "url", (other,)))))


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"rate": 250.0}, "other answers 2.5 times as many requests"),
        ({"rate": 50.0}, "one answers 2.0 times as many requests"),
        ({"p99": 0.3}, "other: p99 of the run 3.0 times as late (so may twins)"),
        ({"p99": 0.6}, "other: p99 of the run 6.0 times as late"),
        ({"rate": 130.0}, "other answers 1.3 times as many requests (so may twins)"),
        ({"p99": 0.05}, "one: p99 of the run 2.0 times as late (so may twins)"),
        ({"rss": 60 * MIB}, "other: 10.0 MiB more for the same 1,250 clients"),
        ({"rss": 45 * MIB}, "one: 5.00 MiB more for the same 1,250 clients"),
    ],
)
def test_a_plain_difference_is_said_of_the_right_server(changed, sentence):
    assert said(moment(), moment(**changed)) == [sentence]


def test_several_differences_make_one_sentence():
    (sentence,) = said(moment(), moment(rate=50.0, p99=0.2, rss=60 * MIB))
    assert sentence == (
        "one answers 2.0 times as many requests; "
        "other: p99 of the run 2.0 times as late (so may twins); "
        "other: 10.0 MiB more for the same 1,250 clients"
    )


def test_what_is_within_a_fifth_is_not_worth_a_word():
    assert said(moment(), moment(rate=119.0, p99=0.119, rss=50 * MIB + MEMORY_PLAIN - 1)) == []
    assert len(said(moment(), moment(rate=121.0))) == 1
    assert len(said(moment(), moment(rss=50 * MIB + MEMORY_PLAIN))) == 1


def test_of_what_was_not_measured_nothing_is_said():
    assert said(moment(), moment(rate=None, p99=None, rss=None)) == []


def test_virtual_memory_and_threads_are_said_where_one_server_takes_plainly_more():
    few = Snapshot(1.0, connections=200, threads=3, vms_bytes=90 * MIB)
    many = Snapshot(1.0, connections=200, threads=201, vms_bytes=1890 * MIB)
    assert said(few, many) == [
        "other: 1,800 MiB more virtual memory for the same 200 clients; other: 201 threads, one 3"
    ]


@pytest.mark.parametrize("connections", [None, 0, 1251])
def test_servers_under_another_load_are_not_compared(connections):
    assert said(moment(), moment(rate=900.0, connections=connections)) == []
    assert said(moment(connections=connections), moment(rate=900.0)) == []


@pytest.mark.parametrize("number", [0, 1, 3])
def test_only_two_servers_are_compared(number):
    tracks = (Track("a", "url", (moment(),)), Track("b", "url", (moment(rate=9.0),)))
    assert differences(Frame("", (*tracks, tracks[0])[:number])) == []


def test_one_odd_moment_does_not_make_a_difference():
    steady = (moment(),) * (RECENT - 1)
    tracks = (Track("a", "url", (*steady, moment(rate=900.0))), Track("b", "url", steady))
    assert differences(Frame("", tracks)) == []


def test_rates_of_long_ago_do_not_count():
    long_ago = (moment(rate=900.0),) * 100
    tracks = (Track("a", "url", long_ago + (moment(),) * RECENT), Track("b", "url", (moment(),)))
    assert differences(Frame("", tracks)) == []
