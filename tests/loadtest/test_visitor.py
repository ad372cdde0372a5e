"""A crowd on an event loop of our own: nothing that it does ends in a complaint of the loop."""

import asyncio
import threading

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
