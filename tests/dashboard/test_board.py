"""A dashboard looks at real servers while they run, and leaves nothing behind."""

import os
import sys
import threading

import pytest

from asyncweb import App, AsyncServer, Dashboard, HTTPError, ThreadServer
from asyncweb.dashboard import board, standing_back
from asyncweb.dashboard.watched import Watched
from asyncweb.metrics.histogram import Histogram, details
from asyncweb.metrics.recorder import Recorder
from tests.conftest import eventually
from tests.ecosystem.conftest import library


class FakeScreen:
    """Collects the frames it is given."""

    def __init__(self):
        self.frames = []
        self.closed = 0

    def update(self, frame):
        self.frames.append(frame)

    def close(self):
        self.closed += 1

    def last(self, name):
        return next(track for track in self.frames[-1].tracks if track.name == name)


def sample_app():
    app = App()

    @app.get("/")
    def home(ctx):
        return "hello"

    @app.get("/refused")
    def refused(ctx):
        raise HTTPError(418, "no")

    @app.get("/boom")
    def boom(ctx):
        return 1 / 0

    return app


@pytest.fixture
def screen():
    return FakeScreen()


@pytest.fixture(autouse=True)
def looks_often(monkeypatch):
    monkeypatch.setattr(board, "EVERY_S", 0.005)


@pytest.fixture
def fast():
    with AsyncServer(sample_app(), name="fast", observer=Recorder()) as server:
        yield server


@pytest.fixture
def slow():
    with ThreadServer(sample_app(), name="slow", observer=Recorder()) as server:
        yield server


@pytest.fixture
def far():
    """A server in a process of its own."""
    server = ThreadServer(sample_app(), name="far", observer=Recorder()).start(process=True)
    yield server
    server.stop()


def dashboard_threads():
    return [thread for thread in threading.enumerate() if thread.name == "asyncweb-dashboard"]


def test_a_script_marks_a_moment(fast, screen):
    with Dashboard(fast, screen=screen) as board:
        eventually(lambda: screen.frames)
        board.mark("here")
    assert [mark.label for mark in screen.frames[-1].marks] == ["here"]


class KeyedFakeScreen(FakeScreen):
    """Somebody sits there, who has marked a moment and quit."""

    was_quit = True

    def listen(self, mark):
        mark("by a key")


def test_who_quits_by_a_key_leaves_the_block_and_nothing_else_is_swallowed(fast):
    screen = KeyedFakeScreen()
    with Dashboard(fast, screen=screen):
        raise KeyboardInterrupt
    assert [mark.label for mark in screen.frames[-1].marks] == ["by a key"]
    with pytest.raises(RuntimeError), Dashboard(fast, screen=KeyedFakeScreen()):
        raise RuntimeError
    with pytest.raises(KeyboardInterrupt), Dashboard(fast, screen=FakeScreen()):
        raise KeyboardInterrupt


def test_both_servers_are_shown_again_and_again_while_they_run(fast, slow, screen):
    with Dashboard(fast, slow, screen=screen):
        eventually(lambda: len(screen.frames) >= 3)
    tracks = screen.frames[-1].tracks
    assert [(track.name, track.engine) for track in tracks] == [
        ("fast", "async"),
        ("slow", "threads"),
    ]
    for track in tracks:
        moments = [moment.at_s for moment in track.snapshots]
        assert len(moments) >= 3
        assert moments == sorted(set(moments))


def test_requests_and_connections_are_those_of_each_server(fast, far, screen, peer):
    with Dashboard(fast, far, screen=screen):
        clients = [peer(fast), peer(far), peer(far)]
        for client in clients:
            client.get("/")
    assert (screen.last("fast").now.requests, screen.last("fast").now.connections) == (1, 1)
    assert (screen.last("far").now.requests, screen.last("far").now.connections) == (2, 2)
    assert screen.last("far").now.in_flight == 0


def test_the_throughputs_of_all_intervals_add_up_to_the_requests(fast, screen, peer):
    with Dashboard(fast, screen=screen):
        client = peer(fast)
        for _ in range(50):
            client.get("/")
    moments = screen.last("fast").snapshots
    ends = [0.0, *(moment.at_s for moment in moments)]
    rates = zip(moments, ends, strict=False)
    assert sum(now.throughput_rps * (now.at_s - then) for now, then in rates) == pytest.approx(50)


def test_the_cost_is_told_of_a_process_of_its_own_and_not_of_this_one(fast, far, screen):
    with Dashboard(fast, far, screen=screen):
        eventually(lambda: len(screen.frames) >= 3)
    other, here = screen.last("far").now, screen.last("fast").now
    assert other.rss_bytes >= other.uss_bytes > 0
    assert other.threads >= 1
    assert other.cpu_percent >= 0
    assert (here.rss_bytes, here.uss_bytes, here.threads, here.cpu_percent) == (None,) * 4


def test_latency_is_that_of_all_routes(fast, slow, screen, peer):
    with Dashboard(fast, slow, screen=screen):
        for _ in range(3):
            peer(fast).get("/")
        peer(fast).get("/refused")
    latency_s = screen.last("fast").now.latency_s
    assert latency_s == details(Histogram.from_dict(fast.stats()["latency"]))
    assert latency_s["max"] > 0
    assert screen.last("slow").now.latency_s == {}


def test_without_a_recorder_the_latency_is_unknown(screen, peer):
    with AsyncServer(sample_app()) as server, Dashboard(server, screen=screen):
        peer(server).get("/")
    assert screen.last("async").now.latency_s == {}


def test_refused_and_failed_requests_are_told_apart(slow, screen, peer):
    with Dashboard(slow, screen=screen):
        for path in ("/", "/refused", "/refused", "/nowhere", "/boom"):
            peer(slow).get(path)
    assert screen.last("slow").now.errors == {"4xx": 3, "5xx": 1}


def test_without_errors_none_are_told(slow, screen, peer):
    with Dashboard(slow, screen=screen):
        peer(slow).get("/")
    assert screen.last("slow").now.errors == {}


def test_only_a_server_with_a_loop_has_lag(fast, slow, screen, fast_sweeps):
    def lags(name):
        return [moment.loop_lag_s for moment in screen.last(name).snapshots]

    with Dashboard(fast, slow, screen=screen):
        eventually(lambda: screen.frames and any(lag is not None for lag in lags("fast")))
    assert set(lags("slow")) == {None}


def test_the_last_moment_is_shown_even_when_nothing_was_before(fast, screen, monkeypatch, peer):
    monkeypatch.setattr(board, "EVERY_S", 3600.0)
    with Dashboard(fast, screen=screen):
        peer(fast).get("/")
    assert len(screen.frames) == 1
    assert screen.last("fast").now.requests == 1


def test_a_dashboard_can_be_started_and_stopped_twice(fast, screen):
    dashboard = Dashboard(fast, screen=screen)
    assert dashboard.start() is dashboard.start() is dashboard
    assert len(dashboard_threads()) == 1
    dashboard.stop()
    frames = len(screen.frames)
    dashboard.stop()
    assert (len(screen.frames), screen.closed) == (frames, 1)


def test_a_dashboard_that_was_never_started_stops_without_a_word(fast, screen):
    Dashboard(fast, screen=screen).stop()
    assert (screen.frames, screen.closed) == ([], 0)


def test_a_stopped_dashboard_can_be_started_again(fast, screen):
    dashboard = Dashboard(fast, screen=screen)
    for rounds in (1, 2):
        frames = len(screen.frames)
        with dashboard:
            eventually(lambda frames=frames: len(screen.frames) > frames)
        assert screen.closed == rounds


def test_no_thread_is_left_even_when_the_block_fails(fast, screen):
    with pytest.raises(ZeroDivisionError), Dashboard(fast, screen=screen):
        assert len(dashboard_threads()) == 1
        _ = 1 / 0
    assert dashboard_threads() == []
    assert screen.closed == 1


def test_a_server_that_stops_meanwhile_keeps_its_moments(fast, slow, screen):
    with Dashboard(fast, slow, screen=screen):
        eventually(lambda: screen.frames and screen.last("slow").snapshots)
        slow.stop()
        known = len(screen.last("slow").snapshots)
        seen = len(screen.last("fast").snapshots)
        eventually(lambda: len(screen.last("fast").snapshots) > seen + 2)
    assert known <= len(screen.last("slow").snapshots) <= known + 1


def test_a_server_that_starts_later_is_shown_from_then_on(fast, screen):
    late = ThreadServer(sample_app(), name="late")
    with Dashboard(fast, late, screen=screen):
        eventually(lambda: screen.frames and screen.last("fast").snapshots)
        assert screen.last("late").snapshots == ()
        with late:
            eventually(lambda: screen.last("late").snapshots)


def test_servers_of_one_name_are_told_apart_by_their_ports(slow, screen):
    with AsyncServer(sample_app()) as one, AsyncServer(sample_app()) as other:
        with Dashboard(one, slow, other, screen=screen):
            pass
        names = [track.name for track in screen.frames[-1].tracks]
        assert names == [f"async:{one.port}", "slow", f"async:{other.port}"]


def test_a_server_that_is_given_twice_is_shown_twice(fast, slow, screen):
    with Dashboard(fast, slow, fast, screen=screen):
        eventually(lambda: screen.frames)
    assert [track.name for track in screen.frames[-1].tracks] == ["fast", "slow", "fast (2)"]
    assert all(track.snapshots for track in screen.frames[-1].tracks)


def test_the_title_is_the_one_given_or_else_the_addresses(fast, slow, screen):
    for title in ("", "a lesson"):
        with Dashboard(fast, slow, title=title, screen=screen):
            pass
        assert screen.frames[-1].title == (title or f"{fast.url}, {slow.url}")


def test_what_was_answered_before_is_no_throughput(fast, screen, peer):
    client = peer(fast)
    for _ in range(100):
        client.get("/")
    with Dashboard(fast, screen=screen):
        eventually(lambda: screen.frames)
    moments = screen.last("fast").snapshots
    assert {moment.throughput_rps for moment in moments} == {0.0}
    assert screen.last("fast").now.requests == 100


def test_shown_again_it_ends_where_it_was_and_its_time_goes_on(fast, screen):
    dashboard = Dashboard(fast, screen=screen)
    for rounds in (0, 1):
        frames = len(screen.frames)
        assert dashboard.show() is None
        eventually(lambda frames=frames: len(screen.frames) > frames)
        assert (len(dashboard_threads()), screen.closed) == (1, rounds)
    dashboard.stop()
    moments = [moment.at_s for moment in screen.last("fast").snapshots]
    assert moments == sorted(set(moments))


def test_run_looks_from_the_thread_that_asks_for_so_long(fast, screen, monkeypatch):
    drew = []
    monkeypatch.setattr(screen, "update", lambda frame: drew.append(threading.current_thread()))
    Dashboard(fast, screen=screen).run(0.2)
    assert len(drew) >= 3
    assert set(drew) == {threading.current_thread()}
    assert screen.closed == 1
    assert dashboard_threads() == []


def test_an_interrupt_ends_a_run_with_the_last_moment(fast, screen, monkeypatch):
    show, shown = screen.update, []

    def interrupted(frame):
        show(frame)
        shown.append(frame)
        if len(shown) == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr(screen, "update", interrupted)
    Dashboard(fast, screen=screen).run()
    assert (len(shown), screen.closed) == (4, 1)


@pytest.mark.slow  # it needs the extra course
def test_a_mark_is_in_the_frames_and_in_the_report(fast, screen):
    library("matplotlib")
    dashboard = Dashboard(fast, screen=screen)
    with dashboard:
        dashboard.mark("more clients")
        eventually(lambda: len(screen.frames) >= 2)
    (mark,) = screen.frames[-1].marks
    assert 0 <= mark.at_s <= screen.last("fast").now.at_s
    assert mark.label == "more clients"
    assert "more clients" in dashboard.plot().says


def test_the_address_of_its_page_is_below_the_view_while_the_page_is_there(fast, screen):
    with Dashboard(fast, screen=screen, page=True) as dash:
        address = f"page: {dash.page()}"
        eventually(lambda: screen.frames and screen.frames[-1].note == address)
        dash.note = "now we add 1,000 clients"
        eventually(lambda: screen.frames[-1].note == dash.note)
        dash.note = ""
        eventually(lambda: screen.frames[-1].note == address)
    assert screen.frames[-1].note == ""


def test_a_screen_is_opened_when_none_is_given(fast, screen, monkeypatch):
    monkeypatch.setattr(board, "open_screen", lambda: screen)
    with Dashboard(fast):
        pass
    assert (len(screen.frames) >= 1, screen.closed) == (True, 1)


def test_the_heap_is_told_of_a_server_that_was_asked_for_it(screen, peer):
    recorder = Recorder(heap=True)
    server = ThreadServer(sample_app(), name="one", observer=recorder).start(process=True)
    with Dashboard(server, screen=screen, show=["heap"]):
        peer(server).get("/")
    server.stop()
    heap = screen.last("one").now.heap
    assert heap["dict"] > 0
    assert list(heap.values()) == sorted(heap.values(), reverse=True)
    assert screen.frames[-1].show == ("heap",)


def test_without_being_asked_nobody_looks_at_the_heap(fast, screen):
    with Dashboard(fast, screen=screen):
        pass
    assert screen.last("fast").now.heap == {}


def test_an_unknown_panel_is_refused_with_the_known_ones(fast):
    with pytest.raises(ValueError, match=r"no panel 'latencies', did you mean 'latency'\?.*heat"):
        Dashboard(fast, show=["latencies"])


def test_the_slowest_routes_and_the_last_errors_are_told(slow, screen, peer):
    with Dashboard(slow, screen=screen):
        for path in ("/", "/boom"):
            peer(slow).get(path)
    now = screen.last("slow").now
    assert set(now.routes) == {"/", "/boom"}
    assert now.failures == ("GET /boom: ZeroDivisionError: division by zero",)


def test_a_route_whose_first_answer_is_being_counted_is_none_of_the_slowest():
    recorder = Recorder()
    recorder.ended("/", 200, 0.25)
    recorder.routes["/new"] = Histogram()
    with AsyncServer(App(), observer=recorder) as server:
        assert Watched(server).sample(1.0).routes == {"/": 0.25}


def test_what_looking_costs_is_told_and_a_server_that_answers_misses_nothing(fast, screen):
    with Dashboard(fast, screen=screen):
        eventually(lambda: len(screen.frames) >= 3)
    watch = screen.frames[-1].watch
    assert watch.looks >= 3
    assert watch.cpu_percent >= 0, "also of the last look, which another thread takes"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has priorities of threads")
def test_who_draws_stands_back_for_those_who_serve_and_nobody_else_does(fast, screen):
    def niceness(thread):
        return os.getpriority(os.PRIO_PROCESS, thread.native_id)

    before = niceness(threading.main_thread())
    with Dashboard(fast, screen=screen):
        eventually(lambda: screen.frames)
        (drawing,) = dashboard_threads()
        assert niceness(drawing) == min(before + standing_back.NICENESS, 19)
        assert niceness(threading.main_thread()) == before


def test_a_dashboard_of_nothing_is_refused():
    with pytest.raises(ValueError, match="one server or more"):
        Dashboard()
