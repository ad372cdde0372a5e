"""WebSockets of the test client, on either engine."""

import asyncio
import threading

import pytest

from asyncweb import App, HTTPError
from asyncweb.errors import ClientGone
from asyncweb.testing import engines


@pytest.fixture
def app():
    app = App()

    @app.websocket("/echo/{room}", subprotocols=["chat"])
    async def echo(ws):
        await ws.send(f"in {ws.params['room']}")
        async for message in ws:
            if message == "go":
                await ws.close(3001, "as you like")
                return
            if message == "boom":
                raise LookupError("on purpose")
            await ws.send(message)

    @app.websocket("/json")
    async def double(ws):
        await ws.send_json({"twice": 2 * await ws.receive_json()})

    app.get("/")(lambda ctx: "Hello")
    return app


@pytest.fixture(params=["async", "threads"])
def client(request, app):
    with app.test_client(engine=request.param, timeout_s=5) as client:
        yield client


def test_messages_go_both_ways(client):
    with client.websocket("/echo/7", subprotocols=["talk", "chat"]) as ws:
        assert (ws.receive(), ws.subprotocol) == ("in 7", "chat")
        for message in ("text é", b"\x00\xff", "x" * 100_000, b""):
            ws.send(message)
            assert ws.receive() == message
        assert ws.close_code is None
    with client.websocket("/json") as ws:
        ws.send_json(21)
        assert ws.receive_json() == {"twice": 42}
        assert list(ws) == []
        assert ws.close_code == 1000


def test_the_app_may_close_and_say_why(client):
    with client.websocket("/echo/7") as ws:
        ws.send("go")
        assert list(ws) == ["in 7"]
        assert (ws.close_code, ws.close_reason) == (3001, "as you like")
        with pytest.raises(ClientGone, match="3001 as you like"):
            ws.receive()


def test_what_its_handler_raises_is_raised_in_the_test(client):
    with pytest.raises(LookupError, match="on purpose"), client.websocket("/echo/7") as ws:
        ws.send("boom")
        assert list(ws) == ["in 7"]
        assert ws.close_code == 1011


def test_a_handler_that_goes_on_after_the_goodbye_is_told_of(app, monkeypatch):
    monkeypatch.setattr(engines, "DRAIN_S", 0.05)

    @app.websocket("/long")
    async def long(ws):
        async for _ in ws:
            pass
        await asyncio.sleep(3600)

    told = r"the handler of /long has not ended for 0\.05 s after the goodbye"
    with (
        app.test_client(timeout_s=0.05) as client,
        pytest.raises(TimeoutError, match=told),
        client.websocket("/long"),
    ):
        pass


@pytest.mark.parametrize(
    ("path", "status", "text"), [("/nowhere", 404, "no route for /nowhere"), ("/", 200, "Hello")]
)
def test_a_handshake_that_is_answered_otherwise_says_how(client, path, status, text):
    with pytest.raises(HTTPError) as caught, client.websocket(path):
        pass
    assert (caught.value.status, str(caught.value)) == (status, text)


def test_a_test_that_leaves_in_the_middle_ends_the_handler(client, app):
    ended = threading.Event()

    @app.websocket("/wait")
    async def wait(ws):
        try:
            await ws.receive()
        finally:
            ended.set()

    with pytest.raises(ZeroDivisionError), client.websocket("/wait"):
        raise ZeroDivisionError
    assert ended.wait(10)
