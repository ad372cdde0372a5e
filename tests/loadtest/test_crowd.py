"""The load generator against servers that misbehave in every way a server can."""

import asyncio
import itertools
import os
import signal
import socket
import sys
import threading
import time
from unittest.mock import Mock

import pytest

from asyncweb import App, AsyncServer
from asyncweb.errors import LoadError
from asyncweb.loadtest import client, door
from asyncweb.loadtest.arrivals import Replay
from asyncweb.loadtest.plan import Plan
from asyncweb.loadtest.run import LoadProcess
from asyncweb.loadtest.visitor import Visitor
from asyncweb.servers.base import reset_on_close
from asyncweb.servers.child import packed
from tests.conftest import PATIENCE_S

HELLO = b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello"
CHUNKED = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"
FAILED = b"HTTP/1.1 500 Oops\r\ncontent-length: 0\r\n\r\n"
MISSING = b"HTTP/1.1 404 No\r\ncontent-length: 0\r\n\r\n"
UNFRAMED = b"HTTP/1.1 200 OK\r\n\r\nhello"
CLOSING = b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 5\r\n\r\nhello"
INTERIM = b"HTTP/1.1 100 Continue\r\n\r\n"


def answer(data, then_close=False):
    def act(connection):
        connection.sendall(data)
        if then_close:
            connection.close()

    return act


def reset(connection):
    reset_on_close(connection)
    connection.close()


def test_a_connection_that_never_says_it_is_gone_does_not_hold_up_the_result(monkeypatch):
    monkeypatch.setattr(client, "WIND_DOWN_S", 0.05)
    app = App()
    app.get("/")(lambda ctx: "hello")

    async def run(url):
        crowd = client.Crowd(Plan(url, connections=1, duration_s=0.05))
        crowd.visitors.add(Mock(sent_at=None, asked=()))  # cancelled while it connected
        return await asyncio.wait_for(crowd.run(), PATIENCE_S)

    with AsyncServer(app) as server:
        assert asyncio.run(run(server.url)).errors == {}


def test_a_connection_may_end_after_the_visit_that_waited_for_it_was_cancelled():
    async def end():
        visitor = Visitor(client.Crowd(Plan("http://127.0.0.1:9/")))
        visitor.gone.cancel()
        visitor.connection_lost(None)
        assert visitor.ready.done()

    asyncio.run(end())


@pytest.mark.parametrize("data", [HELLO, CHUNKED, INTERIM + HELLO])
def test_whole_answers_are_requests_and_no_errors(load, scripted, data):
    result = load.run(Plan(scripted(answer(data)), connections=3, requests=30))
    assert (result.requests, result.errors) == (30, {})
    assert result.latency.count == 30


@pytest.mark.parametrize("data", [CLOSING, UNFRAMED])
def test_a_connection_closed_after_an_answer_is_made_anew(load, scripted, data):
    result = load.run(Plan(scripted(answer(data, then_close=True)), connections=2, requests=20))
    assert (result.requests, result.errors) == (20, {})


def test_what_waits_when_nothing_more_will_be_due_is_sent_on_connections_made_anew(here, scripted):
    url = scripted(answer(CLOSING, then_close=True))
    plan = Plan(url, connections=1, arrivals=Replay((0.0,) * 5), duration_s=PATIENCE_S)
    result = here.run(plan)
    assert (result.requests, result.errors, result.dropped) == (5, {}, 0)


@pytest.mark.parametrize(("data", "kind"), [(FAILED, "5xx"), (MISSING, "4xx")])
def test_an_answer_of_4xx_or_5xx_is_a_request_and_an_error(load, scripted, data, kind):
    result = load.run(Plan(scripted(answer(data)), connections=2, requests=10))
    assert (result.requests, result.errors) == (10, {kind: 10})


@pytest.mark.parametrize("act", [answer(HELLO), reset])
def test_a_run_of_so_many_requests_ends_with_the_last_answer_or_failure(
    here, scripted, monkeypatch, act
):
    monkeypatch.setattr(client, "TICK_S", 0.5)  # until somebody looks
    assert 0 < here.run(Plan(scripted(act), connections=2, requests=6)).duration_s < 0.5


@pytest.mark.parametrize(
    ("act", "kind"),
    [(reset, "reset"), (answer(HELLO[:-1], then_close=True), "reset"), (answer(b"?"), "protocol")],
)
def test_what_is_no_whole_answer_is_an_error_and_no_request(load, scripted, act, kind):
    result = load.run(Plan(scripted(act), connections=2, requests=6))
    assert (result.requests, result.errors) == (0, {kind: 6})
    assert result.limited_by == "errors"


def test_an_answer_that_does_not_come_is_a_timeout(load, scripted):
    plan = Plan(scripted(lambda connection: None), connections=2, requests=4, timeout_s=0.5)
    result = load.run(plan)
    assert (result.requests, result.errors) == (0, {"timeout": 4})


def test_a_connection_that_goes_away_in_a_thought_is_made_again_and_asks_when_it_is_over(
    here, scripted
):
    url = scripted(answer(HELLO, then_close=True))  # without a word that it will close
    result = here.run(Plan(url, connections=2, requests=8, think_s=0.05))
    # On a busy machine the word of the close may come after the thought, and cuts a request.
    assert result.requests + result.errors.get("reset", 0) == 8
    assert result.requests > 0 and result.errors.keys() <= {"reset"}


def test_a_server_that_closes_sooner_than_anybody_thinks_is_asked_all_the_same(here, scripted):
    idle_s, think_s = 0.02, 0.1

    def answer_and_close(connection):
        connection.sendall(HELLO)
        threading.Event().wait(idle_s)
        connection.close()

    plan = Plan(scripted(answer_and_close), connections=1, duration_s=0.55, think_s=think_s)
    result = here.run(plan)
    assert result.requests > 0 and result.errors == {}


def test_a_server_that_is_not_there_is_told_and_not_hammered(load):
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{held.getsockname()[1]}/"
        result = load.run(Plan(url, connections=2, duration_s=0.25))
    assert result.requests == 0
    assert result.errors.keys() == {"connect"}
    assert result.errors["connect"] <= 10


def test_a_head_is_answered_without_a_body(load, scripted):
    head = b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n"
    result = load.run(Plan(scripted(answer(head)), connections=2, requests=10, method="HEAD"))
    assert (result.requests, result.errors) == (10, {})


def test_a_server_that_dies_half_way_leaves_what_it_has_answered(load):
    app = App()
    app.get("/")(lambda ctx: "Hello World")
    server = AsyncServer(app).start(process=True)
    killed = []

    def kill_once(progress):
        if progress.requests and not killed:
            killed.append(progress.requests)
            os.kill(server.pid, signal.SIGKILL)

    try:
        result = load.run(Plan(server.url, connections=4, duration_s=1.5), kill_once)
    finally:
        server.stop(drain_s=0)
    assert result.requests >= killed[0] > 0
    assert result.errors["connect"] > 0 and result.errors.keys() <= {"reset", "connect"}


@pytest.mark.slow
def test_a_server_that_hangs_with_its_connections_open_is_told_as_silent(
    here, scripted, monkeypatch
):
    monkeypatch.setattr(client, "WIND_DOWN_S", 0.0)
    asked = itertools.count(1)

    def answer_the_first_100(connection):
        if next(asked) <= 100:
            connection.sendall(HELLO)

    result = here.run(Plan(scripted(answer_the_first_100), connections=4, duration_s=3.1))
    assert (result.requests, result.errors, result.unanswered) == (96, {}, 4)
    assert (result.silent_from_s, result.limited_by) == (1, "errors")


def test_progress_is_told_and_ctrl_c_gives_what_was_measured(load):
    app = App()
    app.get("/")(lambda ctx: "Hello World")
    seen = []

    def interrupt(progress):
        seen.append(progress)
        if progress.requests:
            raise KeyboardInterrupt

    with AsyncServer(app) as server:
        result = load.run(Plan(server.url, connections=4, duration_s=30), interrupt)
        again = load.run(Plan(server.url, connections=4, requests=8))
    assert result.interrupted and result.duration_s < 20
    assert result.requests >= seen[-1].requests > 0
    assert seen[-1].connected == 4
    assert (again.requests, again.interrupted) == (8, False)


def test_a_run_ends_with_its_time_and_says_who_was_busy(load):
    app = App()

    @app.get("/")
    async def wait(ctx):
        await ctx.sleep(0.02)
        return "x"

    with AsyncServer(app) as server:
        result = load.run(Plan(server.url, connections=5, duration_s=0.4))
    assert 0.39 < result.duration_s < 2
    assert result.latency.min > 0.018  # the loop's clock counts milliseconds
    assert result.busy_share > 0.8  # Little's law: all five are waiting, nearly always
    assert result.throughput_rps == (result.requests - result.late) / result.duration_s


class Endless(Plan):
    """A plan that keeps the loop of the load process busy for ever."""

    def __post_init__(self):
        """Nothing is looked at here."""

    @property
    def is_secure(self):
        while True:
            pass


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has an alarm for such moments")
@pytest.mark.parametrize("duration_s", [0.0503, 0.0504, 0.0505])
def test_a_run_never_ends_before_its_time(here, scripted, duration_s):
    plan = Plan(scripted(answer(HELLO)), connections=1, duration_s=duration_s)
    assert here.run(plan).duration_s >= duration_s


def test_a_load_process_ends_with_who_asked_for_it_however_busy_it_is():
    process = LoadProcess()
    process._children[0].send(bytes(packed(Endless("http://127.0.0.1:9/"))))
    process.close()  # the pipe, as the system closes it when a command is killed
    assert process._children[0].end == "exit code 0"  # by itself, and not by force


def test_a_killed_load_generator_is_an_error_that_says_so():
    with LoadProcess() as process:
        os.kill(process.pid, signal.SIGKILL)
        with pytest.raises(LoadError, match="the load generator"):
            process.run(Plan("http://127.0.0.1:9/", duration_s=1))


def test_a_server_that_hangs_does_not_keep_the_clock_from_starting(here, scripted, monkeypatch):
    monkeypatch.setattr(door, "CONNECTING_AT_ONCE", 1)
    monkeypatch.setattr(door, "KNOCK_S", 0.01)
    monkeypatch.setattr(client, "WIND_DOWN_S", 0.05)
    began = time.monotonic()
    plan = Plan(scripted(lambda connection: None), connections=4, duration_s=0.05)
    result = here.run(plan)
    assert time.monotonic() - began < plan.timeout_s, "and not that for each of them"
    assert (result.requests, result.limited_by) == (0, "nothing was answered")


def test_who_waits_since_before_the_start_has_as_many_in_flight_as_any_other(
    here, scripted, monkeypatch
):
    monkeypatch.setattr(door, "KNOCK_S", 0.01)
    monkeypatch.setattr(client, "WIND_DOWN_S", 0.0)

    def answer_three_at_once(connection):
        asked = 1
        for data in iter(lambda: connection.recv(4096), b""):
            asked += data.count(b"GET")
            if asked == 3:
                connection.sendall(3 * HELLO)
                return connection.close()

    plan = Plan(scripted(answer_three_at_once), connections=1, duration_s=0.2, pipelined=3)
    assert here.run(plan).requests >= 2, "but for the one that came before the start"
