"""The end of a conversation: the last answer is read, whatever the client still sends meanwhile.

RFC 9112, 9.6: whoever closes while something is unread, or still comes, resets the connection, and
the reset destroys what the other side has not read yet.
"""

import socket
import threading

import pytest

from asyncweb import App
from asyncweb.servers import aio_peer, thread_peer
from tests.conftest import PATIENCE_S, eventually

LARGE, TAIL = 512 * 1024, 48 * 1024  # bytes: a tail waits in the server's socket, not with us
WINDOW = 4 * 1024  # of the client, who therefore has to be sent the tail in many steps
CLOSING = (b"%b HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n", b"%b HTTP/1.0\r\n\r\n")
MORE = b"GET /more HTTP/1.1\r\nHost: t\r\n\r\n" * 30
LAST_CALLS = pytest.mark.parametrize("last", CLOSING, ids=["close", "1.0"])


@pytest.fixture
def app():
    app = App()
    app.state.entered, app.state.leave = threading.Event(), threading.Event()

    @app.get("/large")
    def large(ctx):
        return b"\0" * LARGE

    @app.get("/pieces")
    def pieces(ctx):
        yield from [b"\0" * (LARGE // 16)] * 16

    @app.get("/taken-over")
    async def taken_over(ctx):
        stream = await ctx.take_over()
        await stream.write(b"\0" * LARGE)

    @app.get("/small")
    def small(ctx):
        return "hello"

    @app.get("/gate")
    async def gate(ctx):
        app.state.entered.set()
        while not app.state.leave.is_set():
            await ctx.sleep(0.001)
        return b"\0" * LARGE

    return app


@LAST_CALLS
def test_what_comes_while_the_last_answer_is_made_does_not_destroy_it(serve, peer, app, last):
    client = peer(serve(app)).send(last % b"GET /gate")
    assert app.state.entered.wait(PATIENCE_S)
    client.send(MORE)
    app.state.leave.set()
    assert client.rest().endswith(b"\r\n\r\n" + b"\0" * LARGE)


@pytest.fixture
def narrow(caller):
    """A client with a narrow window that has read all of a large answer but its tail."""

    def read(server, asked):
        calling = socket.socket()
        calling.settimeout(PATIENCE_S)
        calling.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, WINDOW)
        calling.connect(("127.0.0.1", server.port))
        client = caller(calling).send(asked)
        client.left = LARGE
        while client.left > TAIL:
            client.left -= calling.recv(WINDOW).count(b"\0")
        return client

    return read


@LAST_CALLS
@pytest.mark.parametrize("path", [b"/large", b"/pieces"])
def test_what_comes_after_a_long_last_answer_does_not_destroy_it(serve, narrow, app, last, path):
    server = serve(app)
    client = narrow(server, last % (b"GET " + path))
    eventually(lambda: server.stats()["requests"] == 1)
    client.send(MORE)
    assert client.rest().count(b"\0") == client.left


@pytest.mark.parametrize("path", [b"/large", b"/pieces", b"/taken-over"])
def test_a_stop_destroys_nothing_of_a_long_last_answer(serve, narrow, app, path):
    server = serve(app)
    client = narrow(server, CLOSING[0] % (b"GET " + path))
    eventually(lambda: server.stats()["requests"] == 1)
    server.stop()
    assert client.rest().count(b"\0") == client.left


@LAST_CALLS
def test_a_client_that_has_read_a_short_last_answer_is_not_waited_for(
    serve, peer, app, monkeypatch, last
):
    for module in (aio_peer, thread_peer):
        monkeypatch.setattr(module, "LINGER_S", 3600.0)
    server = serve(app)
    client = peer(server).send(last % b"GET /small")
    assert client.rest().endswith(b"hello")
    eventually(lambda: server.stats()["connections"] == 0)


@pytest.mark.usefixtures("fast_sweeps")
@pytest.mark.parametrize("path", [b"/large", b"/pieces"])
def test_who_reads_slowly_gets_all_of_a_long_last_answer(serve, narrow, app, monkeypatch, path):
    for module in (aio_peer, thread_peer):
        monkeypatch.setattr(module, "LINGER_S", 0.01)
    server = serve(app)
    client = narrow(server, CLOSING[0] % (b"GET " + path))
    eventually(lambda: server.stats()["requests"] == 1)
    eventually(lambda: server.stats()["connections"] == 0)  # what is left is the system's to send
    assert client.rest().count(b"\0") == client.left
