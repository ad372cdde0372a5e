"""Starting, stopping, replacing: in this process and in another."""

import asyncio
import errno
import gc
import os
import signal
import socket
import subprocess
import sys
import threading
import traceback
import types

import psutil
import pytest

from asyncweb import App, AsyncServer, ThreadServer
from asyncweb.errors import PortInUse, ServerError
from asyncweb.servers import aio, base, registry
from asyncweb.servers.listener import listen
from tests.conftest import PATIENCE_S, THREADED, WHERE, Peer, eventually, is_free

BOTH = pytest.mark.parametrize("make", [AsyncServer, ThreadServer])
WHEREVER = pytest.mark.parametrize("process", [False, True], ids=["here", "own process"])


def hello(text="hello"):
    app = App()

    @app.get("/")
    def home(ctx):
        return text

    return app


@WHEREVER
def test_start_returns_when_the_server_listens_and_stop_when_nothing_is_left(serve, peer, process):
    before = set(psutil.Process().children())
    server = serve(hello(), process=process)
    assert peer(server).get().text == "hello"
    assert server.in_own_process == process
    assert (server.pid == os.getpid()) != process
    server.stop()
    assert is_free(server.port)
    assert set(psutil.Process().children()) == before


def test_who_knocks_before_the_server_is_ready_is_answered(serve, monkeypatch):
    knocked = []

    def listen_and_hear(*place):
        listener = listen(*place)
        knocked.append(Peer(listener.getsockname()[1]))
        return listener

    monkeypatch.setattr(base, "listen", listen_and_hear)
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)  # a thread that is started runs at once
    try:
        for _ in range(5):
            serve(hello())
    finally:
        sys.setswitchinterval(before)
    for client in knocked:
        assert client.get().text == "hello"
        client.leave()


def test_both_can_be_called_twice(serve):
    server = serve(hello())
    assert server.start() is server
    server.stop()
    server.stop()
    assert not server.is_running


def test_a_stopped_server_starts_again(serve, peer):
    server = serve(hello())
    server.stop()
    assert peer(server.start()).get().text == "hello"


@BOTH
def test_with_starts_and_stops(make, peer):
    with make(hello()) as server:
        assert peer(server).get().text == "hello"
    assert is_free(server.port)


@BOTH
def test_async_with_starts_and_stops(make, peer):
    async def use():
        async with make(hello()) as server:
            return await asyncio.to_thread(lambda: peer(server).get().text)

    assert asyncio.run(use()) == "hello"


@BOTH
def test_a_port_held_by_another_program_is_an_error_that_names_it(make):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(PortInUse, match=rf"{port}.*port=0"):
            make(hello(), port=port).start()


@BOTH
def test_a_held_port_is_told_from_the_other_process_too(make):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(PortInUse, match=rf"{port}.*port=0"):
            make(hello(), port=port).start(process=True)


@BOTH
def test_an_address_that_is_not_ours_is_an_error(make):
    with pytest.raises(ServerError, match=r"192\.0\.2\.1"):
        make(hello(), host="192.0.2.1").start()


@BOTH
def test_a_wrong_port_is_refused_when_it_is_written(make):
    with pytest.raises(ValueError, match="65535"):
        make(hello(), port=70_000)


@BOTH
def test_something_else_than_an_app_is_refused(make):
    with pytest.raises(TypeError, match=r"expected an asyncweb\.App"):
        make(lambda ctx: "hello")


def test_a_server_of_the_same_name_takes_the_place_and_the_port(serve, peer):
    first = serve(hello("first"), name="mine")
    second = serve(hello("second"), name="mine")
    assert second.port == first.port
    assert not first.is_running
    assert peer(second).get().text == "second"


def test_a_server_on_the_same_port_takes_the_place(serve, peer):
    first = serve(hello("first"))
    second = serve(hello("second"), port=first.port)
    assert not first.is_running
    assert peer(second).get().text == "second"


@pytest.mark.parametrize("names", [("mine", "other"), ("other", "mine")])
def test_a_server_takes_the_place_of_its_namesake_and_of_who_is_on_its_port(serve, names):
    before = {name: serve(hello(), name=name) for name in names}
    port = before["other"].port
    server = serve(hello(), name="mine", port=port)
    assert registry.running() == (server,)
    assert server.port == port


def test_a_redefined_handler_is_live_at_the_next_request(serve, peer):
    app = hello("before")
    client = peer(serve(app))
    assert client.get().text == "before"

    def home(ctx):
        return "after"

    home.__qualname__ = "hello.<locals>.home"
    app.get("/")(home)
    assert client.get().text == "after"


def test_a_redefined_handler_is_live_in_the_other_process_too(serve, peer):
    app = hello("before")
    client = peer(serve(app, process=True))

    def home(ctx):
        return "after"

    home.__qualname__ = "hello.<locals>.home"
    app.get("/")(home)
    assert client.get().text == "after"


@pytest.fixture
def homeless(monkeypatch):
    """A handler whose module no other process can import."""
    module = types.ModuleType("homeless")
    exec("def handle(ctx): return 'after'", vars(module))
    monkeypatch.setitem(sys.modules, "homeless", module)
    return module.handle


HOMELESS = r"cannot be read .* No module named 'homeless'.* start it again"


@pytest.mark.parametrize("where", WHERE[1:])
def test_a_handler_that_another_process_cannot_import_is_told_and_it_serves_as_before(
    serve, peer, homeless, where
):
    app = hello("before")
    client = peer(serve(app, **where))
    with pytest.raises(ServerError, match=HOMELESS):
        app.get("/after")(homeless)
    assert client.get().text == "before"


@BOTH
def test_a_start_says_which_handler_another_process_cannot_import(make, homeless):
    app = App()
    app.get("/")(homeless)
    with pytest.raises(ServerError, match=HOMELESS):
        make(app).start(process=True)


@pytest.mark.parametrize("where", WHERE)
def test_what_a_startup_hook_has_made_outlives_the_redefinition_of_a_handler(serve, peer, where):
    app = App()

    @app.on_startup
    def connect():
        app.state.visits = ["startup"]

    server = serve(app, **where)
    for name in ("first", "second"):

        @app.get(f"/{name}")
        def visit(ctx):
            app.state.visits.append(ctx.path)
            return app.state.visits

    client = peer(server)
    assert client.get("/first").json() == ["startup", "/first"]
    assert client.get("/second").json() == ["startup", "/first", "/second"]


def test_ten_starts_in_one_place_leave_one_server_and_no_thread_more(serve):
    app = hello()
    first = serve(app, name="again")
    client = Peer(first.port)
    client.get()  # the thread at the door has opened its files now
    client.leave()
    eventually(lambda: first.stats()["connections"] == 0)
    threads, files = threading.active_count(), psutil.Process().num_fds()
    ports = {serve(app, name="again").port for _ in range(10)}
    gc.collect()
    assert len(ports) == 1
    assert len(registry.running()) == 1
    assert threading.active_count() <= threads
    assert psutil.Process().num_fds() <= files


@WHEREVER
def test_what_the_server_counted_is_told(serve, peer, process):
    server = serve(hello(), process=process)
    client = peer(server)
    client.get("/")
    client.get("/nowhere")
    client.get("/nowhere")
    stats = server.stats()
    assert stats["connections"] == 1
    assert stats["statuses"] == {200: 1, 404: 2} or stats["requests"] == 2


def test_a_server_that_does_not_run_says_so(kind):
    server = AsyncServer(hello())
    with pytest.raises(ServerError, match=r"call start\(\) first"):
        server.stats()


def test_a_startup_hook_runs_before_the_first_request_and_a_shutdown_hook_after_the_last(
    serve, peer
):
    story = []
    app = hello()
    app.on_startup(lambda: story.append("startup"))
    app.on_shutdown(lambda: story.append("shutdown"))

    @app.get("/note")
    def note(ctx):
        story.append("request")

    server = serve(app)
    peer(server).get("/note")
    server.stop()
    assert story == ["startup", "request", "shutdown"]


@WHEREVER
def test_an_error_in_a_shutdown_hook_is_kept_and_the_stop_goes_on(serve, process, tmp_path):
    app, last = hello(), tmp_path / "last"
    app.on_shutdown(last.touch)

    @app.on_shutdown
    async def fail():
        raise LookupError("no database")

    server = serve(app, process=process)
    server.stop()
    (failure,) = server.errors
    assert (failure.request, failure.error) == ("on_shutdown", "LookupError: no database")
    assert last.exists()


@WHEREVER
def test_an_error_in_a_startup_hook_stops_the_start(kind, process):
    app = hello()

    @app.on_startup
    def fail():
        raise LookupError("no database")

    make = ThreadServer if kind in THREADED else AsyncServer
    with pytest.raises(LookupError, match="no database"):
        make(app).start(process=process)
    assert not registry.running()


def test_a_start_that_fails_returns_when_its_loop_has_ended():
    app, story = hello(), []

    async def goes_slowly():
        try:
            await asyncio.Event().wait()
        finally:
            for _ in range(1000):
                await asyncio.sleep(0)
            story.append("gone")

    @app.on_startup
    async def fail():
        story.append(asyncio.create_task(goes_slowly()))
        await asyncio.sleep(0)
        raise LookupError("no database")

    with pytest.raises(LookupError, match="no database"):
        AsyncServer(app).start()
    assert story[1:] == ["gone"]


@pytest.mark.skipif(not hasattr(signal, "pthread_kill"), reason="needs signals to one thread")
@BOTH
def test_ctrl_c_ends_a_start_whose_hook_waits(make):
    app, story = hello(), []

    @app.on_startup
    async def waits_for_a_database():
        try:
            signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)
            await asyncio.sleep(PATIENCE_S)
        finally:
            story.append("gone")

    before = set(threading.enumerate())
    with pytest.raises(KeyboardInterrupt):
        make(app).start()
    assert story == ["gone"]
    assert set(threading.enumerate()) <= before and not registry.running()


def functions_of(thread):
    """The names of the functions that the thread of that number is in."""
    innermost = sys._current_frames()[thread]
    return [frame.f_code.co_name for frame, _ in traceback.walk_stack(innermost)]


@pytest.mark.skipif(not hasattr(signal, "pthread_kill"), reason="needs signals to one thread")
def test_ctrl_c_ends_a_start_whose_hook_holds_the_loop_when_that_returns():
    app, main, story = hello(), threading.main_thread().ident, []
    app.on_shutdown(lambda: story.append("shutdown"))

    @app.on_startup
    def holds_the_loop():
        signal.pthread_kill(main, signal.SIGINT)
        eventually(lambda: "join" in functions_of(main))  # then it has given up

    before, watching = set(threading.enumerate()), list(gc.callbacks)
    with pytest.raises(KeyboardInterrupt):
        AsyncServer(app).start()
    assert set(threading.enumerate()) <= before and gc.callbacks == watching
    assert story == ["shutdown"]


@pytest.mark.parametrize("part", ["new_event_loop", "Watchdog"])
def test_a_part_of_a_loop_that_cannot_be_made_is_told_and_nothing_is_left(part, monkeypatch):
    def refuse(*_):
        raise OSError(errno.EMFILE, "too many open files")

    monkeypatch.setattr(aio, part, refuse)
    before = set(threading.enumerate())
    with pytest.raises(OSError, match="too many open files"):
        AsyncServer(hello()).start()
    assert set(threading.enumerate()) <= before and not registry.running()


@BOTH
def test_an_async_with_that_is_cancelled_leaves_no_server(make):
    app, began, goes_on = hello(), threading.Event(), threading.Event()

    @app.on_startup
    def waits():
        began.set()
        goes_on.wait(PATIENCE_S)

    async def start():
        async with make(app):
            raise AssertionError("it was to be cancelled before")

    async def cancel():
        starting = asyncio.create_task(start())
        await asyncio.to_thread(began.wait, PATIENCE_S)
        starting.cancel()
        asyncio.get_running_loop().call_soon(goes_on.set)
        with pytest.raises(asyncio.CancelledError):
            await starting

    asyncio.run(cancel())
    assert not registry.running()


@BOTH
@pytest.mark.parametrize("where", [{"process": True}, {"workers": 1}], ids=str)
def test_a_start_that_takes_too_long_says_what_may_hold_it_up(make, where, monkeypatch):
    monkeypatch.setattr("asyncweb.servers.process.START_TIMEOUT_S", 0)
    with pytest.raises(ServerError, match="not started within 0 s; its startup hooks"):
        make(hello()).start(**where)


@BOTH
def test_an_app_that_cannot_travel_is_an_error_that_says_why(make):
    app = App()
    lock = threading.Lock()

    @app.get("/")
    def home(ctx):
        with lock:
            return "hello"

    with pytest.raises(ServerError, match="cannot be sent to another process"):
        make(app).start(process=True)


@BOTH
def test_a_server_process_that_was_killed_is_told_and_leaves_nothing(make):
    server = make(hello()).start(process=True)
    psutil.Process(server.pid).kill()
    with pytest.raises(ServerError, match="has ended"):
        server.stats()
    assert f"process {server.pid} has ended: exit code -9" in server._repr_html_()
    server.stop()
    assert not registry.running()


@BOTH
def test_an_app_may_be_changed_when_the_process_of_its_server_was_killed(make):
    app, heard = hello(), []
    server = make(app).start(process=True)
    app.watch(lambda: heard.append("changed"))
    psutil.Process(server.pid).kill()
    app.get("/late")(lambda ctx: "late")
    server.stop()
    assert heard == ["changed"]


@BOTH
def test_a_server_whose_process_was_killed_does_not_run_and_can_be_started_again(make, peer):
    server = make(hello()).start(process=True)
    psutil.Process(server.pid).kill()
    eventually(lambda: not server.is_running)
    server.wait()  # no longer than it runs
    assert peer(server.start(process=True)).get().text == "hello"
    assert registry.running() == (server,)
    server.stop()


SCRIPT = """
import gc
from asyncweb import App, {engine}
app = App()
app.get("/")(lambda ctx: "hello")
server = {engine}(app).start(process={process})
print(server.pid, flush=True)
{end}
"""


@pytest.mark.slow
@BOTH
@WHEREVER
@pytest.mark.parametrize(
    "end", ["", "del server; import gc; gc.collect()", "1 / 0", "raise SystemExit(3)"]
)
def test_a_forgotten_server_is_stopped_at_exit(make, process, end):
    script = SCRIPT.format(engine=make.__name__, process=process, end=end)
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=PATIENCE_S
    )
    assert done.returncode == {"1 / 0": 1, "raise SystemExit(3)": 3}.get(end, 0), done.stderr
    assert not psutil.pid_exists(int(done.stdout))


@pytest.mark.slow
@BOTH
def test_a_server_process_ends_with_its_parent_even_when_that_is_killed(make):
    script = SCRIPT.format(engine=make.__name__, process=True, end="import signal; signal.pause()")
    parent = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    child = psutil.Process(int(parent.stdout.readline()))
    parent.kill()
    parent.wait()
    parent.stdout.close()
    child.wait(PATIENCE_S)
    assert not child.is_running()


@BOTH
def test_a_server_shows_itself_in_a_notebook(make, peer):
    app = App()

    @app.get("/boom")
    def boom(ctx):
        raise ValueError("<b>bold</b>")

    with make(app) as server:
        peer(server).get("/boom")
        page = server._repr_html_()
    assert f'href="{server.url}"' in page
    assert "ValueError: &lt;b&gt;bold&lt;/b&gt;" in page
    assert "stopped" in server._repr_html_()


@BOTH
def test_a_server_process_that_does_not_answer_says_so_in_a_notebook(make, monkeypatch):
    monkeypatch.setattr("asyncweb.servers.process.ANSWER_TIMEOUT_S", 0)
    with make(hello()).start(process=True) as server:
        its_process = psutil.Process(server.pid)
        its_process.suspend()
        assert f"process {server.pid} said nothing for 0 s" in server._repr_html_()
        its_process.resume()
