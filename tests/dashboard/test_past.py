"""The whole run is kept, coarser the longer it lasts, and its peaks stay."""

from hypothesis import given, settings
from hypothesis import strategies as st

from asyncweb.dashboard.history import MOMENTS_KEPT, History
from asyncweb.dashboard.past import Past
from asyncweb.metrics.snapshot import Mark, Snapshot

MOST = 8


def past_of(moments):
    past = Past(MOST)
    for moment in moments:
        past.add(moment)
    return past.moments


def moments(number, **at):
    """`number` moments; `at` names the value of a field and the moments that have it."""
    return [
        Snapshot(at_s=s, **{field: value for field, (value, when) in at.items() if s in when})
        for s in range(number)
    ]


def test_a_short_run_is_kept_whole():
    assert past_of(moments(MOST - 1)) == tuple(moments(MOST - 1))


@settings(deadline=None)
@given(st.integers(1, 40 * MOST))
def test_a_long_run_is_bounded_and_ends_now(number):
    kept = past_of(moments(number))
    assert len(kept) <= MOST
    assert kept[-1].at_s == number - 1
    assert len(kept) >= min(number, MOST // 2)


@settings(deadline=None)
@given(st.integers(1, 40 * MOST), st.data())
def test_no_peak_is_lost(number, data):
    peak = data.draw(st.integers(0, number - 1))
    kept = past_of(moments(number, loop_lag_s=(1.0, {peak}), gc_pause_s=(0.5, {peak})))
    assert max(moment.loop_lag_s or 0 for moment in kept) == 1.0
    assert max(moment.gc_pause_s or 0 for moment in kept) == 0.5


def test_what_held_the_loop_is_remembered_and_the_later_one_is_told():
    held = moments(MOST, block=("slow()", {2, 4})) + moments(1)
    assert [moment.block for moment in past_of(held)] == ["", "slow()", "slow()", "", ""]


def test_where_nothing_was_measured_nothing_is_made_up():
    assert {moment.loop_lag_s for moment in past_of(moments(5 * MOST))} == {None}


def test_a_history_has_the_latest_moments_and_the_whole_run():
    history = History("a lesson")
    history.follow("fast", "async")
    history.mark("more clients")
    for moment in moments(2 * MOMENTS_KEPT):
        history.add("fast", moment)
    latest, whole = history.frame(), history.whole()
    assert latest.tracks[0].snapshots[0].at_s == MOMENTS_KEPT
    assert whole.tracks[0].snapshots[0].at_s == 0
    assert latest.marks == whole.marks == (Mark(0.0, "more clients"),)
