"""A crowd on an event loop of our own: nothing that it does ends in a complaint of the loop."""

import asyncio
import threading
from unittest.mock import MagicMock

import pytest

from asyncweb import App, AsyncServer
from asyncweb.loadtest import client
from asyncweb.loadtest.client import Crowd
from asyncweb.loadtest.plan import Plan
from asyncweb.servers.event_loop import new_event_loop
from tests.conftest import PATIENCE_S


@pytest.fixture(params=["", "asyncio"], ids=["uvloop", "asyncio"])
def run(request, monkeypatch):
    """Does a plan here; gives the result and what the loop complained of."""
    monkeypatch.setenv("ASYNCWEB_LOOP", request.param)
    monkeypatch.setattr(client, "WIND_DOWN_S", 0.0)

    def run_here(plan):
        complaints = []

        async def visit():
            loop = asyncio.get_running_loop()
            loop.set_exception_handler(lambda loop, context: complaints.append(context))
            return await Crowd(plan).run()

        with asyncio.Runner(loop_factory=new_event_loop) as runner:
            return runner.run(visit()), complaints

    return run_here


@pytest.fixture
def stuck():
    """A server that answers each client once, and then never again until the test has ended."""
    app = App()
    asked, over = set(), threading.Event()

    @app.get("/")
    async def answer_once(ctx):
        if ctx.client in asked:
            await ctx.offload(over.wait, PATIENCE_S)
        asked.add(ctx.client)
        return "Hello World"

    with AsyncServer(app) as server:
        yield server
        over.set()


def test_who_waits_for_an_answer_at_the_end_goes_home_without_a_word(run, stuck):
    result, complaints = run(Plan(stuck.url, connections=5, duration_s=0.05))
    assert (result.requests, complaints) == (0, [])
    assert (result.unanswered, result.errors) == (5, {}), "and is counted"


def test_who_has_just_been_answered_at_the_end_goes_home_without_a_word(run):
    app = App()
    app.get("/")(lambda ctx: "Hello World")
    with AsyncServer(app) as server:
        result, complaints = run(Plan(server.url, connections=50, duration_s=0.05))
    assert result.requests > 0 and complaints == []


def test_a_connection_that_becomes_another_protocol_is_an_error_and_no_complaint(run):
    app = App()

    @app.websocket("/")
    async def echo(ws):
        async for _ in ws:
            pass

    with AsyncServer(app) as server:
        upgrade = {"upgrade": "websocket", "connection": "upgrade", "sec-websocket-version": "13",
                   "sec-websocket-key": "AAAAAAAAAAAAAAAAAAAAAA=="}  # fmt: skip
        result, complaints = run(Plan(server.url, connections=2, requests=4, headers=upgrade))
    assert (result.requests, result.errors, complaints) == (0, {"protocol": 4}, [])


class Doorstep:
    """A loop whose connections are given up in the very moment in which they are made."""

    def __init__(self, loop):
        self._loop = loop

    def __getattr__(self, name):
        return getattr(self._loop, name)

    async def create_connection(self, make_visitor, host, port, **more):
        make_visitor().connection_made(MagicMock())
        await self._loop.create_future()  # until somebody loses patience


@pytest.mark.parametrize("timeout_s", [0.01, PATIENCE_S], ids=["timeout", "end of the run"])
def test_a_visitor_that_is_given_up_on_the_doorstep_is_not_waited_for(monkeypatch, timeout_s):
    monkeypatch.setattr(client, "WIND_DOWN_S", 0.05)

    async def visit():
        crowd = Crowd(Plan("http://127.0.0.1:9/", connections=2, requests=9, duration_s=0.05,
                           timeout_s=timeout_s))  # fmt: skip
        crowd.loop = Doorstep(crowd.loop)
        async with asyncio.timeout(PATIENCE_S):
            return await crowd.run()

    result = asyncio.run(visit())
    assert result.requests == 0
    assert result.errors.keys() <= {"connect"}
