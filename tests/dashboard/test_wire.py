"""What goes over the wire to the page: small, pure, and on common scales."""

import json
from itertools import pairwise

import pytest

from asyncweb.dashboard.page.wire import POINTS, TONES_KNOWN, wired
from asyncweb.http.json_text import spelled_json
from asyncweb.metrics.snapshot import Frame, Snapshot, Track
from asyncweb.metrics.turn import Generator, Turn
from tests.dashboard.test_view import known, two

KEYS = {
    "title", "note", "says", "verdict", "over", "load", "from_s", "to_s", "gap_s", "servers",
    "rows",
}  # fmt: skip


def row(sent, label):
    return next(row for row in sent["rows"] if row["label"] == label)


def track(name="fast", engine="async", **of_moments):
    """A track whose moments are a second apart, each with one value of `of_moments`."""
    moments = zip(*of_moments.values(), strict=True)
    named = [dict(zip(of_moments, values, strict=True)) for values in moments]
    return Track(name, engine, tuple(Snapshot(float(at), **m) for at, m in enumerate(named)))


@pytest.mark.parametrize("tracks", [(), two(), two(Snapshot(at_s=1.0)), two()[:1], two() * 3])
def test_every_frame_has_the_same_keys_and_is_json(tracks):
    sent = wired(Frame("title", tracks, "note"))
    assert sent.keys() == KEYS
    assert json.loads(spelled_json(sent)) == sent
    for one in sent["rows"]:
        assert len(one["texts"]) == len(sent["servers"]) == len(tracks)


def test_the_same_frame_gives_the_same_and_stays_as_it_was():
    frame = Frame("title", two())
    before = repr(frame)
    assert wired(frame) == wired(frame)
    assert repr(frame) == before


def test_all_that_a_class_compares_is_there():
    labels = [one["label"] for one in wired(Frame("", two()))["rows"]]
    assert labels == [
        "requests answered", "half within (p50)", "99 % within (p99)", "in flight / open", "errors",
        "memory (RSS)", "threads", "event-loop lag", "CPU of one core",
    ]  # fmt: skip


def test_figures_are_in_the_words_of_the_terminal():
    sent = wired(Frame("", two(known())))
    assert row(sent, "requests answered")["texts"] == ["1.23k/s"] * 2
    assert row(sent, "errors")["texts"][0] == "14 (timeout 12, reset 2)"
    assert row(sent, "in flight / open")["texts"][1] == "240/250"


def test_both_servers_share_the_scale_of_a_row_and_the_time_axis():
    fast = track(throughput_rps=[10.0, 30.0])
    slow = track("slow", "threads", throughput_rps=[5.0, 7.0, 6.0])
    sent = wired(Frame("", (fast, slow)))
    requests = row(sent, "requests answered")
    assert requests["peak"] == "30.0/s"
    assert requests["lines"] == [[333, 1000], [167, 233, 200]]
    assert (sent["from_s"], sent["to_s"]) == (0, 2)
    assert [server["at_s"] for server in sent["servers"]] == [[0, 1], [0, 1, 2]]


def test_what_was_not_measured_is_none_and_never_0():
    sent = wired(Frame("", (track(throughput_rps=[10.0, None, 30.0]),)))
    assert row(sent, "requests answered")["lines"] == [[333, None, 1000]]


def test_a_stall_is_seen_however_long_the_run_is():
    lags = [0.001] * 1000
    lags[617] = 0.5
    sent = wired(Frame("", (track(loop_lag_s=lags),)))
    line = row(sent, "event-loop lag")["lines"][0]
    assert len(line) <= POINTS + 1
    assert line.count(1000) == 1


def test_a_long_run_of_two_servers_takes_less_than_10_kb():
    moments = tuple(known(number) for number in range(1, 241))
    tracks = Track("fast", "async", moments), Track("slow", "threads", moments)
    assert len(spelled_json(wired(Frame("title", tracks)))) < 10_000


@pytest.mark.parametrize("apart_s", [0.1, 0.2, 3.0])
def test_a_line_is_not_broken_at_the_usual_pace(apart_s):
    moments = tuple(Snapshot(apart_s * number) for number in range(50))
    assert wired(Frame("", (Track("x", "async", moments),)))["gap_s"] > 2 * apart_s


def test_a_line_is_not_broken_however_long_the_run_has_been():
    moments = tuple(Snapshot(20_000 + 0.25 * number) for number in range(50))
    sent = wired(Frame("", (Track("x", "async", moments),)))
    at_s = sent["servers"][0]["at_s"]
    assert (sent["from_s"], sent["to_s"]) == (at_s[0], at_s[-1]) == (20_000, 20_012.25)
    assert max(after - before for before, after in pairwise(at_s)) < sent["gap_s"]


def test_what_held_up_the_loop_is_told_with_its_moment_until_the_next():
    sent = wired(
        Frame("", (track(block=["", "user held the loop for 500 ms: app.py, line 3", ""]),))
    )
    block = sent["servers"][0]["block"]
    assert block == "at 1.0 s user held the loop for 500 ms: app.py, line 3"


def test_a_warm_up_is_marked():
    warm = track(is_warm_up=[True, True, False, False, True])
    assert wired(Frame("", (warm,)))["servers"][0]["warm"] == [[0, 2], [4, 4]]


def test_the_load_tells_how_far_it_is_and_what_it_doubts_about_itself():
    busy = Generator(cpu_share=0.99)
    turn = Turn("fast", "measured", at_s=1.0, lasts_s=2.0, rounds=2, generator=busy)
    sent = wired(Frame("", two(), turn=turn))
    assert sent["load"]["words"][0] == "round 1 of 2: load on fast, the last turn"
    assert sent["load"]["doubts"] == ["99 % of a core, too busy"]
    assert [server["is_loaded"] for server in sent["servers"]] == [True, False]


def test_the_differences_give_way_to_the_verdict():
    fast, slow = (track(name, throughput_rps=[rate], connections=[9]) for name, rate in
                  (("fast", 90.0), ("slow", 30.0)))  # fmt: skip
    frame = Frame("", (fast, slow))
    assert wired(frame)["says"] == ["fast answers 3.0 times as many requests"]
    assert (wired(frame, "fast won")["says"], wired(frame, "fast won")["verdict"]) == (
        [],
        "fast won",
    )


def test_each_server_has_a_tone_of_its_own_as_far_as_they_go():
    tracks = [Track(str(number), "async") for number in range(TONES_KNOWN)]
    assert sorted(one["tone"] for one in wired(Frame("", tuple(tracks)))["servers"]) == [0, 1, 2, 3]
    threads_first = wired(Frame("", (Track("slow", "threads"), Track("fast", "async"))))
    assert [one["tone"] for one in threads_first["servers"]] == [1, 0]
