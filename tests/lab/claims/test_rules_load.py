"""C4, C5, C8 and C9: crowds, rates, soaks and waits, on both sides of each line."""

import pytest

from asyncweb.lab.claims.names import (
    GUNICORN,
    HYPERLANE,
    MANY,
    NODE,
    OTHERS,
    OUR_LOOP,
    OUR_THREADS,
    RATE,
    SOAK,
    WAITRESS,
)  # fmt: skip
from asyncweb.lab.claims.twelve.c04 import ManyConnections
from asyncweb.lab.claims.twelve.c05 import CpuUnderLoad
from asyncweb.lab.claims.twelve.c08 import SAID_S, NoLeak
from asyncweb.lab.claims.twelve.c09 import WaitingRequest
from asyncweb.lab.claims.verdict import Word
from tests.lab.claims.made import Made, noisy

HOLDS, FAILS, OPEN, UNMEASURED = Word.HOLDS, Word.FAILS, Word.OPEN, Word.UNMEASURED
CROWD = {
    "connections": 50_000, "answered": 50_000, "errors": 0, "connected_s": 9.0,
    "bytes_per_connection": 2_000.0, "processes": 3, "uss_mb": 100.0,
}  # fmt: skip
SOAKED = {
    "seconds": 1_200.0, "requests": 600_000, "errors": 0, "bytes_per_request": 0.5, "band": 0.5,
    "grown_mb": 0.3, "is_leak": 0, "is_level": 1,
}  # fmt: skip


def crowd(rounds=1, **numbers):
    return Made().look(MANY, HYPERLANE, rounds, **{**CROWD, **numbers})


@pytest.mark.parametrize(
    ("numbers", "word"),
    [
        ({}, HOLDS),
        ({"connections": 51_000, "answered": 102_000}, HOLDS),
        ({"errors": 1}, FAILS),
        ({"answered": 49_000}, FAILS),
        ({"connections": 30_000, "answered": 30_000, "errors": 20_000}, FAILS),
        ({"connections": 2_000, "answered": 2_000}, OPEN),
    ],
)
def test_c4_wants_50000_connections_answered_without_an_error(numbers, word):
    assert ManyConnections().decide(crowd(**numbers)).word is word


def test_c4_is_open_when_the_rounds_differ():
    assert ManyConnections().decide(crowd(rounds=2, errors=[0, 3])).word is OPEN


def test_c4_calculates_what_50000_would_need_from_fewer():
    told = ManyConnections().decide(crowd(connections=2_000, answered=2_000, processes=1))
    assert told.why == (
        "2,000 connections to hyperlane 5.40.1 in one process: no error; "
        "50,000 like these would need 100 MB."
    )


def test_c4_says_in_how_many_processes():
    assert "in 3 processes: no error" in ManyConnections().decide(crowd()).why


def test_c4_blames_nobody_for_a_machine_without_room():
    told = ManyConnections().decide(crowd(connections=31_000, errors=19_000, machine_limited=1))
    assert told.word is OPEN
    assert "but this machine had no room for more" in told.why


def at_rate(hyperlane=0.2, threads=0.9, **numbers):
    answered = {"rate": 1_000.0, "requests_per_s": 1_000.0, "cpu_us": 100.0}
    figures = Made().load(RATE, HYPERLANE, cpu_share=hyperlane, **{**answered, **numbers})
    return figures.load(RATE, OUR_THREADS, cpu_share=threads, **answered)


@pytest.mark.parametrize(
    ("hyperlane", "threads", "word"),
    [
        (0.2, 0.9, HOLDS),
        (0.8, 0.9, FAILS),
        (0.8, 0.2, FAILS),
        (0.2, 0.3, OPEN),
        (0.59, 0.9, OPEN),
        (noisy(0.5, 0.7), 0.9, OPEN),
    ],
)
def test_c5_wants_less_than_60_percent_at_a_rate_that_is_high_for_somebody(
    hyperlane, threads, word
):
    assert CpuUnderLoad().decide(at_rate(hyperlane, threads)).word is word


def test_c5_takes_a_rate_for_high_that_somebody_cannot_keep_up_with():
    figures = at_rate(threads=0.3)
    figures.load(RATE, WAITRESS, cpu_share=0.5, rate=1_000.0, requests_per_s=700.0)
    told = CpuUnderLoad().decide(figures)
    assert told.word is HOLDS
    assert "1.00k/s, a high load for 1 of 2 others; it would pass 60 % at about 6.00k/s" in told.why


def test_c5_fails_when_hyperlane_itself_does_not_keep_up():
    assert CpuUnderLoad().decide(at_rate(requests_per_s=900.0)).word is FAILS


def test_c5_decides_nothing_by_one_round_that_was_late():
    late_once = [1_000.0] * 4 + [940.0]
    assert CpuUnderLoad().decide(at_rate(requests_per_s=late_once)).word is OPEN
    figures = at_rate(threads=0.3)
    figures.load(RATE, WAITRESS, cpu_share=0.4, rate=1_000.0, requests_per_s=late_once)
    assert "a high load for 0 of 2 others" in CpuUnderLoad().decide(figures).why


LATE = {"client_limited": 1, "requests_per_s": 500.0}


@pytest.mark.parametrize("doubt", [{"errors": 1}, LATE], ids=["errors", "too few asked"])
def test_c5_counts_no_load_in_doubt(doubt):
    assert CpuUnderLoad().decide(at_rate(**doubt)).word is OPEN
    figures = at_rate(threads=0.3).load(
        RATE, WAITRESS, cpu_share=0.9, **{"rate": 1_000.0, "requests_per_s": 1_000.0, **doubt}
    )
    assert CpuUnderLoad().decide(figures).word is OPEN


def test_c5_counts_the_cpu_of_a_load_that_was_late_and_still_asked_as_often():
    assert CpuUnderLoad().decide(at_rate(client_limited=1)).word is HOLDS


def test_c5_of_a_rate_that_is_easy_for_all_still_says_what_would_be_too_much():
    told = CpuUnderLoad().decide(at_rate(threads=0.3))
    assert told.why == (
        "hyperlane 5.40.1 needs 20 % of a core for 1.00k/s, a high load for 0 of 1 others; it "
        "would pass 60 % at about 6.00k/s, if each request costs as much as here."
    )


def test_c5_goes_on_without_a_cost_that_the_clock_of_the_cpu_was_too_coarse_for():
    told = CpuUnderLoad().decide(at_rate(hyperlane=0.0, cpu_us=0.0))
    assert told.word is HOLDS
    assert "would pass" not in told.why


def test_c5_says_at_which_rate_each_would_pass_60_percent():
    told = CpuUnderLoad().decide(at_rate())
    row = dict(told.figures)["would pass 60 % of a core, asyncweb threads"]
    assert row == "at about 6.00k/s, if each request costs as much as here"


def soak(rounds=1, **numbers):
    return Made().look(SOAK, HYPERLANE, rounds, **{**SOAKED, **numbers})


@pytest.mark.parametrize(
    ("numbers", "word"),
    [
        ({"seconds": SAID_S, "bytes_per_request": 0.0, "band": 0.0}, HOLDS),
        ({"seconds": SAID_S - 0.5, "bytes_per_request": 0.0, "band": 0.0}, HOLDS),
        ({"seconds": SAID_S, "requests": 259_200_000}, OPEN),  # 260 MB may have been added
        ({}, OPEN),
        ({"is_level": 0}, OPEN),
        ({"is_level": 0, "is_leak": 1, "bytes_per_request": 50.0}, FAILS),
        ({"is_level": 0, "is_leak": 1, "seconds": 10.0}, OPEN),
        ({"seconds": SAID_S, "errors": 4}, OPEN),
        ({"is_leak": 1, "is_level": 0, "errors": 4}, OPEN),
    ],
)
def test_c8_wants_72_hours_or_a_leak_that_is_seen_before(numbers, word):
    assert NoLeak().decide(soak(**numbers)).word is word


def test_c8_says_what_a_short_soak_can_and_cannot_say_about_72_hours():
    told = NoLeak().decide(soak())
    assert told.why == (
        "hyperlane 5.40.1: level, +0.5 ± 0.5 bytes a request in 1,200 s and 600,000 requests; "
        "72 hours are 216 times as long: at most 130 MB more if all goes on as it went."
    )


def test_c8_of_a_soak_that_is_too_short_says_so():
    told = NoLeak().decide(soak(is_leak=1, is_level=0, seconds=10.0))
    assert told.why.endswith("too short to tell a leak from warming up.")


def test_c8_is_open_when_only_one_of_two_soaks_shows_a_leak():
    assert NoLeak().decide(soak(rounds=2, is_leak=[0, 1])).word is OPEN


def beside(hyperlane, pool=11_000.0, **numbers):
    there = {"waiting": 200, "errors": 0, "alone_p99_us": 400.0, "beside_p99_us": 900.0}
    figures = Made().look(
        OTHERS, HYPERLANE, alone_p50_us=100.0, beside_p50_us=hyperlane, **{**there, **numbers}
    )
    return figures.look(OTHERS, GUNICORN, alone_p50_us=200.0, beside_p50_us=pool, **there)


@pytest.mark.parametrize(
    ("hyperlane", "word"),
    [
        (100.0, HOLDS),
        (900.0, HOLDS),
        (1_100.0, OPEN),
        (noisy(800.0, 1_600.0), OPEN),
        (1_500.0, FAILS),
        (10_100.0, FAILS),
    ],
)
def test_c9_wants_the_others_to_wait_for_less_than_a_tenth_of_the_wait(hyperlane, word):
    assert WaitingRequest().decide(beside(hyperlane)).word is word


def test_c9_says_whom_the_same_test_found_held_up():
    assert WaitingRequest().decide(beside(120.0)).why == (
        "hyperlane 5.40.1 answers the others within 120 µs beside 200 that wait, 100 µs alone; "
        "held up: gunicorn gthread."
    )
    told = WaitingRequest().decide(beside(120.0, pool=250.0))
    assert told.word is HOLDS
    assert told.why.endswith("the test has not shown that it would notice.")


def test_c9_has_noticed_a_handler_that_blocks():
    figures = beside(120.0, pool=250.0)
    figures.look(OTHERS, OUR_LOOP, alone_p50_us=150.0, beside_p50_us=170.0, blocked_p50_us=80_000.0)
    told = WaitingRequest().decide(figures)
    assert told.why.endswith("held up: asyncweb async when its handler blocks, 80.0 ms.")


def test_c9_counts_no_look_with_errors():
    assert WaitingRequest().decide(beside(100.0, errors=1)).word is OPEN


def test_all_systems_stand_beside_the_one_that_decides():
    figures = beside(100.0)
    figures.fail(OTHERS, NODE, "node is not installed")
    figures.look(OTHERS, OUR_LOOP, alone_p50_us=150.0, beside_p50_us=170.0)
    whats = [what for what, _ in WaitingRequest().decide(figures).figures]
    assert [what.split(", ")[-1] for what in whats if "median, beside" in what] == [
        HYPERLANE, NODE, GUNICORN, OUR_LOOP,
    ]  # fmt: skip
