"""Our App as WSGI: what the host hears, checked by the library that checks WSGI."""

import io
import subprocess
import sys
from wsgiref.util import setup_testing_defaults
from wsgiref.validate import validator

import pytest

from asyncweb import App, Limits
from tests.gateways.endings import ENDINGS, ends_of

STREAM = "test-stream"


def sample_app():
    app = App()

    @app.get("/")
    def home(ctx):
        return "Hello"

    @app.post("/echo")
    def echo(ctx):
        return ctx.body

    @app.post("/up", stream=True)
    async def up(ctx):
        return [len(piece) async for piece in ctx.stream]

    @app.get("/users/{name}")
    async def user(ctx):
        await ctx.sleep(0)
        return {"name": ctx.params["name"], "agent": ctx.headers.get("x-agent"),
                "client": ctx.client, "thread": await ctx.offload(int, "7")}  # fmt: skip

    @app.get("/pieces")
    async def pieces(ctx):
        yield "one "
        yield ""
        yield "two"

    @app.get("/cookies")
    def cookies(ctx):
        ctx.response.set_cookie("a", "1")
        ctx.response.set_cookie("b", "2")
        return None, 204, {"connection": "close", "date": "never"}

    @app.websocket("/ws")
    async def ws(ws):
        pass

    return app


def ask(app, path="/", method="GET", body=b"", **environ):
    told = []
    environ = {"REQUEST_METHOD": method, "PATH_INFO": path, "wsgi.input": io.BytesIO(body),
               "REMOTE_ADDR": "10.0.0.1", "SCRIPT_NAME": "", "QUERY_STRING": "",
               **environ}  # fmt: skip
    if body:
        environ.setdefault("CONTENT_LENGTH", str(len(body)))
    setup_testing_defaults(environ)
    answer = validator(app)(environ, lambda *head: told.append(head) or (lambda data: None))
    try:
        body = b"".join(answer)
    finally:
        answer.close()
    ((status, headers),) = told
    return status, headers, body


@pytest.fixture
def app():
    return sample_app()


def test_the_app_itself_and_its_wsgi_side_answer_alike(app):
    due = "200 OK", [("content-type", "text/plain; charset=utf-8"), ("content-length", "5")]
    assert ask(app) == ask(app.wsgi) == (*due, b"Hello")
    assert ask(app, method="HEAD") == (*due, b"")


def test_what_a_handler_sees_is_what_the_host_tells(app):
    status, _, body = ask(app, "/users/caf\xc3\xa9", HTTP_X_AGENT="\xe9", REMOTE_PORT="7")
    assert status == "200 OK"
    assert body.decode() == '{"name":"café","agent":"é","client":["10.0.0.1",7],"thread":7}'


@pytest.mark.parametrize("keeps", ["RAW_URI", "REQUEST_URI"])
def test_below_a_root_the_path_is_what_follows_it(app, keeps):
    told = {"SCRIPT_NAME": "/v 1", "CONTENT_TYPE": ""}
    assert ask(app, "/", **told)[0] == "200 OK"
    assert ask(app, "/users/x", **told, **{keeps: "/v%201/users/%41b?q"})[2].startswith(
        b'{"name":"Ab"'
    )


def test_bodies_come_whole_or_in_pieces_and_their_limits_hold(app):
    assert ask(app, "/echo", "POST", b"x" * 100_000)[2] == b"x" * 100_000
    assert ask(app, "/up", "POST", b"x" * 100_000)[2] == b"[65536,34464]"
    assert ask(app, "/up", "POST")[2] == b"[]"
    assert ask(app, "/echo", "POST", b"four", CONTENT_LENGTH="9")[0] == "400 Bad Request"
    assert ask(app, "/up", "POST", b"four", CONTENT_LENGTH="9")[0] == "400 Bad Request"
    app.limits = Limits(body_bytes=3, stream_bytes=3)
    for path in ("/echo", "/up"):
        assert ask(app, path, "POST", b"four")[0].startswith("413 ")
        told = {"wsgi.input_terminated": True, "CONTENT_LENGTH": ""}
        assert ask(app, path, "POST", b"four", **told)[0].startswith("413 ")


def test_streams_and_cookies_and_what_is_the_hosts(app):
    assert ask(app, "/pieces")[2] == b"one two"
    assert ask(app, "/pieces", "HEAD")[2] == b""
    status, headers, _ = ask(app, "/cookies")
    assert status == "204 No Content"
    assert [name for name, _ in headers] == ["set-cookie", "set-cookie"]


def test_what_is_no_request_of_ours_is_answered_as_on_our_servers(app):
    assert ask(app, "/nowhere")[0] == "404 Not Found"
    assert ask(app, "/\xff")[0] == "400 Bad Request"
    assert ask(app, "/ws")[0].startswith("426")
    app.limits = Limits(target_bytes=10, header_count=5)
    assert ask(app, "/" + "a" * 20)[0].startswith("414")
    many = {f"HTTP_X_{number}": "x" for number in range(9)}
    assert ask(app, **many)[0].startswith("431")


@pytest.mark.filterwarnings("ignore:.*Unknown REQUEST_METHOD")
def test_an_unknown_method_is_501(app):
    assert ask(app, method="BREW")[0] == "501 Not Implemented"


def test_an_error_is_a_500_and_logged(app, caplog):
    @app.get("/boom")
    def boom(ctx):
        raise LookupError("on purpose")

    @app.get("/broken")
    def broken(ctx):
        yield "first"
        raise LookupError("in the middle")

    assert ask(app, "/boom")[0] == "500 Internal Server Error"
    with pytest.raises(ConnectionError, match="GET /broken broke off"):
        ask(app, "/broken")
    assert "on purpose" in caplog.text and "in the middle" in caplog.text


@ENDINGS
def test_an_answer_that_the_host_closes_unread_leaves_no_handler_hanging(app, how, end):
    ended = ends_of(app, how)
    environ = {"PATH_INFO": "/work"}
    setup_testing_defaults(environ)
    app.wsgi(environ, lambda *head: None).close()
    assert ended == [end]


PROGRAM = """
from wsgiref.util import setup_testing_defaults
from asyncweb import App

app = App()
app.on_startup(lambda: print("up"))
app.on_shutdown(lambda: print("down"))
app.get("/")(lambda ctx: "Hello")
environ = {}
setup_testing_defaults(environ)
for _ in range(2):
    print(app(dict(environ), lambda *head: None))
"""


def test_it_starts_at_the_first_request_and_shuts_down_with_the_process():
    said = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True)
    assert said.stdout.split("\n") == ["up", "[b'Hello']", "[b'Hello']", "down", ""]


def test_other_arguments_are_no_call_of_a_host(app):
    with pytest.raises(TypeError, match=r"to ask it something: app\.test_client\(\)"):
        app("/")
