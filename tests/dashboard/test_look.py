"""What each key changes in how one looks, without a terminal."""

import pytest

from asyncweb.dashboard.look import LABEL_LENGTH, ZOOMS_S, Look, Wish, marked, pressed, seen, told
from asyncweb.metrics.snapshot import Frame, Mark, Snapshot, Track


def frame(until_s=60, names=("async", "threads"), marks=()):
    moments = tuple(Snapshot(float(at_s)) for at_s in range(until_s + 1))
    return Frame("GET /", tuple(Track(name, name, moments) for name in names), marks=marks)


NOW = frame()


def after(*keys, look=None, now=NOW):
    look = look or Look()
    for key in keys:
        look, _ = pressed(look, key, now)
    return look


def moments_s(shown):
    return [[moment.at_s for moment in track.snapshots] for track in shown.tracks]


@pytest.mark.parametrize("key", ["x", "Q", "7", "enter", "backspace", "ü", ""])
def test_a_key_without_a_meaning_changes_nothing(key):
    assert pressed(Look(), key, NOW) == (Look(), None)


def test_space_holds_the_frame_of_now_and_space_lets_it_go():
    later = frame(until_s=99)
    held = after(" ")
    assert seen(held, later) == NOW
    assert told(held) == "PAUSED at 60.0 s, the recording goes on"
    assert seen(after(" ", look=held, now=later), later) == later


def test_zoom_stops_at_both_ends():
    assert after("-") == Look()
    assert after(*"+++++++").zoom == len(ZOOMS_S) - 1
    assert after("+", "-") == Look()
    assert after("=") == after("+")


def test_zoom_cuts_moments_and_marks_that_are_too_old():
    now = frame(marks=(Mark(10.0, "old"), Mark(50.0, "new")))
    shown = seen(after("+", now=now), now)
    assert moments_s(shown) == [[float(at_s) for at_s in range(30, 61)]] * 2
    assert [mark.label for mark in shown.marks] == ["new"]
    assert told(after("+")) == "the last 30 s"


def test_zoom_keeps_the_last_moment_of_a_server_that_was_loaded_long_ago():
    old, new = Track("old", "async", (Snapshot(1.0),)), Track("new", "threads", (Snapshot(99.0),))
    dead = Track("dead", "url")
    now = Frame("", (old, new, dead))
    assert seen(after("+", now=now), now) == now


def test_tab_goes_round_the_servers():
    names = [[track.name for track in seen(after(*["tab"] * times), NOW).tracks]
             for times in range(4)]  # fmt: skip
    assert names == [["async", "threads"], ["async"], ["threads"], ["async", "threads"]]


def test_tab_changes_nothing_where_there_is_one_server():
    alone = frame(names=("async",))
    assert after("tab", now=alone) == Look()


def test_a_server_that_is_looked_at_and_gone_is_no_error():
    assert seen(after("tab", "tab"), frame(names=("async",))).tracks == (NOW.tracks[0],)


def test_c_keeps_two_moments_and_then_forgets_them():
    first, second = frame(until_s=10), frame(until_s=20)
    one = after("c", now=first)
    both = after("c", look=one, now=second)
    assert (one.first, one.second) == (first, None)
    assert (both.first, both.second) == (first, second)
    assert told(one) == "c compares 10.0 s with another moment" and not told(both)
    assert after("c", look=both) == Look()


def test_c_takes_the_moment_that_is_held():
    held = after(" ", now=frame(until_s=10))
    assert after("c", look=held, now=NOW).first == frame(until_s=10)


def test_a_label_takes_every_letter_and_means_no_key():
    look = after("m", *"q sc")
    assert look == Look(label="q sc")
    assert told(look) == "mark: q sc_  (enter sets it, escape drops it)"
    assert after("backspace", "tab", look=look) == Look(label="q s")
    assert after(*"x" * 99, look=look).label == ("q sc" + "x" * 99)[:LABEL_LENGTH]


def test_enter_asks_for_the_mark_and_escape_drops_it():
    look, wish = pressed(after("m", *"here"), "enter", NOW)
    assert wish is Wish.MARK and look.label == "here"
    assert marked(look) == Look(said="marked: here")
    assert marked(Look(label="")) == Look(said="marked: here")
    assert after("m", "x", "escape") == Look()
    assert after("m", "backspace") == Look(label="")


def test_what_was_said_goes_with_the_next_key():
    assert after("x", look=Look(said="saved")) == Look()


@pytest.mark.parametrize(("key", "wish"), [("s", Wish.SAVE), ("q", Wish.QUIT)])
def test_saving_and_quitting_are_for_others_to_do(key, wish):
    assert pressed(Look(), key, NOW) == (Look(), wish)


def test_escape_goes_back_to_the_live_view_and_keeps_its_size():
    assert after("b", " ", "+", "tab", "c", "escape") == Look(is_big=True)
    assert after("b", "b") == Look()


def test_a_frame_of_nothing_can_be_looked_at_in_each_way():
    empty = Frame("", ())
    for key in (" ", "+", "tab", "c", "b", "m", "escape"):
        assert seen(after(key, now=empty), empty) == empty
