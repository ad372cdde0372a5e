"""An App while it is served: hooks, watchers, and cells of a notebook that run again."""

import pickle

import pytest

from asyncweb.app import App
from asyncweb.coroutine import run_to_end
from asyncweb.errors import RouteError
from asyncweb.http.messages import Request


class FakeEngine:
    async def sleep(self, seconds):
        pass

    async def offload(self, function, *args):
        return function(*args)

    def failed(self, request, error):
        raise error


def answer(app, target="/"):
    return run_to_end(app.respond(app.context(Request("GET", target), FakeEngine())), "")


def suspends(app, target="/"):
    return app.suspends(app.context(Request("GET", target), FakeEngine()))


def failed(hook, error):
    raise error


def home(ctx):
    return f"{ctx.path}, {ctx.state.seen}"


def seeing(ctx, next):
    ctx.state.seen = "seen"
    return next(ctx)


def sorry(ctx, error):
    return "sorry"


async def slow(ctx):
    await ctx.sleep(1)
    return "slow"


async def around(ctx, next):
    return await next(ctx)


async def slow_around(ctx, next):
    await ctx.sleep(0)
    return await next(ctx)


async def slow_sorry(ctx, error):
    await ctx.sleep(1)
    return "sorry"


def small_app():
    app = App()
    app.get("/")(home)
    app.middleware(seeing)
    app.on_error(KeyError)(sorry)
    return app


def test_startup_hooks_run_in_order_and_shutdown_hooks_backwards():
    app, order = App(), []

    @app.on_startup
    def first():
        order.append("first")

    @app.on_startup
    async def second():
        order.append("second")

    @app.on_shutdown
    def third():
        order.append("third")

    @app.on_shutdown
    async def fourth():
        order.append("fourth")

    run_to_end(app.startup(), "")
    assert order == ["first", "second"]
    run_to_end(app.shutdown(failed), "")
    assert order == ["first", "second", "fourth", "third"]


def test_an_error_of_a_startup_hook_stops_the_start():
    app, order = App(), []
    app.on_startup(lambda: 1 / 0)

    @app.on_startup
    def later():
        order.append("later")

    with pytest.raises(ZeroDivisionError):
        run_to_end(app.startup(), "")
    assert order == []


def test_a_shutdown_hook_that_raises_keeps_no_other_from_running():
    app, story = App(), []
    app.on_shutdown(lambda: story.append("last"))

    @app.on_shutdown
    async def breaks():
        raise LookupError("no database")

    @app.on_shutdown
    def leaves():
        raise SystemExit("enough")

    run_to_end(app.shutdown(lambda hook, error: story.append((hook, str(error)))), "")
    assert story == [("on_shutdown", "enough"), ("on_shutdown", "no database"), "last"]


@pytest.mark.parametrize("declare", ["on_startup", "on_shutdown"])
def test_a_hook_defined_again_replaces_the_one_before(declare):
    app, order = App(), []
    for version in (1, 2):

        def hook(version=version):
            order.append(version)

        assert getattr(app, declare)(hook) is hook
    run_to_end(app.startup(), "")
    run_to_end(app.shutdown(failed), "")
    assert order == [2]


def test_a_middleware_defined_again_becomes_the_innermost():
    app, order = App(), []
    app.get("/")(lambda ctx: "home")

    def define(version):
        @app.middleware
        def again(ctx, next, version=version):
            order.append(version)
            return next(ctx)

    define("old")

    @app.middleware
    def other(ctx, next):
        order.append("other")
        return next(ctx)

    define("new")
    answer(app)
    assert order == ["other", "new"]


def adding(name):
    def layer(ctx, next):
        response = next(ctx)
        response.headers.add("x-by", name)
        return response

    return layer


def test_middleware_that_is_made_of_other_values_stays_beside_and_of_equal_ones_is_replaced():
    app = App()
    app.get("/")(lambda ctx: "home")
    for name in ("a", "b", "a"):
        app.middleware(adding(name))
    assert answer(app).headers.get_all("x-by") == ["a", "b"]


@pytest.mark.parametrize("declare", ["on_startup", "on_shutdown"])
def test_the_methods_of_two_objects_are_two_hooks_and_each_runs_once(declare):
    class Pool:
        def use(self):
            used.append(self)

    app, used, first, second = App(), [], Pool(), Pool()
    for pool in (first, second, first):
        getattr(app, declare)(pool.use)
    run_to_end(app.startup(), "")
    run_to_end(app.shutdown(used.append), "")
    assert sorted(used, key=id) == sorted([first, second], key=id)


def test_a_handler_defined_again_replaces_the_one_before_and_another_collides():
    app = App()
    for version in ("old", "new"):

        @app.get("/")
        def page(ctx, version=version):
            return version

    assert answer(app).body == b"new"
    assert len(app.routes) == 1
    with pytest.raises(RouteError, match="collides with"):
        app.get("/")(slow)


def test_a_request_sees_the_app_as_it_was_when_the_request_arrived():
    app = App()
    early = app.context(Request("GET", "/slow"), FakeEngine())
    app.get("/slow")(slow)
    assert run_to_end(app.respond(early), "").status == 404
    assert answer(app, "/slow").body == b"slow"


def test_watchers_hear_of_every_change_until_they_stop():
    app, heard = App(), []
    stop = app.watch(lambda: heard.append(len(app.routes)))
    app.get("/")(home)
    app.middleware(seeing)
    app.on_error(KeyError)(sorry)
    app.on_startup(lambda: None)
    app.on_shutdown(lambda: None)
    assert heard == [1] * 5
    stop()
    app.get("/other")(home)
    assert heard == [1] * 5


def test_answering_may_wait_when_any_code_on_the_way_may():
    app = small_app()
    app.get("/slow")(slow)
    assert [suspends(app, target) for target in ("/", "/slow", "/nowhere")] == [False, True, False]
    app.middleware(around)
    assert not suspends(app, "/nowhere")
    app.middleware(slow_around)
    assert suspends(app, "/nowhere")


def test_answering_may_wait_when_an_error_handler_may():
    app = small_app()
    assert not suspends(app)
    app.on_error(ValueError)(slow_sorry)
    assert suspends(app)


def test_an_app_survives_pickling_without_its_watchers():
    app, heard = small_app(), []
    app.state.name = "kept"
    app.watch(lambda: heard.append("changed"))
    copy = pickle.loads(pickle.dumps(app))
    assert (answer(copy).body, copy.state.name) == (b"/, seen", "kept")
    copy.get("/other")(home)
    assert (heard, len(app.routes), len(copy.routes)) == ([], 1, 2)


def test_an_app_that_adopts_another_answers_like_it_and_keeps_its_watchers():
    app, heard = App(), []
    app.get("/old")(home)
    app.watch(lambda: heard.append("changed"))
    app.adopt(small_app())
    assert answer(app).body == b"/, seen"
    assert answer(app, "/old").status == 404
    app.get("/new")(home)
    assert heard == ["changed"]


def test_an_app_shows_how_many_routes_it_has():
    assert repr(small_app()) == "<App with 1 routes>"
