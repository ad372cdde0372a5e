"""The page of users, by a handler that blocks, one that offloads and one that awaits."""

import pytest

from asyncweb import AsyncServer, ThreadServer
from asyncweb.lab.database.app import users_app
from asyncweb.lab.database.users import nap, page, users
from tests.conftest import THREADED, eventually
from tests.lab.database.gate import gate as gate

HANDLERS = ("blocking", "offloaded", "awaited")
ASKS = b"GET /%s?nap_ms=1 HTTP/1.1\r\nHost: test\r\n\r\n"


def test_all_handlers_answer_the_same_bytes(serve, kind, peer, database):
    client = peer(serve(users_app(database)))
    expected = page(users(database.users)).encode()
    for handler in HANDLERS[: 2 if kind in THREADED else 3]:
        answer = client.get(f"/{handler}")
        assert (answer.status, answer.body) == (200, expected), handler
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert client.get(f"/{handler}?nap_ms=1").body == page(users(1)).encode(), handler


def test_without_a_loop_the_one_that_awaits_says_what_is_missing(peer, sqlite):
    with ThreadServer(users_app(sqlite)) as server:
        assert peer(server).get("/awaited").status == 500
        eventually(lambda: server.errors)
    assert "only an event loop can finish this await" in server.errors[0].error


@pytest.mark.parametrize("nap_ms", ["soon", "-1", "1.5", ""])
def test_a_nap_that_is_no_number_is_a_bad_request(serve, peer, sqlite, nap_ms):
    answer = peer(serve(users_app(sqlite))).get(f"/blocking?nap_ms={nap_ms}")
    assert answer.status == 400
    assert "expected whole milliseconds, as in ?nap_ms=20" in answer.text


def test_a_query_that_blocks_holds_up_the_loop_itself(gate, peer, sqlite):
    with AsyncServer(users_app(sqlite)) as server:
        slow = peer(server).send(ASKS % b"blocking")
        gate.await_inside(1)
        eventually(lambda: server.stats()["blocks"])
        assert server.stats()["blocks"][0]["function"] == "Gate.sleep"
        gate.let_through()
        assert slow.answer().status == 200


@pytest.mark.parametrize("handler", [b"offloaded", b"awaited"])
def test_one_that_is_offloaded_or_awaited_holds_up_nobody(gate, peer, sqlite, handler):
    with AsyncServer(users_app(sqlite)) as server:
        slow = peer(server).send(ASKS % handler)
        gate.await_inside(1)
        assert peer(server).get("/hello").text == "Hello"
        assert gate.inside == 1
        gate.let_through()
        assert slow.answer().status == 200


def test_on_threads_a_query_that_blocks_holds_up_nobody_else(gate, peer, sqlite):
    with ThreadServer(users_app(sqlite)) as server:
        slow = peer(server).send(ASKS % b"blocking")
        gate.await_inside(1)
        assert peer(server).get("/hello").text == "Hello"
        assert gate.inside == 1
        gate.let_through()
        assert slow.answer().status == 200


@pytest.mark.parametrize("make", [AsyncServer, ThreadServer])
def test_the_app_goes_to_another_process(make, peer, sqlite):
    app = users_app(sqlite)
    server = make(app).start(process=True)
    try:
        assert peer(server).get("/blocking").body == page(users(50)).encode()
    finally:
        server.stop()
    assert app.state.pool.ledger.connections == 0  # over there it was another pool


def test_a_server_that_stops_closes_its_connections_and_can_start_again(serve, kind, peer, sqlite):
    app = users_app(sqlite)
    handler = "/blocking" if kind in THREADED else "/awaited"
    pool = app.state.pool if kind in THREADED else app.state.async_pool
    for opened in (1, 2):
        server = serve(app)
        assert peer(server).get(handler).status == 200
        server.stop()
        assert pool.ledger.connections == opened


def test_the_nap_is_a_number_whatever_is_given():
    with pytest.raises(ValueError, match="could not convert"):
        nap("1); DROP TABLE users; --")
