"""Our App on the servers of others, each a process of its own, started as their users do."""

import ssl

import pytest

from asyncweb.servers.self_signed import certificate
from tests.conftest import eventually
from tests.outside.programs import free_ports, running
from tests.outside.programs import needs as program
from tests.websocket_peer import TEXT, WebSocketPeer, closing, frame

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("default")]
MODULE = """
import asyncio
from asyncweb import App, Limits

app = App()
app.limits = Limits(half_closed_s=0.05)
app.on_startup(lambda: setattr(app.state, "db", "open"))


@app.get("/")
def home(ctx):
    return "Hello World"


@app.get("/about/{name}")
async def about(ctx):
    await ctx.sleep(0.001)
    return {"name": ctx.params["name"], "version": ctx.request.version, "db": app.state.db,
            "thread": await ctx.offload(int, "7"), "client": ctx.client[0]}


@app.post("/form", stream=True)
async def form(ctx):
    form = await ctx.form()
    return [form["title"], form.files["photo"].size]


@app.post("/upload", stream=True)
async def upload(ctx):
    size = 0
    async for piece in ctx.stream:
        size += len(piece)
    return str(size)


@app.get("/stream")
async def stream(ctx):
    for number in range(3):
        yield f"{number} "
        await ctx.sleep(0.001)


@app.get("/boom")
async def boom(ctx):
    raise LookupError("on purpose")


@app.websocket("/echo")
async def echo(ws):
    async for message in ws:
        await ws.send(message.upper())


@app.websocket("/wait")
async def wait(ws):
    try:
        await ws.send("waiting")
        await asyncio.Event().wait()
    finally:
        app.state.ended = str(ws.ctx.closed)


@app.get("/ended")
def ended(ctx):
    return getattr(app.state, "ended", "no")
"""
ASGI = {
    "uvicorn": ["uvicorn", "main:app", "--port", "{port}"],
    "hypercorn": ["hypercorn", "main:app", "--bind", "127.0.0.1:{port}"],
    "granian": ["granian", "--interface", "asgi", "main:app", "--port", "{port}"],
}
WSGI = {
    "gunicorn": ["gunicorn", "main:app", "--bind", "127.0.0.1:{port}"],
    "gunicorn threads": [
        "gunicorn", "main:app", "--threads", "4", "--bind", "127.0.0.1:{port}"
    ],
    "waitress": ["waitress-serve", "--listen", "127.0.0.1:{port}", "main:app"],
    "granian wsgi": ["granian", "--interface", "wsgi", "main:app", "--port", "{port}"],
}  # fmt: skip
COMMANDS = {**ASGI, **WSGI}


@pytest.fixture(params=COMMANDS)
def name(request):
    return request.param


@pytest.fixture
def url(name, tmp_path):
    (tmp_path / "main.py").write_text(MODULE)
    (port,) = free_ports(1)
    first, *rest = [word.format(port=port) for word in COMMANDS[name]]
    with running([program(first), *rest], tmp_path, [port]):
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def client(url, needs):
    with needs("httpx").Client(base_url=url, timeout=20) as client:
        yield client


def check(client, version):
    assert client.get("/").text == "Hello World"
    if version != "3":  # aioquic takes an answer to HEAD that has a length for one cut short
        assert client.head("/").headers["content-length"] == "11"
    told = client.get("/about/Ada").json()
    assert told == {"name": "Ada", "version": version, "db": "open", "thread": 7,
                    "client": "127.0.0.1"}  # fmt: skip
    photo = {"photo": ("a.png", b"x" * 100_000, "image/png")}
    assert client.post("/form", data={"title": "é"}, files=photo).json() == ["é", 100_000]
    assert client.post("/upload", content=b"x" * 3_000_000).text == "3000000"
    assert client.post("/upload", content=iter([b"x" * 1000] * 50)).text == "50000"
    assert client.get("/stream").text == "0 1 2 "
    assert client.get("/boom").status_code == 500
    assert client.get("/nowhere").text == "no route for /nowhere"
    assert client.delete("/").headers["allow"] == "GET, HEAD, OPTIONS"


def test_the_app_answers_as_on_our_servers(client):
    check(client, "1.1")


@pytest.mark.parametrize("name", ASGI, indirect=True)
def test_and_opens_its_websockets(url, needs):
    connect = needs("websockets.sync.client").connect
    with connect(f"{url.replace('http', 'ws')}/echo") as ws:
        ws.send("hello")
        assert ws.recv() == "HELLO"


@pytest.mark.parametrize("leaves", ["close", "vanish"])
@pytest.mark.parametrize("name", ASGI, indirect=True)
def test_and_end_them_with_their_client(url, client, leaves):
    peer = WebSocketPeer(int(url.rpartition(":")[2])).open("/wait")
    assert peer.hear().data == b"waiting"
    if leaves == "close":
        peer.send(frame(TEXT, b"never heard") + closing(1000))
        assert peer.hear_close() == 1000
        peer.leave()
    else:
        peer.vanish()
    eventually(lambda: client.get("/ended").text == "True")


@pytest.mark.parametrize("name", ["hypercorn", "granian"], indirect=True)
def test_http_2_is_spoken_by_a_host_that_can(url, needs):
    needs("h2")
    with needs("httpx").Client(base_url=url, http1=False, http2=True, timeout=20) as client:
        assert client.get("/").http_version == "HTTP/2"
        check(client, "2")


def test_http_3_is_spoken_by_hypercorn(tmp_path, needs):
    needs("aioquic")
    from tests.ecosystem.http_3 import Http3

    (tmp_path / "main.py").write_text(MODULE)
    cert, key = certificate(["127.0.0.1"], tmp_path)
    (port,) = free_ports(1)
    places = ["--bind", f"127.0.0.1:{port}", "--quic-bind", f"127.0.0.1:{port}"]
    options = ["--certfile", str(cert), "--keyfile", str(key), "--graceful-timeout", "0"]
    url = f"https://127.0.0.1:{port}"
    httpx = needs("httpx")
    with running([program("hypercorn"), "main:app", *places, *options], tmp_path, [port]):
        context = ssl.create_default_context(cafile=str(cert))
        with httpx.Client(verify=context, timeout=20) as client:
            assert f'h3=":{port}"' in client.get(url).headers["alt-svc"]  # how a browser knows
        with httpx.Client(base_url=url, transport=Http3("127.0.0.1", port, cert)) as client:
            check(client, "3")
