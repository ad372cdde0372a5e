"""The threads that do what would block an event loop."""

import asyncio
import gc
import operator
import queue
import subprocess
import sys
import threading
import weakref
from functools import partial

import pytest

from asyncweb import App, AsyncServer
from asyncweb.servers import aio_offload
from asyncweb.servers.aio_offload import OffloadThreads
from asyncweb.servers.aio_tasks import OFFLOAD_THREADS
from asyncweb.servers.base import reset_on_close
from tests.conftest import PATIENCE_S, eventually

HANGS = """
import asyncio, socket, threading
from asyncweb import App, AsyncServer

app, begun = App(), threading.Event()

def hang():
    begun.set()
    threading.Event().wait()

@app.get("/")
async def home(ctx):
    await {call}(hang)

server = AsyncServer(app).start()
with socket.create_connection(("127.0.0.1", server.port)) as client:
    client.sendall(b"GET / HTTP/1.1\\r\\nHost: t\\r\\n\\r\\n")
    begun.wait()
"""


@pytest.fixture
def threads():
    made = OffloadThreads(most=2)
    yield made
    made.stop()


@pytest.mark.parametrize(
    ("call", "thread"),
    [("ctx.offload", "asyncweb-offload-0"), ("asyncio.to_thread", "asyncweb-executor-0")],
)
@pytest.mark.parametrize("end", ["", "server.stop(drain_s=0)"], ids=["forgotten", "stopped"])
def test_a_call_that_never_returns_is_named_and_lets_python_end(call, thread, end):
    program = HANGS.replace("{call}", call) + end
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=PATIENCE_S
    )
    assert done.returncode == 0, done.stderr
    assert f"{thread} has not ended: hang is in" in done.stderr


@pytest.mark.parametrize("offloads", [True, False], ids=["ctx.offload", "to_thread"])
def test_a_stop_waits_for_a_call_as_long_as_for_a_request(peer, monkeypatch, offloads):
    monkeypatch.setattr(aio_offload, "JOIN_S", 0.05)
    app, begun, go_on, done = App(), threading.Event(), threading.Event(), []

    def save():
        begun.set()
        go_on.wait(PATIENCE_S)
        done.append("saved")

    @app.get("/")
    async def home(ctx):
        await (ctx.offload(save) if offloads else asyncio.to_thread(save))

    with AsyncServer(app) as server:
        client = peer(server).send(b"GET / HTTP/1.1\r\nHost: t\r\n\r\n")
        assert begun.wait(PATIENCE_S)
        reset_on_close(client.socket)
        client.socket.close()  # its handler is cancelled, and the call goes on
        eventually(lambda: not server.stats()["connections"])
        stopping = threading.Thread(target=server.stop, args=(PATIENCE_S,))
        stopping.start()
        stopping.join(2 * aio_offload.JOIN_S)
        assert stopping.is_alive(), "longer than it would wait for threads that are idle"
        go_on.set()
        stopping.join(PATIENCE_S)
    assert done == ["saved"]


def test_a_start_that_fails_leaves_no_thread_behind():
    app, before = App(), threading.active_count()

    @app.on_startup
    async def fail():
        await asyncio.to_thread(lambda: None)
        raise LookupError("no such table")

    with pytest.raises(LookupError):
        AsyncServer(app).start()
    eventually(lambda: threading.active_count() == before)


def test_calls_of_asyncio_do_not_wait_for_those_of_handlers(peer):
    app, go_on = App(), threading.Event()

    @app.get("/wait")
    async def wait(ctx):
        await ctx.offload(go_on.wait, PATIENCE_S)

    @app.get("/")
    async def home(ctx):
        return await asyncio.to_thread(lambda: "home")

    with AsyncServer(app) as server:
        waiting = [peer(server) for _ in range(OFFLOAD_THREADS)]
        for client in waiting:
            client.send(b"GET /wait HTTP/1.1\r\nHost: t\r\n\r\n")
        eventually(lambda: server.stats()["in_flight"] == OFFLOAD_THREADS)
        assert peer(server).send(b"GET / HTTP/1.1\r\nHost: t\r\n\r\n").answer().text == "home"
        go_on.set()
        assert {client.answer(has_body=False).status for client in waiting} == {204}


def test_a_stop_names_a_call_that_waits_outside_of_python(peer, monkeypatch):
    monkeypatch.setattr(aio_offload, "JOIN_S", 0.0)
    app, begun, lock = App(), queue.SimpleQueue(), threading.Lock()

    @app.get("/")
    async def home(ctx):
        await ctx.offload(list, map(operator.call, [partial(begun.put, "begun"), lock.acquire]))

    with lock:
        server = AsyncServer(app).start()
        peer(server).send(b"GET / HTTP/1.1\r\nHost: t\r\n\r\n")
        assert begun.get(timeout=PATIENCE_S)
        with pytest.warns(RuntimeWarning, match="its call waits outside of Python"):
            server.stop(drain_s=0)


def test_a_handler_may_offload_the_stop_of_its_own_server(peer):
    app = App()

    @app.post("/stop")
    async def stop(ctx):
        await ctx.send_once("goodbye")
        await ctx.offload(server.stop, 0)

    server = AsyncServer(app).start()
    ask = b"POST /stop HTTP/1.1\r\nHost: t\r\nContent-Length: 0\r\n\r\n"
    assert peer(server).send(ask).answer().text == "goodbye"
    server.wait()
    assert not server.errors


def test_calls_beyond_the_number_of_threads_wait_for_one(threads):
    entered, leave = threading.Semaphore(0), threading.Event()

    def wait():
        entered.release()
        return leave.wait(PATIENCE_S)

    under_way = [threads.submit(wait) for _ in range(2)]
    for _ in under_way:
        assert entered.acquire(timeout=PATIENCE_S)
    waiting = threads.submit(lambda: threading.current_thread().name)
    assert not waiting.running()
    leave.set()
    assert waiting.result(PATIENCE_S) in {"asyncweb-offload-0", "asyncweb-offload-1"}
    assert all(call.result(PATIENCE_S) for call in under_way)


def test_a_call_that_nobody_waits_for_any_more_is_not_made(threads):
    entered, leave, made = threading.Semaphore(0), threading.Event(), []

    def wait():
        entered.release()
        leave.wait(PATIENCE_S)

    under_way = [threads.submit(wait) for _ in range(2)]
    for _ in under_way:
        assert entered.acquire(timeout=PATIENCE_S)
    assert threads.submit(lambda: made.append("made")).cancel()
    leave.set()
    assert threads.submit(lambda: "next").result(PATIENCE_S) == "next"
    assert made == []


def test_a_thread_that_waits_keeps_nothing_of_the_call_before(threads):
    class Result:
        def fail(self):
            raise LookupError

    result = Result()
    kept = weakref.ref(result)
    with pytest.raises(LookupError):
        threads.submit(result.fail).result(PATIENCE_S)
    assert threads.submit(lambda result=result: result).result(PATIENCE_S) is result
    del result
    gc.collect()
    eventually(lambda: kept() is None)
