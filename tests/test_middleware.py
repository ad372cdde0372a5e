"""The onion: what `def` and `async def` middleware see of handlers that wait or do not."""

import types
from functools import partial

import pytest

from asyncweb.app import App
from asyncweb.context import Context
from asyncweb.coroutine import run_to_end
from asyncweb.errors import NeedsEventLoop
from asyncweb.http.messages import Request, Response
from asyncweb.middleware import Unfinished, layer


class FakeEngine:
    async def sleep(self, seconds):
        await wait(seconds)

    async def offload(self, function, *args):
        return function(*args)

    def failed(self, request, error):
        raise error


@types.coroutine
def wait(what):
    return (yield what)


async def at_once(ctx):
    return ctx.answer("inner")


async def after_a_while(ctx):
    got = [await wait("first"), await wait("second")]
    return ctx.answer(got)


def context():
    return Context(Request("GET", "/"), FakeEngine())


def through(function, inner=at_once):
    return layer(function, inner)(context())


def driven(coroutine, *values):
    """What `coroutine` waited for when given `values`, and its result."""
    waits = [coroutine.send(None)]
    with pytest.raises(StopIteration) as done:
        for value in values:
            waits.append(coroutine.send(value))
    return waits, done.value.value


def passing(ctx, next):
    return next(ctx)


async def awaiting(ctx, next):
    return await next(ctx)


class Awaiting:
    async def __call__(self, ctx, next):
        return await next(ctx)


def test_a_coroutine_that_waits_for_nothing_is_run_to_its_end():
    assert run_to_end(at_once(context()), "").body == b"inner"


def test_a_wait_without_an_event_loop_is_an_error_at_that_very_await():
    with pytest.raises(NeedsEventLoop, match="use the other server"):
        run_to_end(after_a_while(context()), "use the other server")


def test_a_handler_may_catch_that_it_cannot_wait():
    async def patient():
        for _ in range(3):
            with pytest.raises(NeedsEventLoop, match="advice"):
                await wait("something")
        return "done"

    assert run_to_end(patient(), "advice") == "done"


def test_a_handler_that_waits_again_and_again_is_ended():
    ended = []

    async def stubborn():
        try:
            while True:
                with pytest.raises(NeedsEventLoop):
                    await wait("something")
        finally:
            ended.append(True)

    with pytest.raises(NeedsEventLoop, match="advice"):
        run_to_end(stubborn(), "advice")
    assert ended == [True]


@pytest.mark.parametrize("function", [passing, awaiting, Awaiting(), partial(Awaiting())])
def test_a_middleware_passes_on_the_answer_of_a_handler_that_is_done(function):
    assert run_to_end(through(function), "").body == b"inner"


@pytest.mark.parametrize("function", [passing, awaiting, Awaiting(), partial(Awaiting())])
def test_a_middleware_passes_on_the_answer_of_a_handler_that_waits(function):
    waits, response = driven(through(function, after_a_while), 1, 2)
    assert waits == ["first", "second"]
    assert response.body == b"[1,2]"


@pytest.mark.parametrize("function", [passing, awaiting])
def test_an_error_reaches_the_handler_that_waits(function):
    async def recovering(ctx):
        try:
            await wait("first")
        except TimeoutError as error:
            return ctx.answer(f"{error}, then {await wait('second')}")

    coroutine = through(function, recovering)
    assert coroutine.send(None) == "first"
    assert coroutine.throw(TimeoutError("late")) == "second"
    with pytest.raises(StopIteration) as done:
        coroutine.send("on")
    assert done.value.value.body == b"late, then on"


def test_a_plain_middleware_changes_the_answer_of_a_handler_that_is_done():
    def changing(ctx, next):
        response = next(ctx)
        response.headers["x-seen"] = response.body.decode()
        return response

    assert run_to_end(through(changing), "").headers["x-seen"] == "inner"


def test_a_plain_middleware_cannot_look_at_an_answer_that_is_not_there_yet():
    def looking(ctx, next):
        return next(ctx).status

    with pytest.raises(NeedsEventLoop, match=r"asked for \.status of an answer whose handler"):
        run_to_end(through(looking, after_a_while), "")


def test_looking_at_an_unfinished_answer_ends_its_handler():
    ended = []

    async def handler():
        try:
            await wait("first")
        finally:
            ended.append(True)

    coroutine = handler()
    unfinished = Unfinished(coroutine, coroutine.send(None))
    with pytest.raises(NeedsEventLoop, match="make it `async def`"):
        unfinished.body  # noqa: B018
    assert ended == [True]


@pytest.mark.parametrize("value", ["short", Response("short", 200), ("short", 200)])
@pytest.mark.parametrize("is_async", [False, True])
def test_a_middleware_may_answer_by_itself(value, is_async):
    reached = []

    async def inner(ctx):
        reached.append(ctx)

    def plain(ctx, next):
        return value

    async def waiting(ctx, next):
        return value

    response = run_to_end(through(waiting if is_async else plain, inner), "")
    assert (response.body, reached) == (b"short", [])


def test_next_may_be_called_without_the_context():
    assert run_to_end(through(lambda ctx, next: next()), "").body == b"inner"


def test_a_middleware_that_returns_nothing_is_named():
    def forgetful(ctx, next):
        next(ctx)

    with pytest.raises(TypeError, match="middleware forgetful returned None; return what next"):
        run_to_end(through(forgetful), "")


def test_a_middleware_object_that_returns_nothing_is_shown():
    class Forgetful:
        def __call__(self, ctx, next):
            return None

        def __repr__(self):
            return "<forgetful>"

    with pytest.raises(TypeError, match="middleware <forgetful> returned None"):
        run_to_end(through(Forgetful()), "")


def test_the_middleware_added_first_is_outermost():
    app, order = App(), []

    @app.middleware
    async def outer(ctx, next):
        order.append("outer")
        response = await next(ctx)
        order.append("outer again")
        return response

    @app.middleware
    def inner(ctx, next):
        order.append("inner")
        response = next(ctx)
        order.append("inner again")
        return response

    @app.get("/")
    def home(ctx):
        order.append("home")
        return "home"

    ctx = app.context(Request("GET", "/"), FakeEngine())
    assert run_to_end(app.respond(ctx), "").body == b"home"
    assert order == ["outer", "inner", "home", "inner again", "outer again"]


def test_what_surrounds_an_app_is_around_all_middleware_until_it_is_ended():
    app, order = App(), []
    app.get("/")(lambda ctx: order.append("handler") or "home")

    def watcher(ctx, next):
        order.append("watcher")
        return next(ctx)

    end = app.surround(watcher)

    @app.middleware
    async def around(ctx, next):
        order.append("middleware")
        return await next(ctx)

    client = app.test_client()
    assert client.get("/").text == "home"
    assert order == ["watcher", "middleware", "handler"]
    end()
    client.get("/")
    assert order.count("watcher") == 1


def test_what_surrounds_an_app_stays_in_its_process():
    app = App()
    app.surround(lambda ctx, next: next(ctx))
    assert "_surrounding" not in app.__getstate__()


@pytest.mark.parametrize("watcher", [awaiting, Awaiting()])
def test_what_surrounds_an_app_is_no_coroutine_function(watcher):
    with pytest.raises(TypeError, match="expected a plain `def`"):
        App().surround(watcher)
