"""Middleware of one route: in order, around its handler only, inside of the app's own."""

import pickle

import pytest

from asyncweb.app import App
from asyncweb.coroutine import run_to_end
from asyncweb.errors import HTTPError, RouteError
from asyncweb.http.messages import Request


class FakeEngine:
    def __init__(self):
        self.failures = []

    async def sleep(self, seconds):
        pass

    def failed(self, request, error):
        self.failures.append(error)


def answer(app, target="/"):
    return run_to_end(app.respond(app.context(Request("GET", target), FakeEngine())), "")


def marking(mark):
    async def around(ctx, next):
        ctx.state.marks = [*getattr(ctx.state, "marks", []), mark]
        response = await next(ctx)
        response.headers.add("x-left", mark)
        return response

    return around


async def patient(ctx, next):
    await ctx.sleep(0)
    return await next(ctx)


def first(ctx, next):
    return next(ctx)


def stop(ctx, next):
    return "stopped", 403


def home(ctx):
    return ctx.state.marks


def test_they_run_in_order_inside_of_the_apps_own():
    app = App()
    app.middleware(marking("app"))
    app.get("/", middleware=[marking("a"), first, marking("b")])(home)
    app.get("/other")(home)
    response = answer(app)
    assert response.body == b'["app","a","b"]'
    assert response.headers.get_all("x-left") == ["b", "a", "app"]
    assert answer(app, "/other").body == b'["app"]'


def test_one_that_answers_ends_the_way():
    app = App()
    called = []
    app.get("/", middleware=[stop, marking("a")])(called.append)
    assert (answer(app).status, called) == (403, [])


def test_they_see_the_answer_to_what_the_handler_raises():
    app = App()

    @app.get("/", middleware=[marking("a")])
    def home(ctx):
        raise HTTPError(418, "teapot")

    response = answer(app)
    assert (response.status, response.headers["x-left"]) == (418, "a")


def test_what_they_raise_is_answered_like_what_a_handler_raises():
    def wrong(ctx, next):
        raise LookupError("wrong")

    app = App()
    app.get("/", middleware=[wrong])(home)
    assert answer(app).status == 500
    app.on_error(LookupError)(lambda ctx, error: "found")
    assert answer(app).body == b"found"


def test_a_route_declared_again_has_the_middleware_it_has_now():
    app = App()
    app.get("/", middleware=[stop])(home)
    app.get("/", middleware=[marking("now")])(home)
    assert answer(app).body == b'["now"]'
    assert len(app.routes) == 1


@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete"])
def test_each_method_takes_them(method):
    app = App()
    getattr(app, method)("/", middleware=[first])(home)
    assert app.routes[0].middleware == (first,)


def test_a_middleware_that_waits_makes_its_route_wait():
    app = App()
    app.get("/", middleware=[first, marking("a")])(home)
    assert not app.routes[0].suspends
    app.get("/", middleware=[first, patient])(home)
    assert app.routes[0].suspends


def test_they_travel_to_another_process_with_their_app():
    app = App()
    app.get("/", middleware=[stop])(home)
    assert answer(pickle.loads(pickle.dumps(app))).status == 403


@pytest.mark.parametrize(
    ("middleware", "told"),
    [
        (stop, "expected a list of functions of (ctx, next)"),
        ("stop", "expected a list of functions of (ctx, next)"),
        (None, "expected a list of functions of (ctx, next)"),
        (["stop"], "middleware 'stop' is no function of (ctx, next)"),
    ],
)
def test_what_is_no_list_of_functions_is_refused(middleware, told):
    with pytest.raises(RouteError) as caught:
        App().get("/", middleware=middleware)
    assert told in str(caught.value)


def test_a_function_of_other_arguments_is_refused():
    with pytest.raises(TypeError, match=r"middleware home must take \(ctx, next\)"):
        App().get("/", middleware=[home])
