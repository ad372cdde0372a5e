"""A stop that loses nothing that was accepted."""

import asyncio
import contextlib
import threading
import time
from types import SimpleNamespace

import pytest

from asyncweb import App, AsyncServer, ThreadServer
from asyncweb.servers import aio, thread_clients, threads
from asyncweb.servers.thread_client import Client
from tests.conftest import PATIENCE_S, eventually, is_free, nobody_can_end


class Gate:
    """A handler that says when it has begun, and answers when it is let go."""

    def __init__(self):
        self.begun = threading.Semaphore(0)
        self.open = threading.Event()
        self.app = App()

        @self.app.get("/")
        def home(ctx):
            return "hello"

        @self.app.get("/gate")
        async def gate(ctx):
            self.begun.release()
            while not self.open.is_set():
                await ctx.sleep(0.001)
            return "through"


@pytest.fixture
def stop_in_background():
    threads = []

    def stop(server, drain_s=PATIENCE_S):
        threads.append(threading.Thread(target=server.stop, args=(drain_s,)))
        threads[-1].start()
        return threads[-1]

    yield stop
    for thread in threads:
        thread.join(PATIENCE_S)


def test_requests_in_the_middle_are_answered(serve, peer, stop_in_background):
    gate = Gate()
    server = serve(gate.app)
    clients = [peer(server) for _ in range(4)]
    for client in clients:
        client.send(b"GET /gate HTTP/1.1\r\nHost: t\r\n\r\n")
        gate.begun.acquire(timeout=PATIENCE_S)
    stopping = stop_in_background(server)
    gate.open.set()
    answers = [client.answer() for client in clients]
    stopping.join(PATIENCE_S)
    assert [answer.text for answer in answers] == ["through"] * 4
    assert all(client.rest() == b"" for client in clients)


def test_requests_pipelined_behind_one_in_the_middle_are_answered_too(
    serve, peer, stop_in_background
):
    gate = Gate()
    server = serve(gate.app)
    client = peer(server)
    client.send(b"GET /gate HTTP/1.1\r\nHost: t\r\n\r\n" + b"GET / HTTP/1.1\r\nHost: t\r\n\r\n" * 3)
    gate.begun.acquire(timeout=PATIENCE_S)
    stop_in_background(server)
    gate.open.set()
    assert [client.answer().text for _ in range(4)] == ["through", "hello", "hello", "hello"]
    assert client.rest() == b""


@pytest.mark.slow
def test_a_connection_accepted_before_the_stop_may_still_ask(serve, peer):
    for _ in range(20):
        server = serve(Gate().app)
        client = peer(server).send(b"GET / HTTP/1.1\r\nHost: t\r\n\r\n")
        server.stop()
        assert client.answer().text == "hello"


def test_idle_connections_do_not_hold_up_the_stop(serve, peer):
    server = serve(Gate().app)
    clients = [peer(server) for _ in range(3)]
    for client in clients:
        client.get("/")
    server.stop(drain_s=PATIENCE_S)
    assert all(client.rest() == b"" for client in clients)


def test_the_last_answer_says_that_the_connection_closes(serve, peer, stop_in_background):
    gate = Gate()
    server = serve(gate.app)
    client = peer(server).send(b"GET /gate HTTP/1.1\r\nHost: t\r\n\r\n")
    gate.begun.acquire(timeout=PATIENCE_S)
    stopping = stop_in_background(server)
    eventually(lambda: not server.is_running and is_free(server.port))
    gate.open.set()
    assert client.answer().headers["connection"] == "close"
    stopping.join(PATIENCE_S)


def test_what_outlasts_the_drain_is_cut_off(serve, peer, kind):
    gate = Gate()
    server = serve(gate.app)
    client = peer(server).send(b"GET /gate HTTP/1.1\r\nHost: t\r\n\r\n")
    gate.begun.acquire(timeout=PATIENCE_S)
    with nobody_can_end(kind):
        server.stop(drain_s=0.05)
    gate.open.set()
    with pytest.raises((AssertionError, ConnectionError)):
        client.answer()


def test_a_stop_under_load_loses_no_request_that_was_accepted(serve, peer):
    """Every client either gets its whole answer or was never let in."""
    server = serve(Gate().app)
    outcomes = []

    def ask_until_the_end():
        client = peer(server)
        try:
            while client.get("/").headers.get("connection") != "close":
                outcomes.append("answered")
            outcomes.append("answered")
        except (AssertionError, ConnectionError) as error:
            outcomes.append(repr(error))

    threads = [threading.Thread(target=ask_until_the_end) for _ in range(8)]
    for thread in threads:
        thread.start()
    eventually(lambda: len(outcomes) > 200)
    server.stop()
    for thread in threads:
        thread.join(PATIENCE_S)
    assert set(outcomes) == {"answered"}


LOOPS = pytest.mark.parametrize("loop", ["", "asyncio"], ids=["uvloop", "asyncio"])


class Till:
    """Handlers that put something in order at their end, and the hook that closes the till."""

    def __init__(self):
        self.begun, self.cleaning = threading.Event(), threading.Event()
        self.takes_longer = lambda: False  # asked by who cleans up
        self.story = []
        self.app = App()
        self.app.on_shutdown(lambda: self.story.append("closed"))

        @self.app.get("/")
        async def answer(ctx):
            await self._work(ctx)

        @self.app.get("/once")
        async def once(ctx):
            await ctx.send_once("taken")
            await self._work(ctx)

        @self.app.get("/taken-over")
        async def taken_over(ctx):
            await ctx.take_over()
            await self._work(ctx)

    async def _work(self, ctx):
        try:
            self.begun.set()
            await ctx.sleep(3600)
        finally:
            self.cleaning.set()
            while self.takes_longer():
                await ctx.sleep(0.001)
            for _ in range(20):
                await ctx.sleep(0)
            self.story.append("in order")


@LOOPS
@pytest.mark.parametrize("path", ["/", "/once", "/taken-over"])
def test_what_a_stop_cuts_off_cleans_up_before_the_shutdown_hooks(peer, monkeypatch, loop, path):
    monkeypatch.setenv("ASYNCWEB_LOOP", loop)
    till = Till()
    server = AsyncServer(till.app).start()
    peer(server).send(f"GET {path} HTTP/1.1\r\nHost: t\r\n\r\n".encode())
    assert till.begun.wait(PATIENCE_S)
    server.stop(drain_s=0)
    assert till.story == ["in order", "closed"]


@LOOPS
@pytest.mark.parametrize("drain_s", [0, PATIENCE_S])
def test_a_stop_lets_a_handler_clean_up_whose_client_has_left(peer, monkeypatch, loop, drain_s):
    monkeypatch.setenv("ASYNCWEB_LOOP", loop)
    till = Till()
    server = AsyncServer(till.app).start()
    till.takes_longer = lambda: server.is_running
    client = peer(server).send(b"GET / HTTP/1.1\r\nHost: t\r\n\r\n")
    assert till.begun.wait(PATIENCE_S)
    client.vanish()
    assert till.cleaning.wait(PATIENCE_S)
    server.stop(drain_s)
    assert till.story == ["in order", "closed"]


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr(aio, "END_TIMEOUT_S", 0.1)


def test_a_handler_that_holds_the_loop_is_named_and_left_behind(impatient, peer):
    begun, free = threading.Event(), threading.Event()
    app = App()

    @app.get("/")
    def spin(ctx):
        begun.set()
        free.wait(PATIENCE_S)

    server = AsyncServer(app).start()
    loop_thread = server._running._thread
    peer(server).send(b"GET / HTTP/1.1\r\nHost: t\r\n\r\n")
    begun.wait(PATIENCE_S)
    with pytest.warns(RuntimeWarning, match=r"spin is in .*test_stop\.py, line \d+"):
        server.stop(0)
    assert is_free(server.port)
    free.set()
    loop_thread.join(PATIENCE_S)
    assert not loop_thread.is_alive()


def test_a_task_that_takes_no_cancellation_is_left_behind(impatient, peer):
    begun, free = threading.Event(), threading.Event()
    app = App()

    @app.get("/")
    async def stay(ctx):
        begun.set()
        while not free.is_set():
            with contextlib.suppress(asyncio.CancelledError):
                await ctx.sleep(0.001)

    server = AsyncServer(app).start()
    loop_thread = server._running._thread
    peer(server).send(b"GET / HTTP/1.1\r\nHost: t\r\n\r\n")
    begun.wait(PATIENCE_S)
    with pytest.warns(RuntimeWarning, match="does not take that it is cancelled"):
        server.stop(0)
    free.set()
    loop_thread.join(PATIENCE_S)
    assert not loop_thread.is_alive()


EITHER = pytest.mark.parametrize(
    "settings", [{}, {"max_threads": 1}], ids=["a thread each", "pool"]
)


@EITHER
def test_a_handler_that_keeps_its_thread_is_named_and_left_behind(settings, peer, monkeypatch):
    monkeypatch.setattr(threads, "JOIN_S", 0.05)
    begun, free = threading.Event(), threading.Event()
    app = App()

    @app.get("/")
    async def stay(ctx):
        begun.set()
        while not free.is_set():
            await ctx.sleep(0.001)

    server = ThreadServer(app, **settings).start()
    peer(server).send(b"GET / HTTP/1.1\r\nHost: t\r\n\r\n")
    begun.wait(PATIENCE_S)
    with pytest.warns(RuntimeWarning, match=r"stay is in .*test_stop\.py, line \d+"):
        server.stop(0)
    free.set()
    assert is_free(server.port)


@EITHER
def test_shutdown_hooks_come_after_a_handler_that_ends_when_its_client_is_cut_off(
    settings, peer, monkeypatch
):
    monkeypatch.setattr(threads, "JOIN_S", PATIENCE_S)
    begun, cut_off, shut_down = threading.Event(), threading.Event(), threading.Event()
    story, abort = [], Client.abort
    app = App()

    @app.get("/")
    def leave(ctx):
        begun.set()
        cut_off.wait(PATIENCE_S)
        shut_down.wait(0.1)  # which it is not, while this goes on
        story.append("handler")

    @app.on_shutdown
    def shut():
        story.append("shutdown")
        shut_down.set()

    monkeypatch.setattr(Client, "abort", lambda client: (abort(client), cut_off.set()))
    server = ThreadServer(app, **settings).start()
    peer(server).send(b"GET / HTTP/1.1\r\nHost: t\r\n\r\n")
    begun.wait(PATIENCE_S)
    server.stop(0)
    assert story == ["handler", "shutdown"]


@EITHER
def test_a_handler_may_stop_the_server_that_runs_it(settings, peer):
    app, stopped = App(), threading.Event()
    server = ThreadServer(app, **settings).start()

    @app.get("/")
    def stop(ctx):
        server.stop(0)
        stopped.set()

    peer(server).send(b"GET / HTTP/1.1\r\nHost: t\r\n\r\n")
    assert stopped.wait(PATIENCE_S)
    assert is_free(server.port)


@EITHER
def test_a_stop_that_is_interrupted_leaves_nothing_behind(settings, peer, monkeypatch):
    monkeypatch.setattr(threads, "JOIN_S", PATIENCE_S)
    gate, story = Gate(), []
    gate.app.on_shutdown(lambda: story.append("shutdown"))

    def interrupted(seconds):
        gate.open.set()
        raise KeyboardInterrupt

    server = ThreadServer(gate.app, **settings).start()
    client = peer(server).send(b"GET /gate HTTP/1.1\r\nHost: t\r\n\r\n")
    gate.begun.acquire(timeout=PATIENCE_S)
    clock = SimpleNamespace(monotonic=time.monotonic, sleep=interrupted)
    monkeypatch.setattr(thread_clients, "time", clock)
    with pytest.raises(KeyboardInterrupt):
        server.stop(PATIENCE_S)
    assert story == ["shutdown"] and is_free(server.port)
    with pytest.raises((AssertionError, ConnectionError)):
        client.answer()


def test_a_drain_that_makes_no_sense_is_refused_and_stops_nothing(serve, peer):
    app = App()
    app.get("/")(lambda ctx: "hello")
    server = serve(app)
    client = peer(server)
    for wrong in (-1, float("inf"), float("nan"), 1e9):
        with pytest.raises(ValueError, match=r"drain_s=\S+: expected seconds, 0 .* to 86400"):
            server.stop(drain_s=wrong)
    for wrong in ("x", None, True):
        with pytest.raises(TypeError, match=r"drain_s=\S+: expected seconds"):
            server.stop(drain_s=wrong)
    assert server.is_running and client.get().text == "hello"


def test_a_drain_that_makes_no_sense_is_refused_by_a_stopped_server_too():
    with pytest.raises(ValueError, match="drain_s=-1"):
        AsyncServer(App()).stop(drain_s=-1)
