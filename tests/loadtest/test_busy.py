"""Whose time it is: what a connection waits for the server is no idleness of the generator's."""

import asyncio
import itertools

import pytest

from asyncweb import App, AsyncServer
from asyncweb.loadtest import arrivals, door
from asyncweb.loadtest.client import Crowd
from asyncweb.loadtest.plan import Plan

CONNECT_S = 0.05


class FarAway:
    """A loop that takes its time to connect to any server."""

    def __init__(self, loop):
        self._loop = loop

    def __getattr__(self, name):
        return getattr(self._loop, name)

    async def create_connection(self, *settings, **more):
        await asyncio.sleep(CONNECT_S)
        return await self._loop.create_connection(*settings, **more)


def from_afar(plan):
    """The result of a load on a server that is far away."""

    async def run():
        crowd = Crowd(plan)
        crowd.loop = FarAway(crowd.loop)
        return await crowd.run()

    return asyncio.run(run())


def test_connections_that_wait_since_before_the_start_are_not_idle(here, monkeypatch):
    monkeypatch.setattr(door, "KNOCK_S", 0.01)
    app = App()

    @app.get("/")
    async def slow(ctx):
        await ctx.sleep(0.3)
        return ""

    with AsyncServer(app) as server:
        result = here.run(Plan(server.url, connections=4, duration_s=0.5))
    assert result.busy_share > 0.8


def test_what_was_due_in_the_warm_up_and_sent_later_is_waited_for_since_its_send(here, server):
    plan = Plan(
        f"{server.url}/slow",
        connections=1,
        arrivals=arrivals.constant(100),
        duration_s=0.6,
        warm_up_s=0.15,
    )
    assert 0.5 < here.run(plan).busy_share < 1.001, "one connection is never busy twice"


@pytest.mark.parametrize("ends_with", [{"duration_s": 0.4}, {"requests": 20}])
def test_who_is_being_connected_waits_for_the_server(server, ends_with):
    result = from_afar(Plan(server.url, connections=4, keep_alive=False, **ends_with))
    assert result.latency.percentile(0.5) < CONNECT_S / 2, "it is not the answers that take long"
    assert 0.7 < result.busy_share < 1.001


def test_who_has_nothing_left_to_ask_is_not_idle():
    app, numbers = App(), itertools.count()

    @app.get("/")
    async def home(ctx):
        await ctx.sleep(0.0 if next(numbers) else 0.3)  # the first holds up the end
        return ""

    with AsyncServer(app) as server:
        result = from_afar(Plan(server.url, connections=4, requests=4))
    assert result.latency.max > 0.29
    assert result.busy_share > 0.7, "as long as there was something to ask"
