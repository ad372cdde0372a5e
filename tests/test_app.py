"""What a program declares with an App, and what becomes of requests and errors."""

import pickle

import pytest

from asyncweb.app import App
from asyncweb.coroutine import run_to_end
from asyncweb.errors import BadRequest, HTTPError, ProtocolError, RouteError
from asyncweb.http.messages import Request


class FakeEngine:
    def __init__(self):
        self.failures = []

    async def sleep(self, seconds):
        pass

    async def offload(self, function, *args):
        return function(*args)

    def failed(self, request, error):
        self.failures.append((request, error))


def answer(app, method="GET", target="/", engine=None):
    ctx = app.context(Request(method, target), engine or FakeEngine())
    return run_to_end(app.respond(ctx), "")


def raising(error):
    app = App()

    @app.get("/")
    def home(ctx):
        raise error

    return app


def pass_on(ctx, next):
    return next(ctx)


@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete"])
def test_each_method_has_its_decorator_which_gives_the_function_back(method):
    app = App()

    def handler(ctx):
        return ctx.method

    assert getattr(app, method)("/")(handler) is handler
    assert [route.methods for route in app.routes] == [(method.upper(),)]
    assert answer(app, method.upper()).body == method.upper().encode()


def test_a_route_may_answer_several_methods_spelled_as_one_likes():
    app = App()
    app.route("/", ["get", "Trace"])(lambda ctx: ctx.method)
    assert [answer(app, method).body for method in ("GET", "TRACE")] == [b"GET", b"TRACE"]


@pytest.mark.parametrize(
    ("methods", "told"),
    [
        ("GET", "methods='GET': expected a list such as ['GET', 'POST']"),
        ([], "methods=[]: expected a list"),
        (["GET", "BREW"], "unknown method 'BREW'; known: GET, HEAD, POST"),
    ],
)
def test_methods_are_a_list_of_known_ones(methods, told):
    with pytest.raises(RouteError) as caught:
        App().route("/", methods)
    assert told in str(caught.value)


def test_a_handler_is_given_its_parameters():
    app = App()
    app.get("/users/{id:int}")(lambda ctx: [ctx.params["id"], ctx.route.pattern])
    assert answer(app, target="/users/7?x=1").body == b'[7,"/users/{id:int}"]'


def test_an_async_handler_is_awaited():
    app = App()

    @app.get("/")
    async def home(ctx):
        await ctx.sleep(0)
        return await ctx.offload(str, 7)

    assert answer(app).body == b"7"


@pytest.mark.parametrize("around", [False, True])
@pytest.mark.parametrize(
    ("method", "target", "status", "body", "allow"),
    [
        ("GET", "/nowhere", 404, b"no route for /nowhere", None),
        ("PUT", "/", 405, b"PUT is not allowed here; allowed: GET, HEAD, OPTIONS", "given"),
        ("OPTIONS", "/", 204, b"", "given"),
        ("OPTIONS", "*", 204, b"", "given"),
        ("OPTIONS", "/nowhere", 404, b"no route for /nowhere", None),
        ("GET", "/%FF", 400, b"'%FF' decodes to bytes that are not UTF-8", None),
    ],
)
def test_a_request_without_a_route_is_answered(method, target, status, body, allow, around):
    app = App()
    app.get("/")(lambda ctx: "home")
    if around:
        app.middleware(pass_on)
    engine = FakeEngine()
    response = answer(app, method, target, engine)
    assert (response.status, response.body) == (status, body)
    assert response.headers.get("allow") == (allow and "GET, HEAD, OPTIONS")
    assert engine.failures == []


@pytest.mark.parametrize("around", [False, True])
@pytest.mark.parametrize("error", [ZeroDivisionError("secret"), SystemExit(1)])
def test_an_error_nobody_handles_is_a_500_that_tells_nothing_and_is_heard(error, around):
    app, engine = raising(error), FakeEngine()
    if around:
        app.middleware(pass_on)
    response = answer(app, engine=engine)
    assert (response.status, response.body) == (500, b"Internal Server Error")
    assert list(response.headers.fields()) == [("content-type", "text/plain; charset=utf-8")]
    assert [(request.target, heard) for request, heard in engine.failures] == [("/", error)]


def test_what_has_no_meaning_as_an_answer_is_a_500():
    app, engine = App(), FakeEngine()
    app.get("/")(lambda ctx: 7)
    assert answer(app, engine=engine).status == 500
    assert "a handler returned int" in str(engine.failures[0][1])


@pytest.mark.parametrize(
    ("error", "status", "body"),
    [
        (HTTPError(418, "short and stout"), 418, b"short and stout"),
        (HTTPError(404), 404, b"404"),
        (BadRequest("what?"), 400, b"what?"),
    ],
)
def test_an_http_error_is_its_own_answer(error, status, body):
    engine = FakeEngine()
    response = answer(raising(error), engine=engine)
    assert (response.status, response.body, engine.failures) == (status, body, [])


def test_an_http_error_may_have_headers_and_keeps_the_cookies_set_before():
    app = App()

    @app.get("/")
    def home(ctx):
        ctx.response.set_cookie("seen", "yes")
        raise HTTPError(401, "who?", {"WWW-Authenticate": "Basic"})

    assert list(answer(app).headers.fields()) == [
        ("www-authenticate", "Basic"),
        ("content-type", "text/plain; charset=utf-8"),
        ("set-cookie", "seen=yes; Path=/; SameSite=Lax"),
    ]


def test_http_errors_survive_pickling():
    for error in (HTTPError(404, "x", {"a": "b"}), BadRequest("y"), ProtocolError(431, "z")):
        copy = pickle.loads(pickle.dumps(error))
        assert (type(copy), copy.status, copy.message) == (type(error), error.status, error.message)
        assert copy.headers == error.headers


def test_an_error_of_a_middleware_is_answered_like_any_other():
    app, engine = App(), FakeEngine()

    @app.middleware
    def broken(ctx, next):
        raise KeyError("secret")

    assert answer(app, engine=engine).status == 500
    assert isinstance(engine.failures[0][1], KeyError)


def test_a_middleware_sees_the_500_of_its_handler():
    app, seen = raising(ValueError()), []

    @app.middleware
    async def watching(ctx, next):
        response = await next(ctx)
        seen.append(response.status)
        return response

    answer(app)
    assert seen == [500]


def test_the_error_handler_of_the_closest_kind_answers():
    app, engine = raising(KeyError("k")), FakeEngine()
    app.on_error(Exception)(lambda ctx, error: "any")
    assert answer(app).body == b"any"

    @app.on_error(LookupError)
    async def lookup(ctx, error):
        return {"error": type(error).__name__}, 404

    response = answer(app, engine=engine)
    assert (response.status, response.body, engine.failures) == (404, b'{"error":"KeyError"}', [])


def test_an_error_handler_may_take_over_http_errors():
    app = App()
    app.on_error(HTTPError)(lambda ctx, error: (f"sorry: {error}", error.status))
    response = answer(app, target="/x")
    assert (response.status, response.body) == (404, b"sorry: no route for /x")


def test_an_error_handler_that_fails_itself_is_a_500_and_the_worse_error_is_heard():
    app, engine = raising(KeyError()), FakeEngine()
    app.on_error(KeyError)(lambda ctx, error: 1 / 0)
    response = answer(app, engine=engine)
    assert (response.status, response.body) == (500, b"Internal Server Error")
    assert isinstance(engine.failures[0][1], ZeroDivisionError)


@pytest.mark.parametrize("kind", ["ValueError", int, BaseException, ValueError()])
def test_only_exceptions_can_be_handled(kind):
    with pytest.raises(TypeError, match="expected a kind of exception"):
        App().on_error(kind)


@pytest.mark.parametrize(
    ("declare", "told"),
    [
        (lambda app, function: app.middleware(function), r"middleware short must take \(ctx, next"),
        (lambda app, function: app.on_error(KeyError)(function), r"error handler short must take"),
    ],
)
def test_what_stands_around_handlers_takes_two_arguments(declare, told):
    def short(ctx):
        return "x"

    with pytest.raises(TypeError, match=told):
        declare(App(), short)


def test_a_refused_request_is_answered_with_the_reason():
    response = App().refuse(ProtocolError(414, "too long", {"x-a": "1"}))
    assert (response.status, response.body, response.headers["x-a"]) == (414, b"too long", "1")


def test_only_a_route_that_says_so_takes_a_body_in_pieces():
    app = App()
    app.post("/up", stream=True)(lambda ctx: "up")
    app.post("/whole")(lambda ctx: "whole")
    asked = [("POST", "/up"), ("POST", "/whole"), ("POST", "/nowhere"), ("GET", "/up")]
    streams = [app.streams(Request(method, target)) for method, target in asked]
    assert streams == [True, False, False, False]


@pytest.mark.parametrize("status", [99, 600])
def test_an_http_error_whose_status_is_none_is_a_failure_of_the_handler(status):
    engine = FakeEngine()
    assert answer(raising(HTTPError(status)), engine=engine).status == 500
    ((_, error),) = engine.failures
    assert isinstance(error, ValueError)


@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete", "websocket"])
def test_a_decorator_whose_path_was_forgotten_says_how_it_is_written(method):
    async def home(ctx):
        return "home"

    with pytest.raises(RouteError, match=rf'at home: write @app\.{method}\("/path"\)'):
        getattr(App(), method)(home)
    with pytest.raises(RouteError, match=r"without a path, at home"):
        App().route(home)


@pytest.mark.parametrize("wrong", [5, None, b"/"])
def test_a_path_is_text(wrong):
    for declare in (App().get, App().route, App().websocket):
        with pytest.raises(RouteError, match="expected a path as text"):
            declare(wrong)
    with pytest.raises(TypeError, match="expected a path and the name of a folder"):
        App().static(wrong, ".")
    with pytest.raises(TypeError, match="expected a path and the name of a folder"):
        App().static("/x", 5)


def test_a_field_that_was_not_sent_is_400_unless_the_app_says_otherwise():
    app, engine = App(), FakeEngine()
    app.get("/")(lambda ctx: ctx.query["page"])
    app.get("/header")(lambda ctx: ctx.headers["x-page"])
    response = answer(app, engine=engine)
    assert (response.status, response.body) == (400, b"the query has no field 'page'")
    assert not engine.failures
    assert answer(app, "GET", "/header", engine).status == 500  # a header is no field of a form
    app.on_error(KeyError)(lambda ctx, error: ("none", 404))
    assert answer(app).status == 404


@pytest.mark.parametrize("when", ["startup", "shutdown"])
def test_a_hook_that_cannot_be_called_is_refused_when_it_is_declared(when):
    declare = getattr(App(), f"on_{when}")
    with pytest.raises(TypeError, match=rf"{when} hook 5: expected a function of \(\)"):
        declare(5)
    with pytest.raises(
        TypeError, match=rf"{when} hook <lambda> must take \(\): missing a required"
    ):
        declare(lambda app: 1)
    declare(dict)  # of which nobody knows the signature
