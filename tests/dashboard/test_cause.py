"""The answer in words: who is slower now, since when, and what in it is the cause."""

import pytest

from asyncweb.dashboard.cause import SILENT_S, causes
from asyncweb.dashboard.honesty import honesty
from asyncweb.metrics.snapshot import Frame, Snapshot, Track, Watch
from asyncweb.metrics.turn import Generator, Turn

BLOCK = "tea held the loop for 300 ms: app.py, line 7: boil()"


def moments(late_s, since=0, until=20, **lately):
    """One a second; from `since` on with a p99 of `late_s`, and as `lately` says in the end."""
    return tuple(
        Snapshot(
            float(at),
            recent_s={"p50": 0.010, "p99": late_s if at >= since else 0.011},
            **(lately if at == until - 1 else {}),
        )
        for at in range(until)
    )


def said(slow, fast=None, engine="async", **more):
    tracks = (Track("one", engine, slow), Track("other", "threads", fast or moments(0.011)))
    return [f"{name} {trouble}" for name, trouble in causes(Frame("", tracks, **more))]


def test_the_slower_one_is_named_with_its_figure_and_since_when():
    (sentence,) = said(moments(0.300, since=12))
    assert sentence.startswith("one is slower: p99 300 ms, 27.3 times that of other, since 7 s ago")


@pytest.mark.parametrize(
    ("seen", "cause"),
    [
        ({"block": BLOCK}, f"{BLOCK} (now)"),
        ({"loop_lag_s": 0.2}, "its event loop comes 200 ms late"),
        ({"queued": 1200}, "1,200 clients wait for one of its threads"),
        ({"gc_pause_s": 0.1}, "Python's garbage collector stopped it for 100 ms"),
        ({"cpu_percent": 99.0}, "a whole core is taken by its one loop"),
        ({}, "nothing that is measured here explains it"),
    ],
)
def test_the_cause_is_what_was_seen_in_that_server(seen, cause):
    (sentence,) = said(moments(0.300, **seen))
    assert f"Cause: {cause}" in sentence


def test_a_named_block_is_surer_than_what_follows_from_it():
    (sentence,) = said(moments(0.300, block=BLOCK, loop_lag_s=0.3, cpu_percent=100.0))
    assert sentence.endswith(f"Cause: {BLOCK} (now)")


def test_what_was_seen_long_ago_is_no_cause():
    long_ago = moments(0.300, until=10, block=BLOCK) + tuple(moments(0.300))[10:]
    (sentence,) = said(long_ago)
    assert sentence.endswith("nothing that is measured here explains it")


def test_who_was_slow_and_recovered_and_is_slow_again_is_so_since_the_second_time():
    again = (*moments(0.300, until=10), *moments(0.300, since=15)[10:])
    (sentence,) = said(again)
    assert "since 4 s ago" in sentence


def test_what_identical_servers_show_too_is_not_said():
    assert said(moments(0.050)) == []


def test_what_nobody_notices_is_not_said():
    assert said(moments(0.004), moments(0.0001)) == []


def test_a_block_is_told_even_of_one_that_is_not_slower():
    assert said(moments(0.012, block=BLOCK)) == [f"one {BLOCK} (now)"]


def test_a_server_that_does_not_answer_is_told_first_and_compared_with_nobody():
    assert said(moments(0.300, until=10)) == ["one does not answer, since 10 s ago"]


def test_a_late_answer_is_no_silence():
    assert said(moments(0.011), at_s=19 + SILENT_S) == []


def test_in_a_race_servers_take_turns_so_that_none_is_called_silent():
    assert said(moments(0.011, until=10), turn=Turn("other", "measured")) == []


def test_in_a_race_two_steps_are_not_compared():
    turn = Turn("one", "measured")
    few, many = {"connections": 50}, {"connections": 1000}
    assert said(moments(0.300, **many), moments(0.011, **few), turn=turn) == []
    assert said(moments(0.300, **many), moments(0.011, **many), turn=turn) != []


def test_a_frame_of_nothing_has_no_trouble():
    assert causes(Frame("", ())) == []
    assert causes(Frame("", (Track("one", "async"), Track("other", "async")))) == []


def test_the_view_tells_what_it_costs_and_has_missed():
    frame = Frame("", (Track("one", "async"),), watch=Watch(240, 2, 3.4))
    assert honesty(frame) == ["this view: 3 % of a core, 2 of 240 looks missed"]


def test_with_two_servers_the_noise_is_told_before_anybody_compares():
    frame = Frame("", (Track("a", "async"), Track("b", "async")), watch=Watch())
    assert honesty(frame)[1].startswith("A/A band: rate 1.44x")


def test_a_client_that_is_the_limit_is_called_so():
    busy = Turn("one", "measured", generator=Generator(cpu_share=0.97))
    assert honesty(Frame("", (), turn=busy)) == [
        "The client is the limit: 97 % of a core, too busy"
    ]
    assert honesty(Frame("", (), turn=Turn("one", "measured"))) == []
