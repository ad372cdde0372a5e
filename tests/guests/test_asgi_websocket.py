"""WebSockets of ASGI apps on AsyncServer."""

import asyncio
import threading

import pytest

from asyncweb import AsyncServer, HTTPError, Limits, TestClient
from asyncweb.errors import ClientGone
from tests.conftest import PATIENCE_S, eventually
from tests.websocket_peer import WebSocketPeer, handshake

ACCEPT = {"type": "websocket.accept"}
LOST = {"type": "websocket.disconnect", "code": 1006, "reason": ""}


def connected(converse):
    """An app that knows nothing but WebSockets."""

    async def app(scope, receive, send):
        assert scope["type"] == "websocket"
        assert await receive() == {"type": "websocket.connect"}
        await converse(scope, receive, send)

    return app


def client_of(converse, **settings):
    return TestClient(connected(converse), timeout_s=5, **settings)


def test_messages_go_both_ways_and_a_goodbye_is_a_disconnect():
    seen = []

    async def converse(scope, receive, send):
        seen.append(scope)
        await send({**ACCEPT, "subprotocol": "b", "headers": [(b"x-a", b"1")]})
        while (message := await receive())["type"] == "websocket.receive":
            await send({**message, "type": "websocket.send"})
        seen.append(message)

    client = client_of(converse)
    with client.websocket("/caf%C3%A9?q=1", subprotocols=["a", "b"]) as ws:
        assert ws.subprotocol == "b"
        for message in ("text é", b"\x00", "x" * 100_000):
            ws.send(message)
            assert ws.receive() == message
        ws.close(3001, "bye")
    scope, last = seen
    assert last == {"type": "websocket.disconnect", "code": 3001, "reason": "bye"}
    told = {name: scope[name] for name in ("path", "query_string", "scheme", "subprotocols")}
    assert told == {"path": "/café", "query_string": b"q=1", "scheme": "ws",
                    "subprotocols": ["a", "b"]}  # fmt: skip
    assert "method" not in scope


def test_an_app_may_close_and_say_why():
    async def converse(scope, receive, send):
        await send(ACCEPT)
        await send({"type": "websocket.close", "code": 4000, "reason": "enough"})

    with client_of(converse).websocket("/") as ws:
        assert list(ws) == []
        assert (ws.close_code, ws.close_reason) == (4000, "enough")


def test_an_app_that_ends_says_goodbye():
    async def converse(scope, receive, send):
        await send(ACCEPT)

    with client_of(converse).websocket("/") as ws, pytest.raises(ClientGone, match="1000"):
        ws.receive()


def test_an_app_that_raises_closes_with_1011_and_its_error_is_kept():
    async def converse(scope, receive, send):
        await send(ACCEPT)
        raise LookupError("on purpose")

    with pytest.raises(LookupError), client_of(converse).websocket("/") as ws:
        assert list(ws) == []
        assert ws.close_code == 1011


DENIED = [
    {"type": "websocket.http.response.start", "status": 418, "headers": []},
    {"type": "websocket.http.response.body", "body": b"short ", "more_body": True},
    {"type": "websocket.http.response.body", "body": b"and stout"},
]


@pytest.mark.parametrize(
    ("messages", "status", "text"),
    [
        ([{"type": "websocket.close"}], 403, "this WebSocket was refused"),
        ([], 403, "this WebSocket was refused"),
        (DENIED, 418, "short and stout"),
    ],
)
def test_an_app_may_refuse(messages, status, text):
    async def converse(scope, receive, send):
        for message in messages:
            await send(message)

    with (
        client_of(converse) as client,  # which the error would keep alive
        pytest.raises(HTTPError) as caught,
        client.websocket("/"),
    ):
        pass
    assert (caught.value.status, str(caught.value)) == (status, text)


@pytest.mark.parametrize(
    "messages",
    [
        [{"type": "websocket.send", "text": "x"}],
        [ACCEPT, ACCEPT],
        [ACCEPT, {"type": "http.response.start"}],
        [ACCEPT, {"type": "websocket.close"}, {"type": "websocket.send", "text": "x"}],
    ],
)
def test_messages_out_of_order_are_errors(messages):
    async def converse(scope, receive, send):
        for message in messages:
            await send(message)

    with (
        pytest.raises((RuntimeError, HTTPError), match=r"out of order|Internal Server Error"),
        client_of(converse).websocket("/") as ws,
    ):
        assert list(ws) == []


def test_an_app_that_tidies_up_after_its_client_is_not_cancelled_however_long_it_takes():
    story, released = [], threading.Event()

    async def converse(scope, receive, send):
        await send(ACCEPT)
        story.append((await receive())["type"])
        try:
            await asyncio.to_thread(released.wait, PATIENCE_S)
            await send({"type": "websocket.send", "text": "in vain"})
        except BaseException as error:
            story.append(type(error))
            raise

    with AsyncServer(connected(converse), limits=Limits(half_closed_s=0.01)) as server:
        WebSocketPeer(server.port).open().vanish()
        eventually(lambda: story and server.stats()["connections"] == 0)
        eventually(lambda: not server.stats()["in_flight"])  # our own handler is at its end
        released.set()
        eventually(lambda: len(story) == 2)
        assert story == ["websocket.disconnect", ClientGone]
        assert server.errors == []


def test_an_app_is_told_of_a_client_that_leaves_before_it_is_accepted():
    story, begun = [], threading.Event()

    async def converse(scope, receive, send):
        begun.set()
        story.append(await receive())
        try:
            await send(ACCEPT)
        except OSError as error:
            story.append(type(error))

    with AsyncServer(connected(converse)) as server:
        client = WebSocketPeer(server.port).send(handshake())
        assert begun.wait(PATIENCE_S)
        client.vanish()
        eventually(lambda: len(story) == 2)
        assert story == [LOST, ClientGone]
        assert server.errors == []


def test_a_handshake_that_is_wrong_is_answered_and_its_app_told_that_nobody_came():
    story = []

    async def converse(scope, receive, send):
        try:
            await send(ACCEPT)
        finally:
            story.append(await receive())

    with AsyncServer(connected(converse)) as server:
        client = WebSocketPeer(server.port).send(handshake(sec_websocket_version="8"))
        assert client.answer().status == 426
        eventually(lambda: story)
        assert story == [LOST]
        client.leave()


def test_a_conversation_that_goes_on_at_the_stop_is_ended():
    ended = threading.Event()

    async def converse(scope, receive, send):
        await send(ACCEPT)
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    server = AsyncServer(connected(converse)).start()
    client = WebSocketPeer(server.port).open()
    server.stop(drain_s=0)
    assert ended.is_set()
    client.leave()
