"""Clients that read slowly: cut off when they only drip, and in nobody's way meanwhile."""

import contextlib
import socket
import threading
import time

import pytest

from asyncweb import App, Limits, ThreadServer
from asyncweb.instruments.scripted_end import ScriptedEnd
from tests.conftest import Peer, eventually
from tests.streaming import add_streams

MIB = 1024 * 1024


@pytest.fixture
def app():
    app = App()

    @app.get("/")
    def home(ctx):
        return "hello"

    add_streams(app)

    @app.get("/large")
    def large(ctx):
        return b"x" * (32 * MIB)

    @app.post("/up")
    def up(ctx):
        return str(len(ctx.body))

    return app


class Narrow(Peer):
    """A client with a receive buffer so small that what it does not read stays at the server."""

    def __init__(self, port):
        narrow = socket.socket()
        narrow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        narrow.connect(("127.0.0.1", port))
        ScriptedEnd.__init__(self, narrow)


@pytest.fixture
def narrow():
    clients = []

    def connect(server):
        clients.append(Narrow(server.port))
        return clients[-1]

    yield connect
    for client in clients:
        client.leave()


def drip(client, bytes_per_s, until):
    """Reads at that rate until `until()`; how many bytes that were."""
    began, taken = time.monotonic(), 0
    while not until():
        due = (time.monotonic() - began) * bytes_per_s
        if taken < due:
            got = len(client.socket.recv(min(int(due - taken) + 1, 65536)))
            if not got:
                break
            taken += got
        else:
            threading.Event().wait(0.002)
    return taken


@pytest.mark.usefixtures("fast_sweeps")
@pytest.mark.parametrize("path", ["/endless", "/large"])
def test_a_reader_that_drips_is_cut_off(serve, narrow, app, path):
    limits = Limits(write_s=0.2, write_bytes_per_s=64 * MIB)
    server = serve(app, limits=limits)
    client = narrow(server).send(f"GET {path} HTTP/1.1\r\nHost: t\r\n\r\n".encode())
    eventually(lambda: server.stats()["connections"] == 1)
    with contextlib.suppress(ConnectionError):  # or an end in the middle, if that comes first
        assert drip(client, 4 * MIB, until=lambda: False) < 16 * MIB
    eventually(lambda: server.stats()["connections"] == 0)
    assert server.errors == []


@pytest.mark.slow
@pytest.mark.usefixtures("fast_sweeps")
def test_a_reader_above_the_rate_is_not_cut_off(serve, narrow, app):
    limits = Limits(write_s=0.2, write_bytes_per_s=1 * MIB)
    server = serve(app, limits=limits)
    client = narrow(server).send(b"GET /endless HTTP/1.1\r\nHost: t\r\n\r\n")
    end = time.monotonic() + 0.8
    taken = drip(client, 8 * MIB, until=lambda: time.monotonic() > end)
    assert taken > 3 * MIB
    assert server.stats()["connections"] == 1


def has_begun(client):
    """Whether something has come from it; it is parked before that, too."""
    return client.mid_answer or not client.connection.idle


@pytest.mark.parametrize(
    "begun",
    [
        b"GET /endless HTTP/1.1\r\nHost: t\r\n\r\n",
        b"GET /large HTTP/1.1\r\nHost: t\r\n\r\n",
        b"GET / HTTP/1.1\r\nHo",
        b"POST /up HTTP/1.1\r\nHost: t\r\nContent-Length: 10\r\n\r\nhal",
    ],
    ids=["a stream", "a large answer", "a head", "a body"],
)
def test_a_slow_client_holds_no_thread_of_the_pool(peer, narrow, app, begun):
    with ThreadServer(app, max_threads=1, queue=1) as server:
        slow = []
        for number in (1, 2, 3):  # one by one: the queue has room for one
            slow.append(narrow(server).send(begun))
            eventually(lambda: sum(map(has_begun, server._running.door.parked)) == number)  # noqa: B023
        assert [peer(server).get("/").text for _ in range(3)] == ["hello"] * 3
        for client in slow:
            client.vanish()
