"""What hyperlane does, row by row: the README's table, and nothing in it without a test.

Each test's docstring is the left cell of its row. Both engines run all of them.
"""

import contextlib
import inspect
import json
import re
import socket
import ssl
import sys
from pathlib import Path

import pytest

from asyncweb import (
    App,
    AsyncServer,
    Broadcast,
    Event,
    EventStream,
    HTTPError,
    Limits,
    Response,
    RouteError,
    Settings,
    SocketOptions,
    ThreadServer,
    Tls,
)
from tests.conftest import PATIENCE_S, eventually

SERVERS = {"async": AsyncServer, "threads": ThreadServer}
README = Path(__file__).parent.parent / "README.md"


@pytest.fixture(params=SERVERS)
def engine(request):
    return request.param


@pytest.fixture
def app():
    return App()


@pytest.fixture
def client(app, engine):
    with app.test_client(engine=engine) as client:
        yield client


@pytest.fixture
def start(app, engine):
    """Starts the app on a server of that engine, over a socket."""
    with contextlib.ExitStack() as servers:
        yield lambda **settings: servers.enter_context(SERVERS[engine](app, **settings))


def say(server, data, context=None):
    """All that the server answers to `data`, until it closes."""
    sock = socket.create_connection(("127.0.0.1", server.port), PATIENCE_S)
    with context.wrap_socket(sock) if context else sock as peer:
        peer.sendall(data)
        return b"".join(iter(lambda: peer.recv(65536), b""))


GET = b"GET / HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n"


def test_server(app, start):
    """`Server::new()`, `host`, `port`, `run`"""
    app.get("/")(lambda ctx: "Hello World")
    server = start(host="127.0.0.1", port=0)
    assert server.url == f"http://127.0.0.1:{server.port}"
    assert say(server, GET).endswith(b"\r\n\r\nHello World")


def test_shutdown(app, start):
    """`wait`, `shutdown`, which only stops accepting"""
    app.get("/")(lambda ctx: "Hello World")
    server = start()
    server.stop(drain_s=5)
    server.wait()
    with pytest.raises(ConnectionRefusedError):
        say(server, GET)


def test_socket_options(app, start):
    """`enable_nodelay`, `enable_linger`, `set_ttl`, `http_buffer_size`, `ws_buffer_size`"""
    app.get("/")(lambda ctx: "Hello World")
    options = SocketOptions(nodelay=False, ttl=7)
    server = start(socket_options=options, limits=Limits(buffer_bytes=4096, frame_bytes=4096))
    assert say(server, GET).endswith(b"Hello World")


def test_configuration(app, tmp_path, monkeypatch):
    """configuration from JSON"""
    file = tmp_path / "server.json"
    file.write_text(json.dumps({"engine": "threads", "limits": {"body_bytes": 10}}))
    monkeypatch.setenv("ASYNCWEB_HOST", "127.0.0.1")
    server = (Settings.read(file) | Settings.from_environment()).server(app)
    assert (server.engine, server.host, server.limits.body_bytes) == ("threads", "127.0.0.1", 10)
    file.write_text('{"prot": 80}')
    with pytest.raises(ValueError, match=r"prot.*port"):
        Settings.read(file)


def test_request_limits(app, start):
    """`RequestConfig`, `low_security`, `high_security`"""
    app.post("/")(lambda ctx: "taken")
    assert Limits.strict().body_bytes < Limits().body_bytes < Limits.relaxed().body_bytes
    server = start(limits=Limits.strict())
    length = Limits.strict().body_bytes + 1
    assert b" 413 " in say(
        server, b"POST / HTTP/1.1\r\nHost: t\r\nContent-Length: %d\r\n\r\n" % length
    )


def test_routes(app, client):
    """routes `/a`, `/users/{id}`, `/x/{name:regex}`"""
    app.get("/users/{id:int}")(lambda ctx: ctx.params)
    app.get(r"/x/{name:\d+[a-z]}/{rest:path}")(lambda ctx: ctx.params)
    assert client.get("/users/7").json() == {"id": 7}
    assert client.get("/users/seven").status == 404
    assert client.get("/x/1a/b/c").json() == {"name": "1a", "rest": "b/c"}
    assert client.post("/users/7").headers["allow"] == "GET, HEAD, OPTIONS"


def test_duplicate_routes(app):
    """a duplicate route panics"""

    @app.get("/users")
    def users(ctx): ...

    with pytest.raises(RouteError, match=r"users.*everybody"):

        @app.get("/users")
        def everybody(ctx): ...


def test_request(app, client):
    """`get_request_method`, headers, cookies, body, params, attributes, address"""

    @app.post("/users/{id:int}")
    def tell(ctx):
        ctx.state.user = ctx.params["id"]
        said = [ctx.method, ctx.path, ctx.query["a"], ctx.headers["x-a"], ctx.cookies["c"]]
        return [*said, ctx.json(), ctx.text, len(ctx.body), ctx.state.user]

    answer = client.post("/users/7?a=b", headers={"X-A": "x", "Cookie": "c=d"}, data='{"n": 1}')
    assert answer.json() == ["POST", "/users/7", "b", "x", "d", {"n": 1}, '{"n": 1}', 8, 7]


def test_body_in_pieces(app, client):
    """a body as it arrives, uploads"""

    @app.post("/size", stream=True)
    async def size(ctx):
        return {"bytes": sum([len(piece) async for piece in ctx.stream])}

    @app.post("/upload", stream=True)
    async def upload(ctx):
        photo = (await ctx.form()).files["photo"]
        return [photo.filename, photo.size]

    assert client.post("/size", data=iter([b"a" * 10, b"b" * 20])).json() == {"bytes": 30}
    assert client.post("/upload", files={"photo": ("p.png", b"123")}).json() == ["p.png", 3]


def test_response(app, client):
    """`set_response_status_code`, `set_response_header`, `set_response_body`, `send`"""

    @app.get("/")
    def home(ctx):
        ctx.response.headers["x-a"] = "b"
        ctx.response.set_cookie("one", "1", max_age=60, httponly=True)
        ctx.response.set_cookie("two", "2", samesite="Strict")
        return {"made": True}, 201

    app.get("/old")(lambda ctx: Response.redirect("/new", 308))
    answer = client.get("/")
    assert (answer.status, answer.headers["x-a"], answer.json()) == (201, "b", {"made": True})
    assert len(answer.headers.get_all("set-cookie")) == 2
    assert client.get("/old").headers["location"] == "/new"


def test_early_send(app, client):
    """`send_once`, `flush`, `closed`, `aborted`"""
    done = []

    @app.get("/pieces")
    async def pieces(ctx):
        await ctx.send("one ")
        await ctx.send("two")
        done.append(ctx.closed)

    @app.get("/once")
    async def once(ctx):
        await ctx.send_once({"accepted": True})
        done.append("after the answer")

    assert client.get("/pieces").text == "one two"
    assert client.get("/once").json() == {"accepted": True}
    eventually(lambda: done == [False, "after the answer"])
    assert client.get("/pieces").text == "one two"
    eventually(lambda: done == [False, "after the answer", False])


def test_chunked_answers(app, client):
    """chunked answers by repeated `send_body`"""
    app.get("/")(lambda ctx: iter(["one ", b"two"]))
    answer = client.get("/")
    assert (answer.text, answer.headers["transfer-encoding"]) == ("one two", "chunked")


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
def test_compression(app, client, coding):
    """response compression: gzip, deflate, br"""
    app.compress()
    app.get("/")(lambda ctx: "again and " * 1000)
    answer = client.get("/", headers={"accept-encoding": coding})
    assert answer.headers["content-encoding"] == coding
    assert len(answer.body) < 1000


def test_middleware(app, client):
    """request and response middleware in order, `aborted` skips the rest"""
    order = []

    @app.middleware
    async def outer(ctx, next):
        order.append("in")
        response = await next(ctx)
        order.append("out")
        return response

    @app.middleware
    def guard(ctx, next):
        return next(ctx) if ctx.path == "/" else ("not you", 403)

    app.get("/")(lambda ctx: order.append("handler"))
    assert (client.get("/").status, order) == (204, ["in", "handler", "out"])
    assert (client.get("/secret").status, order) == (403, ["in", "handler", "out", "in", "out"])


def test_errors(app, start):
    """`error_handler`, `panic_hook`, `request_error`"""

    @app.get("/")
    def home(ctx):
        raise ZeroDivisionError

    @app.get("/key")
    def key(ctx):
        return {}["missing"]

    app.on_error(KeyError)(lambda ctx, error: (f"no {error}", 404))
    app.on_protocol_error(lambda error: {"error": error.status})
    server = start()
    assert b" 500 " in say(server, GET)
    assert b" 404 " in say(server, GET.replace(b"/", b"/key", 1))
    assert say(server, b"nonsense\r\n\r\n").endswith(b'{"error":400}')
    assert "ZeroDivisionError" in server.errors[0].traceback


def test_hooks(app, start):
    """`connected_hook`, `pre_upgrade_hook`, `on_ws_connected`"""
    order = []
    app.on_startup(lambda: order.append("startup"))
    app.on_shutdown(lambda: order.append("shutdown"))
    app.on_connect(lambda client: order.append("connect"))

    @app.before_upgrade
    def refuse(ctx):
        order.append("upgrade")
        raise HTTPError(403, "no sockets today")

    @app.websocket("/")
    async def ws(ws): ...

    server = start()
    upgrade = (
        b"GET / HTTP/1.1\r\nHost: t\r\nConnection: upgrade, close\r\nUpgrade: websocket\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
    )
    assert b" 403 " in say(server, upgrade)
    server.stop()
    assert order == ["startup", "connect", "upgrade", "shutdown"]


def test_websocket(app, client):
    """WebSocket, the whole chain for it"""
    passed = []

    @app.middleware
    async def chain(ctx, next):
        passed.append(ctx.path)
        return await next(ctx)

    @app.websocket("/echo/{name}")
    async def echo(ws):
        async for message in ws:
            await ws.send(
                message if isinstance(message, bytes) else f"{ws.params['name']}: {message}"
            )

    with client.websocket("/echo/ann") as ws:
        ws.send("hello")
        assert ws.receive() == "ann: hello"
        ws.send(b"\0")
        assert ws.receive() == b"\0"
    assert passed == ["/echo/ann"]


def test_broadcast(app, client):
    """the broadcast crates: point to point, groups"""
    room = Broadcast(queue=8, slow="drop_oldest")

    @app.websocket("/chat/{topic}/{name}")
    async def chat(ws):
        with room.join(ws, ws.params["topic"], name=ws.params["name"]):
            await ws.send("here")
            async for message in ws:
                room.send(message, group=ws.params["topic"])
                room.send_to("bob", "for bob alone")

    with client.websocket("/chat/news/ann") as ann, client.websocket("/chat/news/bob") as bob:
        assert (ann.receive(), bob.receive()) == ("here", "here")
        ann.send("hello")
        assert (ann.receive(), bob.receive(), bob.receive()) == ("hello", "hello", "for bob alone")


def test_server_sent_events(app, client):
    """server-sent events by repeated `send_body`"""

    @app.get("/")
    def news(ctx):
        return EventStream([Event(f"after {ctx.last_event_id}", event="news", id="8")], retry_s=3)

    answer = client.get("/", headers={"last-event-id": "7"})
    assert answer.headers["content-type"] == "text/event-stream"
    assert answer.text == "retry: 3000\n\nevent: news\nid: 8\ndata: after 7\n\n"


def test_raw_stream(app, start):
    """the raw stream, `disable_http_hook`"""

    @app.get("/")
    async def shout(ctx):
        stream = await ctx.take_over()
        await stream.write(b"ready;")
        await stream.write((await stream.read()).upper())

    with socket.create_connection(("127.0.0.1", start().port), PATIENCE_S) as peer:
        peer.sendall(GET)
        assert peer.recv(6, socket.MSG_WAITALL) == b"ready;"
        peer.sendall(b"no http")
        assert b"".join(iter(lambda: peer.recv(100), b"")) == b"NO HTTP"


def test_static_files(app, client, tmp_path):
    """static files by hand"""
    (tmp_path / "public").mkdir()
    (tmp_path / "secret.txt").write_text("secret")
    (tmp_path / "public" / "page.html").write_text("<p>page")
    app.static("/files", tmp_path / "public")
    answer = client.get("/files/page.html")
    assert (answer.text, answer.headers["content-type"]) == ("<p>page", "text/html; charset=utf-8")
    assert client.get("/files/page.html", headers={"range": "bytes=3-"}).text == "page"
    tag = {"if-none-match": answer.headers["etag"]}
    assert client.get("/files/page.html", headers=tag).status == 304
    assert client.get("/files/..%2fsecret.txt").status == 404


def test_tls(app, start):
    """TLS, HTTP/2, HTTP/3"""
    app.get("/")(lambda ctx: ctx.url)
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    assert say(start(tls=Tls.self_signed()), GET, context).endswith(b"\r\n\r\nhttps://t/")


def test_recipes(app, client, tmp_path):
    """hyperlane-quick-start: chat, CORS, logger, upload"""
    log = []

    @app.middleware
    async def logged(ctx, next):
        response = await next(ctx)
        log.append(f"{ctx.method} {ctx.path} {response.status}")
        return response

    @app.middleware
    async def cors(ctx, next):
        response = await next(ctx)
        response.headers["access-control-allow-origin"] = "https://example.com"
        return response

    @app.post("/upload", stream=True)
    async def upload(ctx):
        (await ctx.form()).files["photo"].save(tmp_path / "photo.png")
        return None

    answer = client.post("/upload", files={"photo": ("../../p.png", b"123")})
    assert answer.headers["access-control-allow-origin"] == "https://example.com"
    assert ((tmp_path / "photo.png").read_bytes(), log) == (b"123", ["POST /upload 204"])


# ------------------------------------------------------------------ the article's own snippets


def test_the_articles_hello_world(app, start):
    app.get("/")(lambda ctx: "Hello World")
    assert say(start(), GET).endswith(b"Hello World")


def test_the_articles_waiting_handler(app, start):
    @app.get("/async")
    async def waiting(ctx):
        await ctx.sleep(0.010)
        return "Async operation completed"

    answer = say(start(), GET.replace(b"/", b"/async", 1))
    assert answer.endswith(b"Async operation completed")


def test_the_articles_user_route(app, client):
    @app.get("/users/{id}")
    def user(ctx):
        return {"id": ctx.params["id"], "name": "User"}

    assert client.get("/users/42").json() == {"id": "42", "name": "User"}


# ------------------------------------------------------------------ the table


def test_each_row_of_the_readme_is_a_test():
    text = README.read_text(encoding="utf-8")
    table = re.search(r"\| hyperlane \| asyncweb \|\n\|[-|]+\|\n((?:\|.*\n)+)", text)
    cells = [line.split(" | ")[0].removeprefix("| ") for line in table[1].splitlines()]
    here = inspect.getmembers(sys.modules[__name__], inspect.isfunction)
    told = [inspect.getdoc(test) for name, test in here if name.startswith("test_")]
    assert sorted(cells) == sorted(filter(None, told))
