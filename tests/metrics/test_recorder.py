"""What observers count is complete, whichever threads tell them, and it travels."""

import pickle
import sys
import threading

import pytest

from asyncweb.metrics.held import HeldUp
from asyncweb.metrics.histogram import Histogram
from asyncweb.metrics.recorder import Recorder
from asyncweb.servers.observer import ERRORS_KEPT, NOTED, Failure, Observer
from asyncweb.servers.total import total

BOTH = pytest.mark.parametrize("make", [Observer, Recorder])
THREADS, EACH = 8, 2500


@pytest.fixture
def hasty_threads():
    """Threads take turns as often as they can, so that what is not guarded breaks."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


def from_many_threads(work):
    together = threading.Barrier(THREADS)

    def run(number):
        together.wait()
        work(number)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@BOTH
def test_before_the_first_answer_everything_is_counted_as_none(make):
    stats = make().stats()
    assert (stats["requests"], stats["statuses"]) == (0, {})


@BOTH
@pytest.mark.parametrize("number", [1, NOTED - 1, NOTED, NOTED + 1])
def test_the_stats_count_what_was_noted_just_now(make, number):
    observer = make()
    for _ in range(number):
        observer.ended("/", 200, 0.001)
    assert observer.stats()["requests"] == number


@BOTH
def test_no_answer_is_counted_twice(make):
    observer = make()
    observer.ended("/", 200, 0.001)
    assert [observer.stats()["requests"] for _ in range(3)] == [1, 1, 1]


@BOTH
def test_answers_are_counted_by_status(make):
    observer = make()
    for status in (200, 404, 200, 500):
        observer.ended("/", status, 0.001)
    assert observer.stats()["statuses"] == {200: 2, 404: 1, 500: 1}


@BOTH
def test_many_threads_lose_no_answer(make, hasty_threads):
    observer = make()

    def answer(number):
        for _ in range(EACH):
            observer.ended("/", 200 + number, 0.001)

    from_many_threads(answer)
    stats = observer.stats()
    assert stats["requests"] == THREADS * EACH
    assert stats["statuses"] == {200 + number: EACH for number in range(THREADS)}


class Interrupted(list):
    """Notes that another thread begins to count at the moment they are copied."""

    def __init__(self, observer):
        self.thread = threading.Thread(target=observer.stats)

    def __getitem__(self, place):
        copied = super().__getitem__(place)
        if self.thread.ident is None:
            self.thread.start()
            self.thread.join(0.1)  # in vain: it has to wait until these are counted
        return copied


@BOTH
def test_two_threads_that_count_at_once_count_nothing_twice(make):
    observer = make()
    observer._notes["/", 200] = notes = Interrupted(observer)
    observer.ended("/", 200, 0.001)
    observer.stats()
    notes.thread.join()
    assert observer.stats()["requests"] == 1


def test_many_threads_lose_no_duration_while_the_stats_are_read(hasty_threads):
    recorder = Recorder()

    def answer(number):
        for place in range(EACH):
            recorder.ended(f"/{number % 2}", 200, 0.001)
            if place % 50 == 0:
                recorder.stats()

    from_many_threads(answer)
    counts = {route: told["count"] for route, told in recorder.stats()["routes"].items()}
    assert counts == {"/0": THREADS * EACH // 2, "/1": THREADS * EACH // 2}


def test_each_route_has_figures_of_its_own():
    recorder = Recorder()
    for seconds in (0.1, 0.1, 0.4):
        recorder.ended("/slow", 200, seconds)
    recorder.ended("/fast", 200, 0.001)
    routes = recorder.stats()["routes"]
    assert set(routes) == {"/slow", "/fast"}
    assert routes["/slow"]["count"] == 3
    assert routes["/slow"]["p50"] == pytest.approx(0.1, rel=0.01)
    assert routes["/slow"]["max"] == 0.4
    assert (routes["/fast"]["count"], routes["/fast"]["max"]) == (1, 0.001)


def test_the_durations_of_a_route_are_a_histogram_of_them_all():
    recorder = Recorder()
    durations = [number / 1024 for number in range(1, 2 * NOTED + 8)]
    for seconds in durations:
        recorder.ended("/", 200, seconds)
    recorder.stats()
    assert recorder.routes == {"/": Histogram(durations)}


def test_several_together_are_told_as_one_that_has_seen_all():
    whole, parts = Recorder(), [Recorder(), Recorder()]
    for number in range(1, 300):
        for recorder in (whole, parts[number % 2]):
            recorder.ended("/" if number % 3 else "/tea", 200, number / 1024)
            recorder.lagged(number / 4096)
    together = whole.tell(total([recorder.counts() for recorder in parts]))
    for name in ("latency", "routes", "loop_lag", "loop_lag_s", "requests", "statuses"):
        assert together[name] == whole.stats()[name]


def test_a_server_without_a_loop_has_no_lag():
    stats = Recorder().stats()
    assert stats["loop_lag_s"] is None
    assert Histogram.from_dict(stats["loop_lag"]).count == 0


def test_the_lag_is_told_as_figures_of_all_heartbeats():
    recorder = Recorder()
    for seconds in [0.001] * 98 + [0.25, 0.5]:
        recorder.lagged(seconds)
    lag = recorder.stats()["loop_lag_s"]
    assert lag["p50"] == pytest.approx(0.001, rel=0.01)
    assert lag["p99"] == pytest.approx(0.25, rel=0.01)
    assert lag["max"] == 0.5


def test_several_may_look_and_each_sees_the_longest_since_its_own_last_look():
    recorder, one, other = Recorder(), HeldUp(), HeldUp()

    def seen(held, at_s):
        fields = held.look(at_s, recorder.counts())
        return [fields["loop_lag_s"], fields["gc_pause_s"]]

    assert seen(one, 0.0) == seen(other, 0.0) == [None, None]
    recorder.lagged(0.125)
    recorder.lagged(0.5)
    recorder.collected(0.25)
    assert seen(one, 1.0) == pytest.approx([0.5, 0.25], rel=0.01)
    recorder.lagged(0.375)
    assert seen(other, 2.0) == pytest.approx([0.5, 0.25], rel=0.01)
    assert seen(one, 2.0) == [pytest.approx(0.375, rel=0.01), None]
    assert seen(one, 3.0) == seen(other, 3.0) == [None, None]


def test_who_asks_changes_nothing_of_what_is_told():
    recorder = Recorder()
    recorder.lagged(0.5)
    recorder.collected(0.25)
    assert recorder.stats() == recorder.stats()


def test_a_plain_observer_is_not_troubled_by_lag():
    observer = Observer()
    observer.lagged(0.5)
    assert "loop_lag_s" not in observer.stats()


@BOTH
def test_a_pickled_observer_tells_the_same_and_counts_on(make):
    observer = make()
    for number in range(NOTED + 5):
        observer.ended("/", 200 + number % 2, number / 1024)
    observer.failed(Failure("GET /", "KeyError: 1", "Traceback", 1.0))
    again = pickle.loads(pickle.dumps(observer))
    assert list(again.errors) == list(observer.errors)
    assert again.stats() == observer.stats()
    again.ended("/", 200, 0.5)
    assert (again.stats()["requests"], observer.stats()["requests"]) == (
        NOTED + 6,
        NOTED + 5,
    )


def test_a_pickled_recorder_keeps_its_routes_and_its_lag():
    recorder = Recorder()
    recorder.ended("/a", 200, 0.25)
    recorder.lagged(0.125)
    again = pickle.loads(pickle.dumps(recorder))
    assert again.stats() == recorder.stats()
    assert again.stats()["loop_lag_s"]["max"] == 0.125
    assert again.routes == {"/a": Histogram([0.25])}


@BOTH
def test_the_stats_are_plain_values_that_travel(make):
    observer = make()
    observer.ended("/", 200, 0.25)
    observer.lagged(0.5)
    stats = observer.stats()
    assert type(stats["statuses"]) is dict
    assert pickle.loads(pickle.dumps(stats)) == stats


def test_only_the_last_failures_are_kept_the_oldest_first():
    observer = Observer()
    for number in range(ERRORS_KEPT + 2):
        observer.failed(Failure(f"GET /{number}", "error", "trace", 1.0))
    kept = [failure.request for failure in observer.errors]
    assert kept == [f"GET /{number}" for number in range(2, ERRORS_KEPT + 2)]


def test_a_failure_tells_the_error_in_one_line_and_its_traceback():
    try:
        raise KeyError("name")
    except KeyError as error:
        failure = Failure.of("GET /users/1", error)
    assert (failure.request, failure.error) == ("GET /users/1", "KeyError: 'name'")
    assert 'raise KeyError("name")' in failure.traceback
