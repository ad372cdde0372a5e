"""A client that asks for much at once gets one turn after the other, and no more than it reads."""

import threading

import pytest

from asyncweb import App, Limits
from tests.conftest import eventually

PAGE = b"x" * 65536
REQUESTS = b"GET /page HTTP/1.1\r\nHost: t\r\n\r\n" * 2000


def app_that_counts(calls):
    app = App()

    @app.get("/page")
    def page(ctx):
        calls.append("page")
        return PAGE

    @app.get("/")
    def home(ctx):
        return f"after {len(calls)} pages"

    return app


def unread_bytes(server):
    """What the server has taken from its clients and keeps for later."""
    clients = server._running.clients
    return sum(
        len(c.connection._incoming.unparsed) for c in (clients() if callable(clients) else clients)
    )


def test_who_reads_nothing_is_answered_no_more_than_the_system_keeps(serve, peer):
    calls = []
    server = serve(app_that_counts(calls), limits=Limits(write_s=60))
    client = peer(server)
    writer = threading.Thread(target=client.send, args=(REQUESTS,))
    writer.start()
    eventually(lambda: calls)
    # The system keeps a few MB on both sides; all that was asked for are 125.
    others = peer(server)
    told = [others.get("/").text]
    while told[-50:].count(told[-1]) < 50:  # until no more are made
        told.append(others.get("/").text)
    assert len(calls) < 300
    assert all(client.answer().body == PAGE for _ in range(2000))
    writer.join()


def test_who_asks_without_end_and_reads_nothing_is_not_listened_to_for_long(serve, peer):
    server = serve(app_that_counts([]), limits=Limits(write_s=60))
    client = peer(server)
    client.socket.settimeout(0.5)
    with pytest.raises(TimeoutError):  # the server has stopped reading
        client.send(REQUESTS * 2000)
    assert unread_bytes(server) < 1024**2


def test_others_have_their_turn_while_one_client_asks_for_many_pages(peer, serve):
    calls = []
    server = serve(app_that_counts(calls))
    greedy, modest = peer(server), peer(server)
    modest.get("/")
    reader = threading.Thread(target=lambda: [greedy.answer() for _ in range(2000)])
    reader.start()
    greedy.send(REQUESTS)
    assert modest.get("/").text != "after 2000 pages"
    reader.join()
