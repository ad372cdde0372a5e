"""`load` and `race` on real servers, and what their reports say."""

from types import SimpleNamespace
from unittest.mock import MagicMock

import pytest

from asyncweb import App, AsyncServer, ThreadServer, load, race
from asyncweb.errors import LoadError
from asyncweb.lab import measure
from asyncweb.lab.demo import Scenario, run_demo
from asyncweb.lab.target import Target, url_of
from asyncweb.loadtest.arrivals import Replay, sine, spike, stages
from asyncweb.loadtest.plan import Plan
from asyncweb.loadtest.progress import Progress
from asyncweb.metrics import probes
from asyncweb.metrics.histogram import Histogram

STAGES = stages([(100, 10), (500, 20)])


class SilentScreen:
    """Collects the frames it would show."""

    def __init__(self):
        self.frames = []
        self.closed = False

    def update(self, frame):
        self.frames.append(frame)

    def close(self):
        self.closed = True


@pytest.fixture
def screen():
    return SilentScreen()


@pytest.fixture
def app():
    app = App()

    @app.get("/users/{id:int}")
    async def user(ctx):
        await ctx.sleep(0.005)
        return {"id": ctx.params["id"]}

    return app


def test_a_race_measures_twins_in_their_own_processes(app, screen):
    fast, slow = AsyncServer(app), ThreadServer(app)
    report = race({"async": fast, "threads": slow}, path="/users/1", connections=10,
                  duration=0.8, rounds=2, screen=screen)  # fmt: skip
    assert not (fast.is_running or slow.is_running)
    assert list(report) == ["async", "threads"]
    for server in report.values():
        assert server.requests > 0 and server.errors == {}
        assert len(server.rounds.results) == 2
        assert server.latency_s["p50"] > 0.004
        assert server.rss_bytes > server.uss_bytes > 0
    assert report["threads"].threads_peak >= 10 > report["async"].threads_peak
    assert report["async"].loop_lag_s and report["threads"].loop_lag_s is None
    assert "With 10 connections" in report.verdict
    assert "p99" in report._repr_html_() and "p99" in repr(report)


def test_the_cpu_of_a_server_is_not_spread_over_the_turns_of_others(monkeypatch):
    now_s = used_s = 0.0
    memory = SimpleNamespace(rss=1, uss=1, vms=1)
    process = MagicMock(
        memory_info=lambda: memory,
        memory_full_info=lambda: memory,
        cpu_times=lambda: SimpleNamespace(user=used_s, system=0.0),
    )
    monkeypatch.setattr(probes.psutil, "Process", lambda pid: process)
    target = Target("busy", "http://127.0.0.1/")
    target._probe = probes.ProcessProbe(1, clock=lambda: now_s)
    progress = Progress(0.5, 1, 2.0, Histogram([0.5]), {}, connected=1, in_flight=0)
    for _ in range(2):
        now_s += 1.0  # others have their turn, and it is idle
        target.begin_turn()
        now_s, used_s = now_s + 0.5, used_s + 0.5
        assert target.snapshot(progress, now_s, connections=1).cpu_percent == 100.0


def test_a_race_asks_a_url_for_nothing_that_it_was_not_told_to(screen):
    app, asked = App(), []
    app.post("/")(lambda ctx: asked.append(ctx.body) or "")
    with AsyncServer(app) as server:
        plan = {"method": "POST", "body": b"tea", "connections": 1, "requests": 10}
        race({"one": server.url}, rounds=2, screen=screen, **plan)
    assert asked == [b"tea"] * 20


@pytest.mark.slow
def test_a_race_by_several_processes_counts_what_all_of_them_asked(screen):
    app = App()
    app.get("/")(lambda ctx: "x")
    with AsyncServer(app) as server:
        report = race({"one": server.url}, connections=5, requests=30, rounds=2, processes=3,
                      screen=screen)  # fmt: skip
    assert (report["one"].requests, report["one"].errors) == (60, {})
    assert [result.connections for result in report["one"].rounds.results] == [5, 5]


@pytest.mark.slow
def test_a_race_shows_both_sides_and_closes_its_screen(app, screen):
    race({"one": AsyncServer(app), "other": AsyncServer(app)}, path="/users/1", connections=5,
         duration=1.2, rounds=1, screen=screen)  # fmt: skip
    last = screen.frames[-1]
    assert [track.name for track in last.tracks] == ["one", "other"]
    assert all(track.now.requests for track in last.tracks)
    assert screen.closed


def test_a_view_opens_before_the_servers_and_the_load_have_started(app, screen):
    race({"async": AsyncServer(app)}, path="/users/1", connections=2, duration=0.3, rounds=1,
         screen=screen)  # fmt: skip
    first, last = screen.frames[0], screen.frames[-1]
    assert (first.note, [track.name for track in first.tracks]) == ("starting", ["async"])
    assert not first.tracks[0].snapshots and not last.note


def test_load_measures_a_server_as_it_runs(app, screen):
    with AsyncServer(app) as server:
        measured = load(server, path="/users/7", connections=3, duration=0.4, screen=screen)
        assert server.stats()["requests"] >= measured.requests > 0
    assert measured.name == "async"
    assert measured.rss_bytes is None  # it runs in this process, whose memory is not its own


class Planned:
    """A bench that does nothing: what it found is what it should have done."""

    def __init__(self, targets, **more):
        pass

    def __enter__(self):
        return self

    def __exit__(self, *error):
        pass

    def warm_up(self, plan, path):
        pass

    def step(self, plan, path, rounds, title):
        return SimpleNamespace(servers=[SimpleNamespace(plan=plan, title=title)])

    def conclude(self, found):
        return found


@pytest.fixture
def planned(app, monkeypatch):
    """What would be done: `planned.load(...)`, and `planned.race(...)` of a turn."""
    monkeypatch.setattr(measure, "Bench", Planned)
    server = AsyncServer(app)
    return SimpleNamespace(
        load=lambda **settings: load(server, **settings),
        race=lambda **settings: race({"async": server}, **settings).servers[0],
    )


@pytest.mark.parametrize(
    ("rate", "seconds"),
    [
        (None, 10),
        (50, 10),
        (STAGES, 30),
        (spike(100, 1000, at_s=5, for_s=2), 12),
        (sine(0, 200, period_s=40), 40),
        (Replay((0.0, 60.0)), 61),
    ],
)
def test_a_load_lasts_as_long_as_its_schedule_unless_somebody_says_how_long(planned, rate, seconds):
    assert planned.load(rate=rate).plan.lasts_s == seconds
    assert planned.load(rate=rate, duration=3).plan.lasts_s == 3
    assert planned.load(rate=rate).plan.arrivals is rate or rate == 50


def test_a_race_runs_a_schedule_whole_in_each_turn_and_divides_any_other_load(planned):
    for whole in ({"rate": STAGES}, {"rate": STAGES, "duration": 30}):
        assert planned.race(**whole).plan.lasts_s == 30
    for divided in ({}, {"rate": 50}, {"duration": 10}):
        assert planned.race(**divided, rounds=5).plan.lasts_s == 2


def test_a_race_warms_up_before_each_turn_and_counts_all_of_its_duration(planned):
    for counted in ({}, {"rate": 50}, {"duration": 10}):
        turn = planned.race(**counted, rounds=4, warm_up_s=3).plan
        assert turn.lasts_s - turn.warm_up_s == 2.5
    assert planned.race(rate=STAGES, warm_up_s=3).plan.lasts_s == 30, "it is a part of the schedule"


@pytest.mark.parametrize("way", ["load", "race"])
def test_a_load_that_ends_before_its_schedule_does_not_claim_the_rest(planned, way):
    cut = getattr(planned, way)(rate=STAGES, duration=10)
    assert cut.plan.schedule == f"the first 10 s of {STAGES}"
    assert [share.schedule for share in cut.plan.shared(2)] == 2 * [cut.plan.schedule]
    assert cut.title == f"GET /, 50 connections, the first 10 s of {STAGES}"


def test_a_recording_is_asked_for_to_its_last_moment(app, screen):
    with AsyncServer(app) as server:
        found = load(server, path="/users/1", rate=Replay((0.0, 0.1, 0.2)), screen=screen)
    assert (found.requests, found.errors, found.result.dropped) == (3, {}, 0)


def test_answers_that_are_errors_are_told(app, screen):
    with AsyncServer(app) as server:
        measured = load(server.url + "/nowhere", requests=6, connections=2, screen=screen)
    assert measured.errors == {"4xx": 6}


@pytest.mark.parametrize(
    ("end_of_url", "path", "asked"),
    [
        ("", "", "/"),
        ("/", "", "/"),
        ("/tea", "", "/tea"),
        ("/tea/", "", "/tea/"),
        ("/tea?hot=1", "", "/tea?hot=1"),
        ("/tea/", "/green", "/tea/green"),
    ],
)
def test_a_url_means_what_it_says(end_of_url, path, asked):
    assert Plan(url_of(f"http://127.0.0.1:8000{end_of_url}", path)).target == asked


@pytest.mark.parametrize(("path", "asked"), [("", "/tea/"), ("/green", "/tea/green")])
def test_a_url_is_asked_for_as_it_is_given(path, asked, screen):
    app, seen = App(), set()

    @app.get("/{rest:path}")
    def answer(ctx):
        seen.add(ctx.request.target)
        return "x"

    with AsyncServer(app) as server:
        url = f"{server.url}/tea/"
        race({"one": url}, path=path, connections=1, duration=0.1, rounds=1, screen=screen)
        load(url, path=path, connections=1, requests=2, screen=screen)
    assert seen == {asked}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"targets": {}}, "nothing to measure"),
        ({"targets": {"x": 7}}, "expected a server or a URL"),
        ({"path": "users"}, "expected a path such as '/users'"),
        ({"targets": 5}, r"race\(5\): expected servers or URLs by their names"),
        ({"path": 5}, "path=5: expected a path"),
        ({"rounds": 0}, "rounds=0"),
        ({"rounds": "x"}, "rounds='x': expected a whole number"),
        ({"connections": "x"}, "connections='x': expected a whole number"),
        ({"duration": "x"}, "duration_s='x': expected seconds above 0"),
        ({"colour": "red"}, "no such setting"),
        ({"connections": 0}, "connections=0"),
        ({"processes": 0}, "processes=0: expected a whole number, 1 or more"),
        ({"connections": 2, "processes": 3}, "connections=2 cannot be shared by 3 processes"),
        ({"duration": -1}, "expected seconds above 0"),
    ],
)
def test_a_race_that_makes_no_sense_is_refused_before_anything_starts(wrong, said, app, screen):
    sensible = {"targets": {"async": AsyncServer(app)}, "screen": screen}
    with pytest.raises(LoadError, match=said):
        race(**{**sensible, **wrong})


@pytest.mark.parametrize("wrong", [5, None, App()], ids=["number", "None", "App"])
def test_a_load_goes_to_a_server_or_a_url(wrong, screen):
    with pytest.raises(LoadError, match="expected a started server or a URL"):
        load(wrong, screen=screen)


def test_load_says_that_a_server_does_not_run(app, screen):
    with pytest.raises(LoadError, match=r"is not running; call start\(\) first"):
        load(AsyncServer(app), screen=screen)


def test_the_demo_climbs_in_steps_within_its_time():
    assert Scenario().steps == (50, 250, 1000)
    assert Scenario(connections=7).steps == (7,)
    assert 12 * Scenario(duration_s=30).turn_s == pytest.approx(25)
    assert Scenario(duration_s=8).turn_s == Scenario(duration_s=6, connections=7).turn_s == 0.25


@pytest.mark.parametrize("duration_s", [7.9, 0, -1, float("nan"), float("inf")])
def test_a_demo_that_has_no_room_for_its_turns_is_refused(duration_s):
    with pytest.raises(LoadError, match="expected 8 s or more, so that 12 turns have room"):
        Scenario(duration_s=duration_s)


def test_the_demo_keeps_what_it_measured_when_it_is_interrupted():
    class Impatient(SilentScreen):
        def update(self, frame):
            super().update(frame)
            if not self.closed and all(track.snapshots for track in frame.tracks):
                self.closed = True  # one Ctrl-C is enough
                raise KeyboardInterrupt

    outcome = run_demo(Scenario(duration_s=7, connections=5), Impatient())
    assert outcome.interrupted
    assert [server.name for server in outcome.last.servers] == ["async", "threads"]
