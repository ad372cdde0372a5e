"""Slow, greedy and absent clients: each gets its status, and nobody is kept waiting for them."""

import select
import threading

import pytest

from asyncweb import App, AsyncServer, Limits, ThreadServer
from tests.conftest import eventually


@pytest.fixture
def app():
    app = App()

    @app.get("/")
    def home(ctx):
        return "hello"

    @app.post("/")
    def post(ctx):
        return str(len(ctx.body))

    @app.get("/endless")
    def endless(ctx):
        while True:
            yield b"x" * 65536

    return app


@pytest.mark.usefixtures("fast_sweeps")
@pytest.mark.parametrize(
    "begun",
    [b"G", b"GET / HTTP/1.1\r\nHost: t\r\nSlow", b"GET / HTTP/1.1\r\nHost: t\r\n"],
    ids=["one byte", "half a header", "no empty line"],
)
def test_a_request_cut_in_the_middle_is_answered_with_408(serve, peer, app, begun):
    client = peer(serve(app, limits=Limits(head_s=0.05))).send(begun)
    assert client.answer().status == 408
    assert client.rest() == b""


@pytest.mark.usefixtures("fast_sweeps")
def test_a_body_that_does_not_come_is_answered_with_408(serve, peer, app):
    client = peer(serve(app, limits=Limits(body_s=0.05)))
    client.send(b"POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 10\r\n\r\nhalf")
    assert client.answer().status == 408


@pytest.mark.usefixtures("fast_sweeps")
def test_a_body_that_drips_does_not_buy_time_with_each_byte(serve, peer, app):
    client = peer(serve(app, limits=Limits(body_s=0.1)))
    client.send(b"POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 1000000\r\n\r\n")
    drips = 0
    while drips < 1000 and not select.select([client.socket], [], [], 0.01)[0]:
        client.send(b"x")
        drips += 1
    assert client.answer().status == 408
    assert drips < 1000


@pytest.mark.usefixtures("fast_sweeps")
def test_an_idle_connection_is_closed_without_a_word(serve, peer, app):
    client = peer(serve(app, limits=Limits(idle_s=0.05)))
    client.get("/")
    assert client.rest() == b""


@pytest.mark.usefixtures("fast_sweeps")
def test_a_client_that_never_says_anything_is_let_go(serve, peer, app):
    assert peer(serve(app, limits=Limits(idle_s=0.05))).rest() == b""


@pytest.mark.usefixtures("fast_sweeps")
def test_a_client_that_reads_nothing_is_cut_off(serve, peer, app):
    server = serve(app, limits=Limits(write_s=0.05))
    client = peer(server).send(b"GET /endless HTTP/1.1\r\nHost: t\r\n\r\n")
    eventually(lambda: server.stats()["in_flight"] == 1)
    eventually(lambda: server.stats()["connections"] == 0)
    with pytest.raises(ConnectionError):
        client.rest()


@pytest.mark.usefixtures("fast_sweeps")
def test_a_slow_client_keeps_nobody_waiting(serve, peer, app):
    server = serve(app)
    slow = [peer(server).send(b"GET / HTTP/1.1\r\nHo") for _ in range(10)]
    assert peer(server).get("/").text == "hello"
    assert [client.send(b"st: t\r\n\r\n").answer().text for client in slow] == ["hello"] * 10


def test_too_much_pipelined_waits_in_the_socket_and_is_answered_all_the_same(serve, peer, app):
    client = peer(serve(app, limits=Limits(pipelined_requests=3)))
    count = 5000
    request = b"GET / HTTP/1.1\r\nHost: t\r\n\r\n"
    writer = threading.Thread(target=client.send, args=(request * count,))
    writer.start()
    assert [client.answer().text for _ in range(count)] == ["hello"] * count
    writer.join()


def test_answers_wait_for_a_client_that_does_not_read_and_so_do_its_requests(serve, peer, app):
    answered = []

    @app.get("/large")
    def large(ctx):
        answered.append(ctx.path)
        return b"x" * 500_000

    client = peer(serve(app))
    client.socket.settimeout(0.2)
    requests = b"GET /large HTTP/1.1\r\nHost: t\r\n\r\n" * 1000
    with pytest.raises(TimeoutError):  # sooner or later nobody takes any more
        for _ in range(1000):
            client.socket.sendall(requests)
    assert len(answered) < 100


@pytest.mark.parametrize(
    ("limits", "request_bytes", "status"),
    [
        ({"target_bytes": 20}, b"GET /" + b"a" * 20 + b" HTTP/1.1\r\nHost: t\r\n\r\n", 414),
        ({"head_bytes": 50}, b"GET / HTTP/1.1\r\nHost: " + b"a" * 50 + b"\r\n\r\n", 431),
        ({"header_count": 2}, b"GET / HTTP/1.1\r\nHost: t\r\nA: 1\r\nB: 2\r\n\r\n", 431),
        ({"body_bytes": 3}, b"POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 4\r\n\r\nfour", 413),
        (
            {"body_bytes": 3},
            b"POST / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n"
            b"4\r\nfour\r\n0\r\n\r\n",
            413,
        ),
    ],
)
def test_each_limit_has_its_status(serve, peer, app, limits, request_bytes, status):
    client = peer(serve(app, limits=Limits(**limits))).send(request_bytes)
    assert client.answer().status == status
    assert client.rest() == b""


def test_a_head_without_end_is_refused_while_it_is_still_coming(serve, peer, app):
    client = peer(serve(app)).send(b"GET / HTTP/1.1\r\nHost: t\r\nA: ")
    for _ in range(8):
        client.send(b"a" * 65536)
    assert client.answer().status == 431


@pytest.mark.parametrize("value", [0, -1])
def test_a_limit_below_one_is_refused_when_it_is_written(value):
    with pytest.raises(ValueError, match=f"idle_s={value}"):
        Limits(idle_s=value)


@pytest.mark.parametrize("make", [AsyncServer, ThreadServer])
def test_a_client_that_vanishes_costs_nothing(make, peer, app):
    with make(app) as server:
        for begun in (
            b"",
            b"GET / HT",
            b"POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 9\r\n\r\nx",
        ):
            peer(server).send(begun).vanish()
        assert peer(server).get("/").text == "hello"
        eventually(lambda: server.stats()["connections"] == 1)
        assert server.stats()["in_flight"] == 0
        assert server.errors == []
