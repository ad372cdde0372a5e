"""A history keeps the moments of each server, and only as many as are shown."""

import threading

import pytest

from asyncweb.dashboard.history import MARKS_KEPT, MOMENTS_KEPT, History
from asyncweb.metrics.snapshot import Frame, Mark, Snapshot, Track


def followed(*names):
    history = History("title")
    for name in names:
        history.follow(name, "async")
    return history


def test_a_new_history_is_an_empty_frame_with_its_title():
    assert History("GET /").frame() == Frame("GET /", ())


def test_a_server_has_its_place_before_anything_is_known_of_it():
    history = History()
    history.follow("one", "threads")
    assert history.frame().tracks == (Track("one", "threads", ()),)
    assert history.frame().tracks[0].now == Snapshot(at_s=0.0)


def test_servers_stand_in_the_order_they_were_followed_in():
    history = followed("b", "a")
    history.add("a", Snapshot(at_s=1.0))
    assert [track.name for track in history.frame().tracks] == ["b", "a"]


def test_moments_belong_to_their_server_oldest_first():
    history = followed("one", "other")
    for at_s, name in enumerate(["one", "other", "one"]):
        history.add(name, Snapshot(at_s=at_s))
    moments = {track.name: [m.at_s for m in track.snapshots] for track in history.frame().tracks}
    assert moments == {"one": [0, 2], "other": [1]}
    assert history.frame().tracks[0].now.at_s == 2


def test_only_the_latest_moments_are_kept():
    history = followed("one")
    for at_s in range(MOMENTS_KEPT + 3):
        history.add("one", Snapshot(at_s=at_s))
    kept = [moment.at_s for moment in history.frame().tracks[0].snapshots]
    assert kept == list(range(3, MOMENTS_KEPT + 3))


def test_following_again_keeps_the_moments():
    history = followed("one")
    history.add("one", Snapshot(at_s=1.0))
    history.follow("one", "url")
    assert history.frame().tracks == (Track("one", "url", (Snapshot(at_s=1.0),)),)


def test_a_server_that_is_not_followed_has_no_moments():
    with pytest.raises(KeyError):
        followed("one").add("other", Snapshot(at_s=1.0))


def test_a_frame_stays_as_it_was_when_moments_come():
    history = followed("one")
    frame = history.frame()
    history.add("one", Snapshot(at_s=1.0))
    history.note = "later"
    assert frame == Frame("title", (Track("one", "async", ()),))


def test_title_and_note_may_change():
    history = followed()
    history.title, history.note = "GET /other", "round 2"
    assert history.frame() == Frame("GET /other", (), "round 2")


def test_moments_of_many_threads_all_arrive():
    names = [f"server {number}" for number in range(8)]
    history = followed(*names)

    def add(name):
        for at_s in range(MOMENTS_KEPT):
            history.add(name, Snapshot(at_s=at_s))
            history.frame()

    threads = [threading.Thread(target=add, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for track in history.frame().tracks:
        assert [moment.at_s for moment in track.snapshots] == list(range(MOMENTS_KEPT))


def test_a_mark_stands_at_the_latest_moment_of_any_server():
    history = History()
    history.follow("a", "async")
    history.follow("b", "threads")
    history.mark("before all")
    history.add("a", Snapshot(at_s=2.0))
    history.add("b", Snapshot(at_s=3.0))
    history.mark("1,000 more")
    assert history.frame().marks == (Mark(0.0, "before all"), Mark(3.0, "1,000 more"))


def test_only_the_last_marks_are_kept():
    history = History()
    for number in range(MARKS_KEPT + 5):
        history.mark(str(number))
    marks = history.frame().marks
    assert (len(marks), marks[-1].label) == (MARKS_KEPT, str(MARKS_KEPT + 4))
