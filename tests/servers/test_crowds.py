"""More clients than a server takes: each is told so, and the place is free again."""

import select
import threading

import pytest

from asyncweb import App, Limits, ThreadServer
from asyncweb.servers import aio_client, aio_peer, thread_clients, thread_door, thread_peer
from asyncweb.servers.poller import SelectorPoller
from tests.conftest import PATIENCE_S, eventually

ASK = b"GET / HTTP/1.1\r\nHost: t\r\n\r\n"


@pytest.fixture
def app():
    app = App()
    app.state.begun, app.state.open = threading.Semaphore(0), threading.Event()

    @app.get("/")
    def home(ctx):
        return threading.current_thread().name

    @app.get("/gate")
    def gate(ctx):
        app.state.begun.release()
        app.state.open.wait(PATIENCE_S)
        return "through"

    yield app
    app.state.open.set()


@pytest.fixture
def no_lingering(monkeypatch):
    monkeypatch.setattr(aio_peer, "LINGER_S", 0.02)
    monkeypatch.setattr(thread_peer, "LINGER_S", 0.02)


def is_refused(client, has_body=True):
    answer = client.answer(has_body)
    return (answer.status, answer.headers["retry-after"], answer.headers["connection"]) == (
        503, "1", "close",
    )  # fmt: skip


@pytest.mark.parametrize("limit", ["connections", "connections_per_client"])
def test_who_comes_when_it_is_full_is_told_to_come_back(serve, peer, app, limit):
    server = serve(app, limits=Limits(**{limit: 2}))
    inside = [peer(server) for _ in range(2)]
    for client in inside:
        client.get("/")
    silent, hasty = peer(server), peer(server).send(ASK)
    assert is_refused(silent)  # it has not even asked
    silent.send(ASK)
    assert is_refused(hasty)
    assert [client.rest() for client in (silent.says_no_more(), hasty.says_no_more())] == [b""] * 2
    eventually(lambda: server.stats()["connections"] == 2)
    assert [client.get("/").status for client in inside] == [200, 200]


@pytest.mark.parametrize("limit", ["connections", "connections_per_client"])
def test_the_place_of_one_who_leaves_is_free(serve, peer, app, limit):
    server = serve(app, limits=Limits(**{limit: 1}))
    first = peer(server)
    first.get("/")
    refused = peer(server)
    assert is_refused(refused)
    first.leave()
    refused.leave()
    eventually(lambda: server.stats()["connections"] == 0)
    assert peer(server).get("/").status == 200


def test_a_refused_client_that_goes_on_sending_reads_why(serve, peer, app):
    server = serve(app, limits=Limits(connections=1))
    peer(server).get("/")
    refused = peer(server)
    refused.send(b"POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 3000000\r\n\r\n")
    refused.send(b"x" * 3_000_000).says_no_more()
    assert is_refused(refused)
    assert refused.rest() == b""


@pytest.mark.usefixtures("fast_sweeps", "no_lingering")
def test_a_refused_client_that_stays_is_let_go(serve, peer, app):
    server = serve(app, limits=Limits(connections=1))
    peer(server).get("/")
    refused = peer(server)
    eventually(lambda: server.stats()["connections"] == 1)
    assert is_refused(refused)


@pytest.mark.usefixtures("fast_sweeps", "no_lingering")
def test_a_refused_client_that_never_stops_sending_is_let_go(serve, peer, app):
    server = serve(app, limits=Limits(connections=1))
    peer(server).get("/")
    refused = peer(server)
    with pytest.raises(ConnectionError):
        while True:
            refused.send(b"x" * 1000)
    eventually(lambda: server.stats()["connections"] == 1)


def test_a_flood_is_cut_without_a_word(serve, peer, app, monkeypatch):
    for module in (aio_client, thread_clients):
        monkeypatch.setattr(module, "TOLD_AT_ONCE", 1)
    server = serve(app, limits=Limits(connections=1))
    inside = peer(server)
    inside.get("/")
    told = peer(server)
    assert is_refused(told)
    with pytest.raises(ConnectionError):  # perhaps before it is connected
        peer(server).rest()
    told.leave()
    eventually(lambda: server.stats()["connections"] == 1)
    assert inside.get("/").status == 200


def test_the_last_answer_of_a_connection_says_so(serve, peer, app):
    client = peer(serve(app, limits=Limits(requests_per_connection=3)))
    client.send(ASK * 5)
    said = [client.answer().headers.get("connection") for _ in range(3)]
    assert said == [None, None, "close"]
    client.says_no_more()
    assert client.rest() == b""


@pytest.mark.parametrize("make", [Limits.strict, Limits.relaxed])
def test_the_two_other_sets_of_limits_serve_too(serve, peer, app, make):
    client = peer(serve(app, limits=make()))
    assert [client.get("/").status for _ in range(3)] == [200] * 3


def test_many_requests_of_a_client_that_does_not_read_wait_unread(serve, peer, app):
    """Neither answers nor requests pile up: handlers are called for a client that reads."""
    calls = []

    @app.get("/large")
    def large(ctx):
        calls.append(1)
        return b"x" * 250_000

    server = serve(app)
    client = peer(server)
    count = 400
    sender = threading.Thread(
        target=client.send, args=(b"GET /large HTTP/1.1\r\nHost: t\r\n\r\n" * count,)
    )
    sender.start()
    eventually(lambda: calls)
    others = [peer(server).get("/").status for _ in range(10)]
    assert others == [200] * 10
    assert len(calls) < count / 2
    assert [len(client.answer().body) for _ in range(count)] == [250_000] * count
    sender.join()


def test_a_client_that_asks_on_and_on_without_reading_is_not_read_without_end(serve, peer, app):
    client = peer(serve(app))
    client.socket.settimeout(0.3)
    sent = 0
    with pytest.raises(TimeoutError):
        while sent < 200_000_000:
            sent += client.socket.send(ASK * 2000)
    assert sent < 100_000_000


# ---------------------------------------------------------------------- too few threads


def test_who_finds_no_room_in_the_queue_reads_it_though_it_asks_on(peer, app):
    with ThreadServer(app, max_threads=1, queue=1) as server:
        busy = peer(server).send(b"GET /gate HTTP/1.1\r\nHost: t\r\n\r\n")
        assert app.state.begun.acquire(timeout=PATIENCE_S)
        waiting = peer(server).send(ASK)
        eventually(lambda: server._running._pool.queued == 1)
        refused = peer(server).send(ASK[:10]).send(ASK[10:])
        assert is_refused(refused)
        assert refused.send(ASK).says_no_more().rest() == b""
        app.state.open.set()
        assert [busy.answer().status, waiting.answer().status] == [200, 200]


def test_half_a_request_needs_no_thread_and_no_room(peer, app):
    with ThreadServer(app, max_threads=1, queue=1) as server:
        half = peer(server).send(ASK[:10])
        busy = peer(server).send(b"GET /gate HTTP/1.1\r\nHost: t\r\n\r\n")
        assert app.state.begun.acquire(timeout=PATIENCE_S)
        waiting = peer(server).send(ASK)
        eventually(lambda: server._running._pool.queued == 1)
        half.send(ASK[10:20])
        app.state.open.set()
        assert [busy.answer().status, waiting.answer().status] == [200, 200]
        assert half.send(ASK[20:]).answer().status == 200


def test_a_head_that_finds_no_room_is_refused_without_content(peer, app):
    with ThreadServer(app, max_threads=1, queue=1) as server:
        busy = peer(server).send(b"GET /gate HTTP/1.1\r\nHost: t\r\n\r\n")
        assert app.state.begun.acquire(timeout=PATIENCE_S)
        waiting = peer(server).send(ASK)
        eventually(lambda: server._running._pool.queued == 1)
        refused = peer(server).send(b"HEAD / HTTP/1.1\r\nHost: t\r\n\r\n")
        assert is_refused(refused, has_body=False)
        assert refused.says_no_more().rest() == b""
        app.state.open.set()
        assert [busy.answer().status, waiting.answer().status] == [200, 200]


def test_an_answer_that_has_begun_goes_on_in_the_pool_though_the_queue_is_full(peer, app):
    """Never at the door: a handler there would keep everyone out."""
    ran_in = set()

    @app.get("/endless")
    def endless(ctx):
        for _ in range(200):
            ran_in.add(threading.current_thread().name)
            yield b"x" * 100_000

    with ThreadServer(app, max_threads=1, queue=1) as server:
        reader = peer(server).send(b"GET /endless HTTP/1.1\r\nHost: t\r\n\r\n")
        eventually(lambda: len(server._running.door.parked) == 1 and ran_in)
        busy = peer(server).send(b"GET /gate HTTP/1.1\r\nHost: t\r\n\r\n")
        assert app.state.begun.acquire(timeout=PATIENCE_S)
        waiting = peer(server).send(ASK)
        eventually(lambda: server._running._pool.queued == 1)
        taken = b""

        def begins_again():
            nonlocal taken
            while select.select([reader.socket], [], [], 0)[0]:
                taken += reader.socket.recv(1_000_000)
            return server._running._pool.queued == 2

        eventually(begins_again)
        app.state.open.set()
        while not taken.endswith(b"0\r\n\r\n"):
            taken += reader.socket.recv(1_000_000)
        assert [busy.answer().status, waiting.answer().status] == [200, 200]
    assert ran_in == {"asyncweb-pool-0"}


def test_who_can_have_no_thread_is_told_503(peer, app, monkeypatch):
    start = threading.Thread.start

    def no_thread_for_clients(self):
        if self.name.endswith("-client"):
            raise RuntimeError("can't start new thread")
        start(self)

    with ThreadServer(app) as server:
        monkeypatch.setattr(threading.Thread, "start", no_thread_for_clients)
        refused = peer(server).send(ASK)
        assert is_refused(refused)
        assert refused.says_no_more().rest() == b""
        eventually(lambda: server.stats()["connections"] == 0)
        monkeypatch.undo()
        assert peer(server).get("/").status == 200


# ---------------------------------------------------------------------- too little room at the door


@pytest.fixture
def small_door(monkeypatch):
    """It can watch 16 clients and the listener, as that of Windows can watch 510."""

    class Small(SelectorPoller):
        room = 17

    monkeypatch.setattr(thread_door, "new_poller", Small)


def test_a_pool_lets_in_no_more_than_its_door_can_watch_and_tells_the_others(peer, app, small_door):
    with ThreadServer(app, max_threads=2) as server:
        inside = [peer(server) for _ in range(14)]  # and two who may be told
        assert [client.get("/").status for client in inside] == [200] * 14
        assert is_refused(peer(server).send(ASK))
        assert [client.get("/").status for client in inside] == [200] * 14


def test_clients_with_threads_of_their_own_need_no_room_at_the_door(peer, app, small_door):
    with ThreadServer(app) as server:
        inside = [peer(server) for _ in range(20)]
        assert [client.get("/").status for client in inside] == [200] * 20
