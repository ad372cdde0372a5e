"""The threads that do what would block an event loop."""

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


@pytest.mark.parametrize("call", ["ctx.offload", "asyncio.to_thread"])
@pytest.mark.parametrize("end", ["", "server.stop(drain_s=0)"], ids=["forgotten", "stopped"])
def test_a_call_that_never_returns_is_named_and_lets_python_end(call, end):
    program = HANGS.replace("{call}", call) + end
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=PATIENCE_S
    )
    assert done.returncode == 0, done.stderr
    assert "asyncweb-offload-0 has not ended: hang is in" in done.stderr


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
