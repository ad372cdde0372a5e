"""What a function's code says of its waiting, before it is called."""

import asyncio
from functools import partial

import pytest

from asyncweb import App, AsyncServer
from asyncweb.http.awaiting import may_suspend_itself
from tests.conftest import Peer


def plain(ctx, next):
    return next(ctx)


async def hurried(ctx, next):
    return "instead"


async def around(ctx, next):
    response = await next(ctx)
    response.headers["x-seen"] = "yes"
    return response


async def many_ways(context, onward, word="yes"):
    try:
        if context.path == "/":
            return await onward(context)
        response = (await onward(context)), word
    finally:
        print("done")
    return response[0]


async def patient(ctx, next):
    await asyncio.sleep(0)
    return await next(ctx)


async def timed(ctx, next):
    async with asyncio.timeout(1):
        return await next(ctx)


async def listening(ctx, next):
    async for _ in ctx.stream:
        pass
    return await next(ctx)


async def rebinding(ctx, next):
    next = ctx.next
    return await next(ctx)


async def deleting(ctx, next):
    del next
    return await next(ctx)  # noqa: F821


async def of_another(ctx, next):
    return await ctx(next)


async def with_more(ctx, next):
    return await next(ctx, 1)


async def of_a_value(ctx, next):
    return await next(ctx.other)


async def kept(ctx, next):
    coming = next(ctx)
    return await coming


async def captured(ctx, next):
    return await (lambda: next(ctx))()


class Layer:
    async def __call__(self, ctx, next):
        return await next(ctx)

    async def patient(self, ctx, next):
        await ctx.sleep(0)
        return await next(ctx)


@pytest.mark.parametrize(
    "middleware", [plain, hurried, around, many_ways, Layer(), partial(many_ways, word="no")]
)
def test_who_awaits_only_what_is_inside_does_not_wait_itself(middleware):
    assert not may_suspend_itself(middleware)


@pytest.mark.parametrize(
    "middleware",
    [
        patient, timed, listening, rebinding, deleting, of_another, with_more, of_a_value, kept,
        captured, Layer().patient,
    ],
)  # fmt: skip
def test_in_doubt_a_middleware_may_wait(middleware):
    assert may_suspend_itself(middleware)


def test_a_plain_answer_inside_of_middleware_needs_no_task():
    app = App()
    tasks = []

    @app.middleware
    async def outer(ctx, next):
        tasks.append(asyncio.current_task())
        return await next(ctx)

    @app.get("/", middleware=[around])
    def home(ctx):
        return "hello"

    @app.get("/wait")
    async def wait(ctx):
        await ctx.sleep(0)
        return "waited"

    with AsyncServer(app) as server:
        for path, answer in (("/", b"hello"), ("/wait", b"waited")):
            peer = Peer(server.port)
            assert peer.get(path).body == answer
            peer.leave()
    assert [task is None for task in tasks] == [True, False]
