"""Clients that close their side, leave or vanish, and handlers that want to know."""

import asyncio
import queue
import threading

import pytest

from asyncweb import App, AsyncServer, Limits, ThreadServer
from tests.conftest import PATIENCE_S, eventually

LOOPS = pytest.mark.parametrize("loop", ["", "asyncio"], ids=["uvloop", "asyncio"])


def get(path, version="1.1"):
    return f"GET {path} HTTP/{version}\r\nHost: t\r\n\r\n".encode()


@pytest.fixture
def app():
    app = App()
    app.state.story = queue.SimpleQueue()
    app.state.open = threading.Event()

    @app.get("/")
    def home(ctx):
        return "hello"

    @app.get("/wait")
    async def wait(ctx):
        app.state.story.put("begun")
        try:
            while not app.state.open.is_set():
                await ctx.sleep(0.001)
        except asyncio.CancelledError:
            app.state.story.put("cancelled")
            raise
        finally:
            app.state.story.put("end")
        return "waited"

    @app.get("/until-closed")
    async def until_closed(ctx):
        app.state.story.put(ctx.closed)
        while not ctx.closed:
            await ctx.sleep(0.001)
        app.state.story.put("closed")
        return "noticed"

    @app.get("/ticks")
    async def ticks(ctx):
        async def pieces():
            yield "begin "
            app.state.story.put("begun")
            while not app.state.open.is_set():
                await ctx.sleep(0.001)
            yield "end"

        return pieces()

    yield app
    app.state.open.set()


def told(app):
    return app.state.story.get(timeout=PATIENCE_S)


def test_a_handler_can_ask_whether_its_client_has_closed_its_side(serve, peer, app):
    client = peer(serve(app)).send(get("/until-closed"))
    assert told(app) is False
    client.says_no_more()
    assert told(app) == "closed"
    assert client.answer().text == "noticed"
    assert client.rest() == b""


def test_it_hears_so_even_when_the_client_had_asked_for_more(serve, peer, app):
    client = peer(serve(app)).send(get("/until-closed") + get("/"))
    assert told(app) is False
    client.send(get("/")).says_no_more()
    assert told(app) == "closed"
    assert [client.answer().text for _ in range(3)] == ["noticed", "hello", "hello"]
    assert client.rest() == b""


def test_a_thread_hears_of_a_client_that_vanished_behind_what_it_sent(peer, app):
    for settings in ({}, {"max_threads": 1}):
        with ThreadServer(app, **settings) as server:
            client = peer(server).send(get("/until-closed"))
            assert told(app) is False
            client.send(get("/"))
            client.vanish()
            assert told(app) == "closed"
            eventually(lambda server=server: server.stats()["connections"] == 0)


@pytest.mark.parametrize("version", ["1.0", "1.1"])
@pytest.mark.parametrize(("path", "text"), [("/", "hello"), ("/wait", "waited")])
def test_a_client_that_sends_no_more_gets_its_answer(serve, peer, app, path, text, version):
    client = peer(serve(app)).send(get(path, version)).says_no_more()
    if path == "/wait":
        assert told(app) == "begun"
        app.state.open.set()
    assert client.answer().text == text
    assert client.rest() == b""


def test_a_client_that_ends_with_an_empty_line_behind_a_full_queue_is_let_go(serve, peer, app):
    server = serve(app, limits=Limits(pipelined_requests=2, idle_s=600))
    client = peer(server).send(get("/wait") + get("/") + get("/") + b"\r\n").says_no_more()
    assert told(app) == "begun"
    app.state.open.set()
    assert [client.answer().text for _ in range(3)] == ["waited", "hello", "hello"]
    assert client.rest() == b""


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_a_client_that_sends_no_more_gets_its_stream_to_the_end(serve, peer, app, version):
    client = peer(serve(app)).send(get("/ticks", version))
    assert told(app) == "begun"
    client.says_no_more()
    eventually(lambda: len(client.socket.recv(1)))
    app.state.open.set()
    assert client.rest().rstrip(b"\r\n0").endswith(b"end")


def test_a_client_whose_last_request_says_close_may_close_its_side_in_the_stream(serve, peer, app):
    client = peer(serve(app))
    client.send(b"GET /ticks HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n")
    assert told(app) == "begun"
    client.says_no_more()
    app.state.open.set()
    assert client.answer().text == "begin end"


@LOOPS
@pytest.mark.usefixtures("fast_sweeps")
def test_a_client_that_sends_no_more_is_cut_when_the_handler_goes_on(peer, app, monkeypatch, loop):
    monkeypatch.setenv("ASYNCWEB_LOOP", loop)
    with AsyncServer(app, limits=Limits(half_closed_s=0.05)) as server:
        client = peer(server).send(get("/wait")).says_no_more()
        assert [told(app) for _ in range(3)] == ["begun", "cancelled", "end"]
        with pytest.raises(ConnectionError):
            client.rest()
        eventually(lambda: server.stats()["connections"] == 0)
        assert server.errors == []


@LOOPS
@pytest.mark.usefixtures("fast_sweeps")
def test_a_client_that_reads_on_is_not_cut_though_it_sends_no_more(peer, app, monkeypatch, loop):
    monkeypatch.setenv("ASYNCWEB_LOOP", loop)

    @app.get("/ticker")
    async def ticker(ctx):
        for _ in range(50):
            yield "tick "
            await ctx.sleep(0.005)

    app.get("/clock")(lambda ctx: ticker(ctx))
    with AsyncServer(app, limits=Limits(half_closed_s=0.1)) as server:
        client = peer(server).send(get("/clock")).says_no_more()
        assert client.answer().text == "tick " * 50


@LOOPS
def test_a_handler_is_cancelled_at_once_when_its_client_vanishes(peer, app, monkeypatch, loop):
    monkeypatch.setenv("ASYNCWEB_LOOP", loop)
    with AsyncServer(app) as server:
        client = peer(server).send(get("/wait"))
        assert told(app) == "begun"
        client.vanish()
        assert [told(app) for _ in range(2)] == ["cancelled", "end"]
        eventually(lambda: server.stats()["connections"] == 0)
        assert server.errors == []


def test_an_error_of_a_handler_whose_client_has_gone_is_kept(serve, peer, app):
    @app.get("/clumsy")
    async def clumsy(ctx):
        app.state.story.put("begun")
        try:
            while not ctx.closed:
                await ctx.sleep(0.001)
        finally:
            raise LookupError("in the clearing up")

    server = serve(app)
    client = peer(server).send(get("/clumsy"))
    assert told(app) == "begun"
    client.vanish()
    eventually(lambda: server.errors)
    assert server.errors[0].error == "LookupError: in the clearing up"
