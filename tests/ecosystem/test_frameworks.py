"""Applications of Starlette, FastAPI, Flask and Django on our servers, and on the dashboard."""

import pytest

from asyncweb import AsyncServer, TestClient, ThreadServer
from tests.conftest import eventually
from tests.ecosystem.frameworks import ASGI, PIECES, WSGI

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("default")]
MAKERS = {**ASGI, **WSGI}
LIVING = ("starlette", "fastapi")


@pytest.fixture(params=MAKERS)
def name(request):
    return request.param


@pytest.fixture
def server(name):
    make = AsyncServer if name in ASGI else ThreadServer
    with make(MAKERS[name]()) as server:
        yield server


@pytest.fixture
def client(server, needs):
    with needs("httpx").Client(base_url=server.url, timeout=20) as client:
        yield client


def test_hello_form_upload_and_stream(client, server, name):
    assert client.get("/hello/Ada").json() == {"hello": "Ada"}
    assert client.head("/hello/Ada").content == b""
    photo = {"photo": ("a.png", b"x" * 100_000, "image/png")}
    answer = client.post("/form", data={"title": "é"}, files=photo)
    assert answer.json() == ["é", "a.png", 100_000]
    assert client.post("/upload", content=b"x" * 3_000_000).text == "3000000"
    told = client.post("/upload", content=iter([b"x" * 1000] * 50)).text
    assert told == ("0" if name == "django wsgi" else "50000")  # Django reads a declared length
    with client.stream("GET", "/stream") as answer:
        assert answer.read() == b"".join(PIECES)
    assert client.get("/nowhere").status_code == 404
    eventually(lambda: server.stats()["requests"] == 7)


def test_an_error_is_a_500_and_the_server_goes_on(client, server, name):
    assert client.get("/boom").status_code == 500
    assert client.get("/hello/again").json() == {"hello": "again"}
    if not name.startswith("django"):  # which answers its errors itself
        eventually(lambda: server.errors)
        assert server.errors[0].error == "LookupError: on purpose"


@pytest.mark.parametrize("name", LIVING, indirect=True)
def test_a_lifespan_and_a_websocket(client, server, needs):
    assert client.get("/state").text == "open"
    connect = needs("websockets.sync.client").connect
    with connect(f"ws://127.0.0.1:{server.port}/echo", subprotocols=["chat"]) as ws:
        for message in ("hello", "x" * 100_000):
            ws.send(message)
            assert ws.recv() == message.upper()
    assert server.errors == []


@pytest.mark.parametrize("name", ["starlette", "fastapi", "flask"], indirect=True)
def test_the_metrics_know_the_routes_of_the_framework(client, server):
    seen = []
    server.observer.ended = lambda route, status, seconds: seen.append(route)
    client.get("/hello/Ada")
    eventually(lambda: seen)
    assert seen in ([f"/hello/{name}"] for name in ("{name}", "<name>"))


def test_a_framework_is_tested_without_a_port(name):
    engine = "async" if name in ASGI else "threads"
    with TestClient(MAKERS[name](), engine=engine) as client:
        assert client.get("/hello/Ada").json() == {"hello": "Ada"}
        if name in LIVING:
            with client.websocket("/echo") as ws:
                ws.send("hello")
                assert ws.receive() == "HELLO"


def test_wsgi_refs_own_checker_is_content_with_flask_on_our_threads(needs):
    from wsgiref.validate import validator

    with ThreadServer(validator(WSGI["flask"]())) as server:
        get = needs("httpx").get
        assert get(f"{server.url}/hello/Ada").json() == {"hello": "Ada"}
        assert get(f"{server.url}/stream").content == b"".join(PIECES)
        assert server.errors == []
