"""Handlers that raise, wait for ever, or ask a thread for what only a loop can do."""

import asyncio
import threading
from contextvars import ContextVar

import pytest

from asyncweb import App, AsyncServer, HTTPError, Limits, ThreadServer
from tests.conftest import PATIENCE_S, WHERE, eventually


@pytest.fixture
def app():
    app = App()

    @app.get("/")
    def home(ctx):
        return "hello"

    @app.get("/boom")
    async def boom(ctx):
        return 1 / 0

    return app


def test_a_handler_that_raises_gets_a_500_and_the_connection_lives_on(serve, peer, app):
    client = peer(serve(app))
    answer = client.get("/boom")
    assert (answer.status, answer.text) == (500, "Internal Server Error")
    assert client.get("/").text == "hello"


@pytest.mark.parametrize("process", [False, True], ids=["here", "own process"])
def test_the_failure_is_kept_with_its_traceback(serve, peer, app, process):
    server = serve(app, process=process)
    peer(server).get("/boom")
    (failure,) = server.errors
    assert failure.request == "GET /boom"
    assert failure.error == "ZeroDivisionError: division by zero"
    assert "return 1 / 0" in failure.traceback
    assert "asyncweb/app.py" not in failure.traceback


@pytest.mark.parametrize("where", WHERE)
def test_the_failures_are_still_known_when_the_server_has_stopped(serve, peer, app, where):
    server = serve(app, **where)
    peer(server).get("/boom")
    server.stop()
    assert [failure.request for failure in server.errors] == ["GET /boom"]
    server.start(**where)
    peer(server).get("/boom")
    server.stop()
    assert [failure.request for failure in server.errors] == ["GET /boom"] * 2


@pytest.mark.parametrize("error", [SystemExit, KeyboardInterrupt, MemoryError, RecursionError])
@pytest.mark.parametrize("waits", [False, True], ids=["at once", "after a wait"])
def test_nothing_a_handler_raises_ends_the_server(serve, peer, app, error, waits):
    @app.get("/worst")
    async def worst(ctx):
        if waits:
            await ctx.sleep(0.001)
        raise error

    client = peer(serve(app))
    assert client.get("/worst").status == 500
    assert client.get("/").text == "hello"


@pytest.mark.parametrize(
    "ask",
    [
        lambda ctx: asyncio.sleep(0.001),
        lambda ctx: asyncio.sleep(0),
        lambda ctx: asyncio.Event().wait(),
        lambda ctx: asyncio.to_thread(print),
        lambda ctx: asyncio.gather(),
    ],
    ids=["sleep", "sleep(0)", "Event", "to_thread", "gather"],
)
def test_a_thread_that_is_asked_for_a_loop_answers_500_with_the_way_out(peer, app, ask):
    @app.get("/loop")
    async def loop(ctx):
        return await ask(ctx)  # this very await

    with ThreadServer(app) as server:
        client = peer(server)
        assert client.get("/loop").status == 500
        assert client.get("/").text == "hello"
        (failure,) = server.errors
    assert "await ctx.sleep(seconds)" in failure.error
    source_lines = [line for line in failure.traceback.splitlines() if line.startswith("    ")]
    shown = [line.strip() for line in source_lines if line.strip(" ^~")]
    assert shown[-1] in (
        "return await ask(ctx)  # this very await",
        "lambda ctx: asyncio.gather(),",
    )


def test_the_same_handler_is_served_by_the_loop(peer, app):
    @app.get("/loop")
    async def loop(ctx):
        async with asyncio.timeout(PATIENCE_S), asyncio.TaskGroup() as group:
            group.create_task(asyncio.sleep(0.001))
        return str(asyncio.current_task() is not None)

    with AsyncServer(app) as server:
        assert peer(server).get("/loop").text == "True"


@pytest.mark.usefixtures("fast_sweeps")
def test_a_handler_is_cancelled_when_its_client_leaves(peer, app):
    begun, cancelled = threading.Event(), threading.Event()

    @app.get("/long")
    async def long(ctx):
        begun.set()
        try:
            await ctx.sleep(3600)
        except asyncio.CancelledError:
            cancelled.set()
            raise

    with AsyncServer(app, limits=Limits(half_closed_s=0.05)) as server:
        client = peer(server).send(b"GET /long HTTP/1.1\r\nHost: t\r\n\r\n")
        assert begun.wait(PATIENCE_S)
        client.leave()
        assert cancelled.wait(PATIENCE_S)
        eventually(lambda: server.stats()["in_flight"] == 0)
        assert server.stats()["connections"] == 0
        assert server.errors == []


def test_one_that_waits_holds_up_nobody(serve, peer, app):
    release = threading.Event()

    @app.get("/wait")
    async def wait(ctx):
        while not release.is_set():
            await ctx.sleep(0.001)
        return "waited"

    server = serve(app)
    waiting = peer(server).send(b"GET /wait HTTP/1.1\r\nHost: t\r\n\r\n")
    assert peer(server).get("/").text == "hello"
    release.set()
    assert waiting.answer().text == "waited"


def test_one_that_blocks_holds_up_everyone_on_a_loop_and_nobody_else_on_threads(peer, app):
    """Misconception M01, seen: the second request is answered only by the thread server."""
    for make, held_up in ((AsyncServer, True), (ThreadServer, False)):
        begun, release, order = threading.Event(), threading.Event(), []

        @app.get("/block")
        def block(ctx, begun=begun, release=release, order=order):
            begun.set()
            release.wait(PATIENCE_S)
            order.append("block")

        @app.get("/note")
        def note(ctx, order=order):
            order.append("note")

        with make(app) as server:
            blocking = peer(server).send(b"GET /block HTTP/1.1\r\nHost: t\r\n\r\n")
            assert begun.wait(PATIENCE_S)
            other = peer(server).send(b"GET /note HTTP/1.1\r\nHost: t\r\n\r\n")
            if not held_up:
                other.answer()
            release.set()
            blocking.answer()
            if held_up:
                other.answer()
        assert order == (["block", "note"] if held_up else ["note", "block"])


def test_offload_cures_the_handler_that_blocks(peer, app):
    begun, release = threading.Event(), threading.Event()

    @app.get("/offload")
    async def offload(ctx):
        begun.set()
        await ctx.offload(release.wait, PATIENCE_S)
        return "done"

    with AsyncServer(app) as server:
        waiting = peer(server).send(b"GET /offload HTTP/1.1\r\nHost: t\r\n\r\n")
        assert begun.wait(PATIENCE_S)
        assert peer(server).get("/").text == "hello"
        release.set()
        assert waiting.answer().text == "done"


def test_context_variables_of_one_request_are_not_seen_by_the_next(serve, peer, app):
    seen = ContextVar("seen", default="nothing")

    @app.get("/set")
    def set_it(ctx):
        before = seen.get()
        seen.set("something")
        return before

    client = peer(serve(app))
    assert [client.get("/set").text for _ in range(3)] == ["nothing"] * 3


def test_only_the_last_failures_are_kept(serve, peer, app):
    server = serve(app)
    client = peer(server)
    for _ in range(60):
        client.get("/boom")
    assert len(server.errors) == 50


def test_an_error_that_can_be_no_answer_is_a_500(serve, peer):
    app = App()

    @app.get("/{status:int}")
    def fail(ctx):
        raise HTTPError(ctx.params["status"], "x", {"a": "b\r\nc"})

    client = peer(serve(app))
    assert [client.get(path).status for path in ("/99", "/404")] == [500, 500]
