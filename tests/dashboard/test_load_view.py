"""How a load and a race are seen: state in, text out, at every width."""

import io
import re

import pytest
from rich.console import Console

from asyncweb.dashboard.load_lines import load_lines
from asyncweb.dashboard.plain import PlainScreen
from asyncweb.dashboard.view import render
from asyncweb.metrics.histogram import Histogram, summary
from asyncweb.metrics.snapshot import Frame, Snapshot, Track
from asyncweb.metrics.turn import Generator, Turn
from tests.dashboard.scenes import coloured

URL = "http://127.0.0.1:8000/"
WIDTHS = pytest.mark.parametrize("width", [60, 80, 120])
OWN = Generator(0.43, lag_s=0.0002, slip_s=0.0001, throughput_rps=14_350.0, ceiling_rps=41_000.0)
WARM = Turn(
    URL, "warm-up", at_s=0.5, lasts_s=10.0, warm_up_s=2.0, requests=1204, generator=OWN
)  # fmt: skip
MEASURED = Turn(
    URL, "measured", at_s=6.0, lasts_s=10.0, warm_up_s=2.0, requests=4000, warm_up_requests=2051,
    generator=OWN,
)  # fmt: skip
DUE = Histogram([0.010] * 95 + [0.250] * 5)
SENT = Histogram([0.010] * 99 + [0.040])


def moment(at_s=1.0, **more):
    given = {
        "throughput_rps": 14_350.0, "latency": DUE, "latency_s": summary(DUE), "in_flight": 7,
        "connections": 50, "errors": {"timeout": 12, "reset": 2}, **more,
    }  # fmt: skip
    return Snapshot(at_s=at_s, **given)


def open_moment(**more):
    return moment(service_s=summary(SENT), waiting=31, dropped=9, **more)


def one(turn, *moments):
    return Frame("GET /, 50 connections", (Track(URL, "url", moments),), turn=turn)


def lines(frame, width, height=None, screen=300):
    """On a wide `screen` whatever is too wide is seen."""
    console = Console(file=io.StringIO(), width=screen)
    console.print(render(frame, width, height))
    return [line.rstrip() for line in console.file.getvalue().splitlines()]


def told(turn, width=120):
    return "\n".join(line.plain for line in load_lines(turn, width))


@WIDTHS
@pytest.mark.parametrize("turn", [WARM, MEASURED], ids=["warm-up", "measured"])
def test_an_open_load_shows_all_that_counts_and_no_line_is_too_wide(turn, width):
    drawn = lines(one(turn, open_moment()), width)
    assert max(map(len, drawn)) <= width
    text = "\n".join(drawn)
    for fact in ("14.3k/s", "from due", "from send", "250 ms", "7/50", "waiting", "31", "dropped",
                 "9", "14", "43 % of a core", "35 % of its ceiling of 41.0k/s", "slip 100 µs",
                 "lag 200 µs"):  # fmt: skip
        assert fact in text, fact


@WIDTHS
def test_both_latencies_stand_in_one_line(width):
    line = next(line for line in lines(one(MEASURED, open_moment()), width) if "│ p99" in line)
    assert line.split()[2:6] == ["249", "ms", "10.1", "ms"]


@WIDTHS
def test_a_warm_up_is_shown_as_one_and_that_it_does_not_count(width):
    text = told(WARM, width)
    assert "▒░░░" in text and "█" not in text
    assert "warm-up 0.5 of 2.0 s" in text
    assert "1,204 answers, none of them counts" in text


@WIDTHS
def test_after_a_warm_up_it_is_said_that_it_was_cut_off(width):
    text = told(MEASURED, width)
    assert "▒▒▒▒████████░░░░░░░░" in text
    assert "measured 4.0 of 8.0 s" in text and "4.0 s left" in text
    assert "2,051 answers of the warm-up cut off" in text


def test_a_load_of_so_many_requests_tells_how_many_are_left():
    text = told(Turn(URL, "measured", 1.0, 10.0, requests=250, most_requests=1000))
    assert "measured 250 of 1,000 requests  750 left, for 9.0 s at most" in text
    assert "█████░" in text and "warm-up" not in text


def test_who_connects_is_counted():
    turn = Turn(URL, "connecting", connected=812, connections=1000)
    assert "connecting, 812 of 1,000" in told(turn)


def test_a_load_that_is_over_says_so_with_a_full_bar():
    text = told(Turn(URL, "over", at_s=3.5, lasts_s=10.0, warm_up_s=0.0))
    assert "█" * 20 in text and "over after 3.5 s" in text and "left" not in text


def test_a_load_that_was_interrupted_says_so_and_its_bar_stays_where_it_was():
    text = told(Turn(URL, "interrupted", at_s=5.0, lasts_s=10.0))
    assert "█░" in text and "interrupted after 5.0 s" in text and "left" not in text


@WIDTHS
def test_a_race_tells_its_round_and_whose_turn_it_is(width):
    turn = Turn("a", "measured", 1.0, 2.0, round=2, rounds=4, next_target="b")
    frame = Frame(
        "GET /", (Track("a", "url", (moment(),)), Track("b", "url", (moment(),))), turn=turn
    )
    drawn = lines(frame, width)
    assert "round 2 of 4: load on a, then b" in drawn
    assert max(map(len, drawn)) <= width


def test_who_closes_a_round_and_opens_the_next_is_loaded_once_more():
    turn = Turn("b", "measured", round=1, rounds=4, next_target="b")
    assert "round 1 of 4: load on b, then once more" in told(turn)


def test_the_last_turn_of_a_race_is_told_to_be_that():
    turn = Turn("a", "measured", round=4, rounds=4)
    assert "round 4 of 4: load on a, the last turn" in told(turn)


@pytest.mark.parametrize(
    ("generator", "said"),
    [
        (Generator(cpu_share=0.95), "95 % of a core, too busy"),
        (
            Generator(throughput_rps=95.0, ceiling_rps=100.0),
            "95 % of its ceiling of 100/s, too near",
        ),
        (Generator(lag_s=0.012), "lag 12.0 ms, too late"),
        (Generator(slip_s=0.012), "slip 12.0 ms, too late"),
    ],
)
def test_a_generator_that_spoils_the_load_says_so_aloud_and_alone(generator, said):
    line = load_lines(Turn(URL, "measured", generator=generator), 200)[-1]
    loud = [line.plain[span.start : span.end] for span in line.spans]
    assert loud == [said]
    calm = load_lines(Turn(URL, "measured", generator=OWN), 200)[-1]
    assert not calm.spans and "too" not in calm.plain


def test_a_lag_beside_a_long_latency_is_none():
    assert "too late" not in told(
        Turn(URL, "measured", generator=Generator(lag_s=0.012, usual_s=1))
    )


def test_an_unknown_ceiling_is_not_guessed():
    assert "ceiling not measured (load --calibrate)" in told(Turn(URL, "measured"))


@pytest.mark.parametrize("height", [24, 30])
@pytest.mark.parametrize("engine", ["url", "async"])
@pytest.mark.parametrize("width", [80, 120])
def test_a_race_fits_a_terminal_whole(width, engine, height):
    tracks = tuple(Track(name, engine, (open_moment(),)) for name in "ab")
    turn = Turn("a", "measured", 1.0, 2.0, round=1, rounds=4, next_target="b", generator=OWN)
    drawn = lines(Frame("GET /", tracks, turn=turn), width, height)
    assert len(drawn) <= height
    assert sum("╰" in line for line in drawn) == 1, "and its panels are closed"
    for label in ("requests", "p50", "p99", "errors", "dropped"):
        assert any(f"│ {label}" in line for line in drawn)


def test_targets_known_by_their_address_have_no_memory_or_threads():
    text = "\n".join(lines(one(MEASURED, moment()), 80))
    assert "RSS" not in text and "threads" not in text
    assert "from send" not in text and "dropped" not in text, "and a closed loop one latency"


def test_moments_of_a_warm_up_are_drawn_in_grey():
    frame = one(MEASURED, moment(is_warm_up=True), moment(2.0))
    line = next(line for line in coloured(frame, 80) if "requests" in line)
    assert re.findall(r"38;2;([\d;]+)m *█", line) == ["128;128;128", "47;127;196"]


def test_plain_lines_tell_the_phase_as_soon_as_it_changes():
    console = Console(file=io.StringIO(), width=100)
    screen = PlainScreen(console)
    for turn, at_s in ((WARM, 0.2), (WARM, 0.4), (MEASURED, 0.6), (MEASURED, 0.8)):
        screen.update(one(turn, open_moment(at_s=at_s)))
    _, warm, measured = console.file.getvalue().splitlines()
    assert "warm-up 0.5 of 2.0 s  1,204 answers, none of them counts" in warm
    assert "2,051 answers of the warm-up cut off" in measured and "4.0 s left" in measured
    for fact in ("from send p99", "dropped 9", "in flight 7/50", "errors timeout 12, reset 2",
                 "generator 43 % of a core"):  # fmt: skip
        assert fact in measured


def test_plain_lines_of_a_race_are_of_the_target_that_is_loaded():
    console = Console(file=io.StringIO(), width=100)
    tracks = (Track("a", "url", (moment(),)), Track("b", "url", (moment(),)))
    turn = Turn("b", "measured", 1.0, 2.0, round=2, rounds=4, next_target="a")
    PlainScreen(console).update(Frame("GET /", tracks, turn=turn))
    _, line = console.file.getvalue().splitlines()
    assert line.split()[0] == "b" and "round 2 of 4: load on b, then a" in line
