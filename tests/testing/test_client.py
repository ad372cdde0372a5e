"""The test client: an app asked without a port, on either engine, as a program would ask it."""

import asyncio
import socket
import threading
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta

import pytest

from asyncweb import App, HTTPError, Limits, Response, TestClient
from asyncweb.errors import ClientGone, NeedsEventLoop
from asyncweb.testing import engines
from tests.conftest import eventually

ENGINES = ("async", "threads")


def sample_app():
    app = App()
    app.state.life = []
    app.on_startup(lambda: app.state.life.append("up"))

    @app.on_shutdown
    async def down():
        app.state.life.append("down")

    @app.get("/")
    def home(ctx):
        return "Hello World"

    @app.route("/tell", ["GET", "POST", "PUT", "PATCH", "DELETE"])
    async def tell(ctx):
        await ctx.sleep(0)
        fields = ("content-type", "x-mine", "host", "cookie", "transfer-encoding")
        headers = {name: ctx.headers[name] for name in fields if name in ctx.headers}
        return {"method": ctx.method, "query": dict(ctx.query), "headers": headers,
                "body": ctx.text}  # fmt: skip

    @app.post("/form", stream=True)
    async def form(ctx):
        form = await ctx.form()
        files = {name: [up.filename, up.content_type, up.size] for name, up in form.files.items()}
        return {"fields": dict(form), "tags": form.get_all("tag"), "files": files}

    @app.post("/upper", stream=True)
    async def upper(ctx):
        async def pieces():
            async for piece in ctx.stream:
                yield piece.upper()

        return pieces()

    @app.get("/login")
    def login(ctx):
        ctx.response.set_cookie("id", "7")
        ctx.response.set_cookie("seen", "yes")
        return "in"

    @app.get("/logout")
    def logout(ctx):
        ctx.response.set_cookie("id", "", max_age=0)
        return "out"

    @app.get("/boom")
    async def boom(ctx):
        raise LookupError("on purpose")

    @app.get("/teapot")
    def teapot(ctx):
        raise HTTPError(418, "short and stout")

    @app.get("/broken")
    async def broken(ctx):
        yield "first"
        raise LookupError("in the middle")

    return app


@pytest.fixture
def app():
    return sample_app()


@pytest.fixture(params=ENGINES)
def client(request, app):
    with app.test_client(engine=request.param) as client:
        yield client


def test_it_answers_as_a_server_does_and_no_port_is_opened(client, monkeypatch):
    def bind(*_):
        raise AssertionError("a test client needs no address")

    monkeypatch.setattr(socket.socket, "bind", bind)
    answer = client.get("/")
    assert (answer.status, answer.text) == (200, "Hello World")
    assert answer.headers["content-length"] == "11" and "date" in answer.headers


@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete"])
def test_each_method_has_its_verb(client, method):
    assert getattr(client, method)("/tell").json()["method"] == method.upper()


def test_head_and_options(client):
    assert client.head("/").headers["content-length"] == "11"
    assert client.head("/").body == b""
    assert client.options("/").headers["allow"] == "GET, HEAD, OPTIONS"
    assert client.options("*").status == 204


def test_parameters_headers_and_bodies_arrive(client):
    told = client.post(
        "/tell?a=1", params={"q": "é&="}, headers={"X-Mine": "yes"}, json={"é": 1}
    ).json()
    assert told["query"] == {"a": "1", "q": "é&="}
    assert told["headers"]["x-mine"] == "yes"
    assert told["headers"]["content-type"] == "application/json"
    assert told["headers"]["host"] == "testserver"
    assert client.post("/tell", data="é").json()["body"] == "é"
    assert client.post("/tell", data=b"raw").json()["body"] == "raw"
    assert client.post("/tell", data={"a": ["1", "2"]}).json()["body"] == "a=1&a=2"


def test_a_path_is_encoded_as_clients_do(client):
    assert client.get("/caf%C3%A9/é x").text == "no route for /café/é x"


def test_headers_of_the_client_go_with_each_request_unless_it_has_its_own(app):
    with app.test_client(headers={"x-mine": "always"}) as client:
        assert client.get("/tell").json()["headers"]["x-mine"] == "always"
        told = client.get("/tell", headers={"X-Mine": "once"}).json()
        assert told["headers"]["x-mine"] == "once"


def test_a_form_with_files(client):
    files = {"photo": ("a.png", b"\x89PNG", "image/png"), "note": b"12345"}
    told = client.post("/form", data={"title": "é", "tag": ["x", "y"]}, files=files).json()
    assert told == {
        "fields": {"title": "é", "tag": "y"},
        "tags": ["x", "y"],
        "files": {
            "photo": ["a.png", "image/png", 4],
            "note": ["note", "application/octet-stream", 5],
        },
    }


def test_an_iterator_is_sent_in_chunks_and_answered_while_it_goes_on(client):
    answered = threading.Event()

    def pieces():
        yield b"one"
        assert answered.wait(10)
        yield b"two"

    with client.stream("POST", "/upper", data=pieces()) as answer:
        came = iter(answer)
        assert next(came) == b"ONE"
        answered.set()
        assert b"".join(came) == b"TWO"


@pytest.mark.parametrize("error", [ZeroDivisionError, FileNotFoundError])
def test_an_iterator_of_the_test_that_raises_is_heard(client, error):
    def pieces():
        yield b"one"
        raise error("in the test")

    with pytest.raises(error, match="in the test"):
        client.post("/upper", data=pieces())


def test_many_megabytes_go_both_ways(client):
    body = b"a" * 20_000_000
    with client.stream("POST", "/upper", data=body) as answer:
        assert sum(map(len, answer)) == len(body)


def test_cookies_are_kept_and_given_back(client):
    client.get("/login")
    assert client.cookies == {"id": "7", "seen": "yes"}
    assert client.get("/tell").json()["headers"]["cookie"] == "id=7; seen=yes"
    client.get("/logout")
    assert client.get("/tell").json()["headers"]["cookie"] == "seen=yes"


def test_a_cookie_is_kept_whatever_its_attributes_are(client, app):
    @app.get("/embedded")
    def embedded(ctx):
        later = datetime.now(UTC) + timedelta(days=1)
        ctx.response.set_cookie(
            "id", "a=b", secure=True, httponly=True, samesite="None", partitioned=True
        )
        ctx.response.set_cookie("seen", "yes", expires=later, domain="test", path="/embedded")

    client.get("/embedded")
    assert client.cookies == {"id": "a=b", "seen": "yes"}


@pytest.mark.parametrize(
    ("attributes", "is_kept"),
    [
        ("Expires=Sun, 06 Nov 1994 08:49:37 GMT", False),
        ("expires=Sunday, 06-Nov-94 08:49:37 GMT", False),
        ("Max-Age=0", False),
        ("max-age=-1; Partitioned", False),
        ("Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT", True),
        ("Max-Age=soon; Expires=never", True),
        ("Expires", True),
        ("Max-Age; Future-Attribute", True),
    ],
)
def test_a_cookie_that_is_over_is_kept_no_longer(client, app, attributes, is_kept):
    @app.get("/again")
    def again(ctx):
        return Response("", headers={"set-cookie": f"id=8; {attributes}"})

    client.get("/login")
    client.get("/again")
    assert client.cookies == ({"id": "8", "seen": "yes"} if is_kept else {"seen": "yes"})


def test_an_error_nobody_handled_is_raised_where_the_test_asks(client):
    with pytest.raises(LookupError, match="on purpose") as caught:
        client.get("/boom")
    assert caught.traceback[-1].name == "boom"
    assert client.get("/teapot").status == 418


@pytest.mark.parametrize("engine", ENGINES)
def test_or_is_the_500_that_a_client_would_read(app, engine):
    with app.test_client(engine=engine, raise_errors=False) as client:
        answer = client.get("/boom")
        assert (answer.status, answer.text) == (500, "Internal Server Error")
        with pytest.raises(ClientGone):
            client.get("/broken")


def test_a_stream_that_breaks_off_raises_its_error_after_what_came(client):
    came = []
    with pytest.raises(LookupError, match="in the middle"), client.stream("GET", "/broken") as got:
        came += got
    assert came == [b"first"]


def test_what_a_handler_raises_after_its_answer_is_raised_at_the_next_request(client, app):
    go_on = threading.Event()

    @app.get("/on")
    async def on(ctx):
        await ctx.send_once("done")
        await ctx.offload(go_on.wait, 10)
        raise LookupError("after the answer")

    assert client.get("/on").text == "done"
    go_on.set()
    eventually(lambda: client._rehearsal.raised)
    with pytest.raises(LookupError, match="after the answer"):
        client.get("/")
    assert client.get("/").text == "Hello World"


def test_what_comes_of_a_stream_that_the_test_left_is_forgotten(client, app):
    @app.get("/endless")
    async def endless(ctx):
        try:
            while True:
                yield b"x" * 1000
                await ctx.sleep(0.001)
        finally:
            raise LookupError("nobody reads on")

    with client.stream("GET", "/endless") as answer:
        next(iter(answer))
    eventually(lambda: client._rehearsal.raised)
    assert client.get("/").text == "Hello World"


def test_lines_of_a_stream(client, app):
    app.get("/lines")(lambda ctx: iter(["a\r\nb", "c\n", "\n", "d"]))
    with client.stream("GET", "/lines") as answer:
        assert list(answer.lines()) == ["a", "bc", "", "d"]


def test_a_client_that_leaves_a_stream_ends_it(client, app):
    closed = threading.Event()

    @app.get("/endless")
    async def endless(ctx):
        try:
            while True:
                yield b"x" * 1000
                await ctx.sleep(0.001)
        finally:
            closed.set()

    with client.stream("GET", "/endless") as answer:
        next(iter(answer))
    assert closed.wait(10)


def test_the_app_starts_once_and_shuts_down(app):
    with app.test_client() as client:
        assert app.state.life == ["up"]
        client.get("/")
        client.get("/")
    assert app.state.life == ["up", "down"]


def test_without_a_with_it_starts_at_the_first_request_and_ends_when_it_is_forgotten(app):
    client = app.test_client()
    assert app.state.life == []
    assert client.get("/").text == "Hello World"
    assert app.state.life == ["up"]
    del client
    assert app.state.life == ["up", "down"]


def test_a_startup_that_fails_is_raised(app):
    @app.on_startup
    def broken():
        raise LookupError("no database")

    for engine in ENGINES:
        with pytest.raises(LookupError, match="no database"):
            app.test_client(engine=engine).get("/")


@pytest.mark.parametrize("engine", ENGINES)
def test_what_a_shutdown_hook_raises_is_raised_at_the_close(app, engine):
    @app.on_shutdown
    def broken():
        raise LookupError("no database")

    with pytest.raises(LookupError, match="no database"), app.test_client(engine=engine) as client:
        client.get("/")
    assert app.state.life == ["up", "down"]
    with app.test_client(engine=engine, raise_errors=False) as client:
        client.get("/")


def test_it_works_where_a_loop_is_running_already(app):
    async def cell():
        return app.test_client().get("/tell").status

    assert asyncio.run(cell()) == 200


def test_it_works_on_a_loop_that_cannot_watch_a_socket(app, monkeypatch):
    def refuse(self, *args):
        raise NotImplementedError  # as Windows' loop with completion ports does

    class Windowed(asyncio.SelectorEventLoop):
        add_reader = remove_reader = refuse

    monkeypatch.setattr("asyncweb.servers.aio.new_event_loop", Windowed)
    with app.test_client() as client:
        assert client.get("/").text == "Hello World"
        assert client.post("/upper", data=iter([b"one", b"two"])).text == "ONETWO"


def test_a_handler_that_holds_the_loop_is_named_at_the_close(app, monkeypatch):
    monkeypatch.setattr(engines, "DRAIN_S", 0.0)
    monkeypatch.setattr("asyncweb.servers.aio.END_TIMEOUT_S", 0.05)
    let_go, threads = threading.Event(), []

    @app.get("/held")
    def held(ctx):
        threads.append(threading.current_thread())
        let_go.wait(10)

    client = app.test_client(timeout_s=0.05)
    with pytest.raises(TimeoutError):
        client.get("/held")
    with pytest.warns(RuntimeWarning, match="asyncweb-test has not ended"):
        client.close()
    let_go.set()
    threads[0].join(10)


def test_a_loop_finishes_what_a_thread_cannot(app):
    @app.get("/loop")
    async def loop(ctx):
        await asyncio.sleep(0.001)
        return "done"

    assert app.test_client().get("/loop").text == "done"
    with pytest.raises(NeedsEventLoop):
        app.test_client(engine="threads").get("/loop")


def test_limits_hold(app):
    for engine in ENGINES:
        with app.test_client(engine=engine, limits=Limits(body_bytes=3)) as client:
            assert client.post("/tell", data=b"four").status == 413
            assert client.post("/tell", data=iter([b"fo", b"ur"])).status == 413


def test_what_an_answer_may_not_be_is_seen_as_on_a_server(client, app):
    @app.get("/odd")
    def odd(ctx):
        response = Response("x")
        response.status = 1000
        return response

    with pytest.raises(ValueError, match="status 1000"):
        client.get("/odd")


def test_a_handler_that_never_answers_is_told_of(app, monkeypatch):
    monkeypatch.setattr(engines, "DRAIN_S", 0.05)

    @app.get("/never")
    async def never(ctx):
        await asyncio.sleep(3600)

    with pytest.raises(TimeoutError, match=r"the app sent nothing for 0\.05 s"):
        app.test_client(timeout_s=0.05).get("/never")


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"path": "users"}, "expected one that begins with /"),
        ({"path": "/", "body": b"x"}, "unknown argument 'body'; known: params, headers, json"),
        ({"path": "/", "json": 1, "data": b"x"}, "json or data, not both"),
        ({"path": "/", "headers": {"a": "b\r\nc: d"}}, "control character"),
    ],
)
def test_what_no_client_can_ask_is_refused_with_the_way_out(app, asked, told):
    with pytest.raises((TypeError, ValueError), match=told):
        app.test_client().get(**asked)


def test_an_engine_is_one_of_two(app):
    with pytest.raises(ValueError, match="expected 'async' or 'threads'"):
        TestClient(app, engine="fast")


def test_requests_do_not_see_each_others_context(client, app):
    seen = ContextVar("seen", default="nothing")

    @app.get("/var")
    async def var(ctx):
        before = seen.get()
        seen.set("something")
        return before

    assert [client.get("/var").text for _ in range(3)] == ["nothing"] * 3


def test_guests_are_tested_the_same_way():
    async def asgi(scope, receive, send):
        assert scope["type"] == "http"
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"asgi"})

    def wsgi(environ, start_response):
        start_response("200 OK", [])
        return [b"wsgi"]

    assert TestClient(asgi).get("/").text == "asgi"
    assert TestClient(wsgi, engine="threads").get("/").text == "wsgi"
