"""What each key changes in how one looks, without a terminal."""

from dataclasses import replace

import pytest

from asyncweb.dashboard.look import (
    LABEL_LENGTH,
    TOPICS,
    ZOOMS_S,
    Look,
    Wish,
    marked,
    pressed,
    seen,
    told,
)
from asyncweb.dashboard.panels import chosen
from asyncweb.metrics.snapshot import Frame, Snapshot, Track


def frame(until_s=60, names=("async", "threads")):
    moments = tuple(Snapshot(float(at_s)) for at_s in range(until_s + 1))
    return Frame("GET /", tuple(Track(name, name, moments) for name in names))


NOW = frame()


def after(*keys, look=None, now=NOW):
    look = look or Look()
    for key in keys:
        look, _ = pressed(look, key, now)
    return look


@pytest.mark.parametrize("key", ["x", "Q", "7", "enter", "backspace", "ü", ""])
def test_a_key_without_a_meaning_changes_nothing(key):
    assert pressed(Look(), key, NOW) == (Look(), None)


def test_space_holds_the_frame_of_now_and_space_lets_it_go():
    later = frame(until_s=99)
    held = after(" ")
    assert seen(held, later) == NOW and held.held is NOW
    assert told(held) == "PAUSED at 60.0 s, the recording goes on"
    assert seen(after(" ", look=held, now=later), later) == later


def test_zoom_stops_at_both_ends():
    assert after("-") == Look()
    assert after(*"+++++++").zoom == len(ZOOMS_S) - 1
    assert after("+", "-") == Look()
    assert after("=") == after("+")


def test_zoom_sets_the_span_of_the_time_axis_and_cuts_nothing():
    shown = seen(after("+", "+"), NOW)
    assert (shown.span_s, shown.tracks) == (30.0, NOW.tracks)
    assert told(after("+", "+")) == "the last 30 s"
    assert seen(Look(), NOW).span_s is None


def test_tab_goes_round_the_topics_and_comes_back_to_the_panels_of_the_frame():
    now = replace(NOW, show=("cpu",))
    shown = [seen(after(*["tab"] * times), now).show for times in range(len(TOPICS) + 1)]
    assert shown == [("cpu",), *TOPICS[1:], ("cpu",)]
    assert told(after("tab")) == "panels: latency, heat, histogram"


def test_every_topic_names_panels_that_there_are():
    assert [chosen(topic) for topic in TOPICS] == list(TOPICS)


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
        assert seen(after(key, now=empty), empty).tracks == ()
