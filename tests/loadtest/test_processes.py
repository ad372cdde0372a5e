"""A load made by several processes: shared out, started together, found as one."""

import math

import pytest

from asyncweb.errors import LoadError
from asyncweb.loadtest import arrivals
from asyncweb.loadtest.arrivals import Replay
from asyncweb.loadtest.ask import Ask
from asyncweb.loadtest.plan import Plan
from asyncweb.loadtest.run import LoadProcess
from tests.conftest import PATIENCE_S

pytestmark = pytest.mark.slow  # processes are started, and loads run for a while

URL = "http://127.0.0.1:8000/"
PROCESSES = 3


@pytest.fixture(scope="module")
def load():
    with LoadProcess(PROCESSES) as processes:
        yield processes


def test_the_shares_of_a_plan_are_the_plan():
    plan = Plan(URL, connections=8, requests=10, max_waiting=5, arrivals=arrivals.constant(100))
    shares = plan.shared(3)
    for name in ("connections", "requests", "max_waiting"):
        assert sum(getattr(share, name) for share in shares) == getattr(plan, name)
    moments = sorted(
        moment
        for share in shares
        for moment, _ in zip(share.arrivals.moments(0), range(100), strict=False)
    )
    assert moments[:200] == [
        moment for moment, _ in zip(plan.arrivals.moments(0), range(200), strict=False)
    ]
    assert plan.shared(1) == [plan]


@pytest.mark.parametrize("settings", [{"connections": 2}, {"connections": 9, "requests": 1}])
def test_what_is_too_little_to_be_shared_is_refused(settings):
    with pytest.raises(LoadError, match="cannot be shared by 3 processes"):
        Plan(URL, **settings).shared(3)


def test_each_request_is_asked_by_one_of_them(load, server, seen):
    mix = (Ask("/note/{{n}}"),)
    result = load.run(Plan(server.url, connections=4, requests=31, mix=mix))
    assert (result.requests, result.errors, result.connections) == (31, {}, 4)
    assert len(seen) == len(set(seen)) == 31 + 4, "with the first question of each connection"


def test_they_keep_one_schedule_together(load, server):
    due = Replay(tuple(number / 100 for number in range(40)))
    result = load.run(Plan(server.url, connections=6, arrivals=due, duration_s=PATIENCE_S))
    assert (result.requests, result.latency.count, result.slips.count) == (40, 40, 40)
    assert result.schedule == "40 recorded moments"
    assert 0.35 < result.duration_s < PATIENCE_S


def test_progress_is_that_of_all(load, server):
    told = []
    result = load.run(Plan(server.url, connections=6, duration_s=0.8), told.append)
    assert told[-1].connected == 6
    assert 0 < told[-1].requests <= result.requests
    assert told[-1].latency.count == told[-1].requests
    assert math.isclose(result.duration_s, 0.8, abs_tol=0.4)


def test_ctrl_c_ends_them_all_with_what_they_have_found(load, server):
    def interrupt(progress):
        if progress.requests:
            raise KeyboardInterrupt

    result = load.run(Plan(server.url, connections=6, duration_s=30), interrupt)
    assert result.interrupted and result.requests and result.duration_s < 20
    again = load.run(Plan(server.url, connections=3, requests=9))
    assert (again.requests, again.interrupted) == (9, False)


def test_when_one_of_them_dies_the_run_says_so(server):
    with LoadProcess(2) as load:
        load._children[1].process.kill()
        with pytest.raises(LoadError, match="the load generator"):
            load.run(Plan(server.url, connections=2, duration_s=PATIENCE_S))


@pytest.mark.parametrize("processes", [1, 2])
def test_who_is_stopped_before_the_plan_has_begun_ends_all_the_same(server, processes, monkeypatch):
    snapshots = LoadProcess.snapshots

    def interrupted(self):
        monkeypatch.setattr(LoadProcess, "snapshots", snapshots)
        raise KeyboardInterrupt  # at once: the plan is on its way

    monkeypatch.setattr(LoadProcess, "snapshots", interrupted)
    with LoadProcess(processes) as load:
        result = load.run(Plan(server.url, connections=2, duration_s=PATIENCE_S))
    assert result.interrupted and result.duration_s < PATIENCE_S / 2
