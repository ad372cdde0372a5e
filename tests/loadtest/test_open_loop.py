"""The open loop: asked when it is due, whoever has answered; what could not be sent is counted."""

import asyncio
import json
import threading
import time

import pytest

from asyncweb import App, AsyncServer
from asyncweb.errors import LoadError
from asyncweb.loadtest import arrivals
from asyncweb.loadtest.arrivals import Replay
from asyncweb.loadtest.ask import Ask
from asyncweb.loadtest.client import Crowd
from asyncweb.loadtest.plan import Plan
from tests.conftest import PATIENCE_S

STALL_S, OF_S = 0.2, 1.0


def test_every_moment_of_a_schedule_is_asked_once_and_the_load_ends_with_it(load, server, seen):
    schedule = Replay(tuple(number / 200 for number in range(50)))
    mix = (Ask("/note/{{n}}"),)
    result = load.run(
        Plan(server.url, connections=3, arrivals=schedule, mix=mix, duration_s=PATIENCE_S)
    )
    assert (result.requests, result.errors, result.dropped) == (50, {}, 0)
    assert result.latency.count == result.service.count == result.slips.count == 50
    assert len(set(seen[3:])) == 50, "but for the first question of each connection"
    assert 0.24 < result.duration_s < PATIENCE_S


def test_what_is_due_while_no_connection_is_free_waits_and_its_clock_runs(load, server):
    due = Replay((0.0, 0.0, 0.0, 0.0))
    result = load.run(
        Plan(f"{server.url}/slow", connections=1, arrivals=due, duration_s=PATIENCE_S)
    )
    assert result.requests == 4
    assert result.service.min > 0.095  # the loop's clock counts milliseconds
    assert result.latency.max > 0.38 > 2 * result.service.min
    assert result.latency.total > result.service.total + 0.5


def test_what_finds_no_room_to_wait_is_dropped_and_counted(load, server):
    due = Replay((0.0,) * 10)
    plan = Plan(
        f"{server.url}/slow", connections=2, arrivals=due, max_waiting=3, duration_s=PATIENCE_S
    )
    result = load.run(plan)
    assert (result.requests, result.dropped) == (5, 5)


def test_what_still_waits_at_the_end_was_never_sent(load, server):
    plan = Plan(f"{server.url}/slow", connections=1, arrivals=Replay((0.0,) * 9), duration_s=0.15)
    result = load.run(plan)
    assert result.requests + result.dropped == 9
    assert 1 <= result.requests <= 3


def test_a_stalling_server_is_told_by_the_corrected_latency_and_hidden_by_the_other(load):
    app, asked_at, stalled = App(), [], threading.Event()

    @app.get("/")
    def stall(ctx):
        asked_at.append(time.monotonic())
        # The first question comes between two stalls, and so does the end: neither is in one.
        phase = (asked_at[-1] - asked_at[0] + OF_S / 2) % OF_S
        if phase < STALL_S:
            stalled.wait(STALL_S - phase)  # holds up the loop, and so everybody
        return ""

    with AsyncServer(app) as server:
        plan = Plan(server.url, connections=5, arrivals=arrivals.constant(200), duration_s=2 * OF_S)
        result = load.run(plan)
    # Of all requests, STALL_S / OF_S are due in a stall, evenly from its beginning to its end.
    expected_s = STALL_S * (1 - (1 - 0.9) / (STALL_S / OF_S))
    assert result.latency.percentile(0.9) == pytest.approx(expected_s, rel=0.25)
    assert result.service.percentile(0.9) < expected_s / 2


@pytest.mark.slow
def test_seconds_of_warm_up_are_not_counted(load, server):
    plan = Plan(
        server.url, connections=2, arrivals=arrivals.constant(100), duration_s=1.0, warm_up_s=0.6
    )
    result = load.run(plan)
    assert 35 <= result.requests <= 45
    assert 0.35 < result.duration_s < 0.9


@pytest.mark.parametrize("pipelined", [1, 7])
def test_a_closed_loop_may_have_several_requests_in_flight(load, server, seen, pipelined):
    plan = Plan(
        server.url, connections=2, requests=70, pipelined=pipelined, mix=(Ask("/note/{{n}}"),)
    )
    result = load.run(plan)
    assert (result.requests, result.errors) == (70, {})
    assert sorted(seen) == list(range(70))


def test_kinds_of_request_may_be_in_flight_together_on_one_connection(load, server):
    mix = (Ask("/users/1"), Ask("/users/1", "HEAD"))
    result = load.run(Plan(server.url, connections=2, requests=60, pipelined=5, mix=mix))
    assert (result.requests, result.errors) == (60, {})


def test_who_thinks_between_two_requests_asks_less_and_is_limited_by_it(load, server):
    result = load.run(Plan(server.url, connections=2, think_s=0.1, duration_s=1.05))
    assert 12 <= result.requests <= 22
    assert result.latency.max < 0.1, "the thought is not a part of it"
    assert result.limited_by in ("think time", "client lag"), "on a busy machine"


@pytest.mark.slow
def test_each_second_has_its_own_figures(load, server):
    schedule = arrivals.stages([(50, 1), (200, 0.001), (200, 1.2)])
    result = load.run(Plan(server.url, connections=4, arrivals=schedule, duration_s=PATIENCE_S))
    assert [second.at_s for second in result.seconds] == [0, 1]
    assert [second.requests for second in result.seconds] == pytest.approx([50, 200], abs=12)
    assert all(0 < second.p50_s <= second.p99_s <= second.max_s for second in result.seconds)


@pytest.mark.slow
def test_a_run_of_a_second_has_told_of_it_when_it_ends(load, server):
    result = load.run(Plan(server.url, connections=2, duration_s=1.0))
    assert [second.at_s for second in result.seconds] == [0]
    assert result.requests - result.late == result.seconds[0].requests


def test_a_run_that_ends_while_it_warms_up_has_found_nothing(server):
    async def cut_short():
        crowd = Crowd(Plan(server.url, connections=2, warm_up_s=5.0))
        asyncio.get_running_loop().call_later(0.1, crowd.over.set)
        return await crowd.run()

    result = asyncio.run(cut_short())
    assert (result.requests, result.duration_s, result.throughput_rps) == (0, 0.0, 0.0)
    assert result.limited_by == "nothing was answered"
    assert json.dumps(result.to_dict(), allow_nan=False)


@pytest.mark.slow
def test_a_schedule_that_is_met_is_the_limit_and_too_few_connections_are_another(load, server):
    met = load.run(Plan(server.url, arrivals=arrivals.constant(50), duration_s=0.5))
    assert met.limited_by in ("schedule", "schedule slip", "client lag"), "on a busy machine"
    slow = f"{server.url}/slow"
    missed = load.run(Plan(slow, connections=1, arrivals=arrivals.constant(50), duration_s=0.9))
    assert missed.limited_by == "connections"


def test_bytes_and_connections_are_counted(load, server):
    result = load.run(Plan(server.url, connections=3, requests=30))
    size = len(f"GET / HTTP/1.1\r\nhost: 127.0.0.1:{server.port}\r\n\r\n")
    assert result.sent_bytes == 30 * size
    assert result.received_bytes > 30 * len("hello")
    assert result.connects.count == 3


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"mix": (Ask("/a"),), "method": "POST"}, "leave method, headers and body to its parts"),
        ({"arrivals": arrivals.constant(1), "think_s": 1}, "think_s belongs to a closed loop"),
        ({"pipelined": 0}, "pipelined=0: expected a whole number, 1 or more"),
        ({"pipelined": 5000}, "expected at most 1000"),
        ({"pipelined": 2, "keep_alive": False}, "needs connections that are kept alive"),
        ({"pipelined": 2, "think_s": 1}, "goes with neither arrivals nor think_s"),
        ({"warm_up_s": 10}, "warm_up_s=10: expected less than the duration, 10.0"),
        ({"think_s": -1}, "think_s=-1: expected seconds, 0 or more"),
        ({"seed": "x"}, "seed='x': expected a whole number"),
    ],
)
def test_a_plan_that_contradicts_itself_cannot_be_made(settings, told):
    with pytest.raises(LoadError) as caught:
        Plan("http://127.0.0.1/", **settings)
    assert told in str(caught.value)
