"""A thread server with a bounded number of threads."""

import gc
import select
import threading
import time
import weakref
from collections import deque

import pytest

from asyncweb import App, ThreadServer
from asyncweb.servers import handoff
from asyncweb.servers.pool import Pool
from tests.conftest import PATIENCE_S, eventually


@pytest.fixture
def gate():
    """An app whose handlers wait until they are let go, and how many are inside."""
    app = App()
    app.state.inside = threading.Semaphore(0)
    app.state.open = threading.Event()

    @app.get("/gate")
    def wait(ctx):
        app.state.inside.release()
        app.state.open.wait(PATIENCE_S)
        return "through"

    @app.get("/")
    def home(ctx):
        return threading.current_thread().name

    yield app
    app.state.open.set()


def test_many_idle_connections_share_few_threads(gate, peer):
    with ThreadServer(gate, max_threads=2) as server:
        clients = [peer(server) for _ in range(20)]
        names = {client.get("/").text for _ in range(3) for client in clients}
    assert names <= {"asyncweb-pool-0", "asyncweb-pool-1"}


def test_who_finds_no_thread_waits_in_the_queue(gate, peer):
    with ThreadServer(gate, max_threads=1, queue=8) as server:
        clients = [peer(server).send(b"GET /gate HTTP/1.1\r\nHost: t\r\n\r\n") for _ in range(4)]
        assert gate.state.inside.acquire(timeout=PATIENCE_S)
        gate.state.open.set()
        assert [client.answer().text for client in clients] == ["through"] * 4


def test_who_finds_the_queue_full_is_told_503_and_when_to_come_back(gate, peer):
    with ThreadServer(gate, max_threads=1, queue=1) as server:
        busy = peer(server).send(b"GET /gate HTTP/1.1\r\nHost: t\r\n\r\n")
        assert gate.state.inside.acquire(timeout=PATIENCE_S)
        others = [peer(server).send(b"GET / HTTP/1.1\r\nHost: t\r\n\r\n") for _ in range(5)]
        sockets = [client.socket for client in others]
        eventually(lambda: len(select.select(sockets, [], [], 0)[0]) == 4)
        gate.state.open.set()
        answers = [client.answer() for client in others]
        assert busy.answer().text == "through"
    assert sorted(answer.status for answer in answers) == [200, 503, 503, 503, 503]
    assert all(answer.headers["retry-after"] for answer in answers if answer.status == 503)


@pytest.mark.parametrize("setting", ["max_threads", "queue"])
def test_a_pool_without_threads_or_queue_is_refused_when_it_is_written(gate, setting):
    with pytest.raises(ValueError, match=f"{setting}=0: expected at least 1"):
        ThreadServer(gate, **{setting: 0})


def test_without_a_bound_every_connection_has_its_thread(gate, peer):
    with ThreadServer(gate) as server:
        before = threading.active_count()
        clients = [peer(server) for _ in range(10)]
        for client in clients:
            client.get("/")
        assert threading.active_count() == before + 10
        for client in clients:
            client.leave()
        eventually(lambda: threading.active_count() == before)


def test_without_keep_alive_every_request_has_its_thread(gate, peer):
    gate.state.idents = []

    @gate.get("/thread")
    def thread(ctx):
        gate.state.idents.append(threading.current_thread())

    with ThreadServer(gate, keep_alive=False) as server:
        for _ in range(5):
            peer(server).get("/thread")
    assert len(set(gate.state.idents)) == 5


class Contested(deque):
    """What is seen in it has just been taken by another."""

    def __bool__(self):
        return True


def test_a_stop_does_not_wait_for_a_client_that_another_has_taken(monkeypatch):
    monkeypatch.setattr(handoff, "deque", Contested)
    pool = Pool(None, size=1, room=1)
    end = time.monotonic() + PATIENCE_S
    stopping = threading.Thread(target=pool.stop, args=(end,), daemon=True)
    stopping.start()
    stopping.join(PATIENCE_S)
    assert not stopping.is_alive()


def test_a_thread_that_waits_keeps_nothing_of_the_client_it_had_last(gate, peer):
    with ThreadServer(gate, max_threads=1) as server:
        client = peer(server)
        client.get("/")
        (kept,) = map(weakref.ref, server._running.clients())
        client.leave()
        eventually(lambda: gc.collect() is None or kept() is None)


@pytest.fixture
def busy(gate, peer):
    """A server whose only thread is taken, and the client that has it."""
    with ThreadServer(gate, max_threads=1) as server:
        client = peer(server).send(b"GET /gate HTTP/1.1\r\nHost: t\r\n\r\n")
        assert gate.state.inside.acquire(timeout=PATIENCE_S)
        yield server
        gate.state.open.set()
        assert client.answer().text == "through"


@pytest.mark.parametrize(
    ("said", "status"),
    [(b"nonsense\r\n\r\n", 400), (b"GET / HTTP/1.1\r\nHost: t\r\nExpect: more\r\n\r\n", 417)],
)
def test_to_be_refused_takes_no_thread(busy, peer, said, status):
    assert peer(busy).send(said).answer().status == status


def test_to_leave_takes_no_thread(busy, peer):
    client = peer(busy)
    eventually(lambda: busy.stats()["connections"] == 2)
    client.leave()
    eventually(lambda: busy.stats()["connections"] == 1)


def test_to_be_asked_for_a_body_takes_no_thread(busy, peer):
    head = b"POST / HTTP/1.1\r\nHost: t\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"
    client = peer(busy).send(head)
    assert client.socket.recv(100).startswith(b"HTTP/1.1 100 ")
    client.leave()


def test_who_says_why_a_client_is_refused_says_it_in_a_thread_of_the_pool(gate, peer):
    gate.on_protocol_error(lambda error: threading.current_thread().name)
    with ThreadServer(gate, max_threads=1) as server:
        refused = peer(server).send(b"nonsense\r\n\r\n").answer()
    assert (refused.status, refused.text) == (400, "asyncweb-pool-0")


def test_what_is_refused_after_a_request_is_told_behind_its_answer(gate, peer):
    with ThreadServer(gate, max_threads=1) as server:
        client = peer(server).send(b"GET / HTTP/1.1\r\nHost: t\r\n\r\nnonsense\r\n\r\n")
        assert [client.answer().status for _ in range(2)] == [200, 400]
