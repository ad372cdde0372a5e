"""A crowd that grows and shrinks while it asks."""

import asyncio

import pytest

from asyncweb import App, AsyncServer
from asyncweb.loadtest import arrivals
from asyncweb.loadtest.attendance import Attendance
from asyncweb.loadtest.client import Crowd
from asyncweb.loadtest.plan import Plan
from asyncweb.loadtest.pulse import Pulse
from tests.conftest import PATIENCE_S


@pytest.fixture
def server():
    app = App()

    @app.get("/")
    async def home(ctx):
        await ctx.sleep(0.001)
        return "hello"

    with AsyncServer(app) as server:
        yield server


def test_the_time_of_all_connections_is_added_up_whatever_their_number_was():
    async def attend():
        attendance = Attendance(lambda: asyncio.sleep(PATIENCE_S))
        for connections, at in ((10, float("-inf")), (20, 4.0), (0, 6.0)):
            attendance.resize(connections, at)
        spent = attendance.spent_s(2.0, 5.0), attendance.spent_s(5.0, 9.0)
        await attendance.end()
        return attendance.most, spent

    assert asyncio.run(attend()) == (20, (40.0, 20.0))


async def until(condition):
    async with asyncio.timeout(PATIENCE_S):
        while not condition():
            await asyncio.sleep(0.001)


async def resized(plan, *sizes):
    """What a crowd finds that has so many connections, one after the other."""
    crowd = Crowd(plan)
    told = Pulse(crowd).progress
    running = asyncio.create_task(crowd.run())
    await until(lambda: crowd.began)
    for size in sizes:
        crowd.resize(size)
        await until(lambda size=size: told().connected == size)
        before = told().requests
        await until(lambda size=size, before=before: not size or told().requests > before)
    crowd.over.set()
    return await running


@pytest.mark.parametrize("rate", [None, arrivals.constant(2000)])
def test_a_crowd_may_grow_and_shrink_while_it_asks_and_loses_no_answer(server, rate):
    plan = Plan(server.url, connections=2, duration_s=PATIENCE_S, arrivals=rate)
    result = asyncio.run(resized(plan, 6, 1, 0, 3))
    assert (result.connections, result.errors) == (6, {})
    assert result.requests == result.latency.count > 0


def test_a_crowd_that_shrank_to_nobody_ends_like_any_other(server):
    result = asyncio.run(resized(Plan(server.url, connections=2, duration_s=PATIENCE_S), 0))
    assert (result.connections, result.errors) == (2, {})
