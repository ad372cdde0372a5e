"""Several processes behind one address: who dies, who takes over, and what nobody may lose."""

import os
import signal
import subprocess
import sys
import threading

import psutil
import pytest

from asyncweb import App, AsyncServer
from asyncweb.errors import PortInUse, ServerError
from asyncweb.http.limits import Limits
from asyncweb.metrics.recorder import Recorder
from asyncweb.servers import registry, workers
from tests.conftest import ONE_OF_EACH, PATIENCE_S, Peer, eventually, is_free
from tests.test_cli import folder, serving  # noqa: F401  (a fixture)

ENGINES = pytest.mark.parametrize("engine", ONE_OF_EACH)
LOST = (AssertionError, ConnectionError)  # what a cut connection makes of a Peer


@pytest.fixture(params=["uvloop", pytest.param("asyncio", marks=pytest.mark.slow), "threads"])
def kind(request, monkeypatch):
    """A pool differs from threads only behind the door."""
    monkeypatch.setenv("ASYNCWEB_LOOP", "asyncio" if request.param == "asyncio" else "")
    return request.param


@pytest.fixture(autouse=True)
def no_process_is_left():
    before = set(psutil.Process().children(recursive=True))
    yield
    eventually(lambda: set(psutil.Process().children(recursive=True)) <= before)


@pytest.fixture
def gate(tmp_path):
    return tmp_path / "open"


def telling(gate=None):
    """An app that tells which process answers; the way through /gate opens with a file."""
    app, opened = App(), str(gate)

    @app.get("/")
    def home(ctx):
        return str(os.getpid())

    @app.get("/gate")
    async def wait_at_gate(ctx):
        while not os.path.exists(opened):
            await ctx.sleep(0.002)
        return str(os.getpid())

    @app.get("/exit")
    def leave_without_a_word(ctx):
        os._exit(7)

    return app


def pids():
    """The processes of our servers."""
    return {child.pid for child in psutil.Process().children()}


def one_client_each(server, number):
    """One keep-alive client of each of `number` workers, by the worker's pid."""
    clients = {}

    def meet():
        client = Peer(server.port)
        pid = int(client.get().text)
        if pid in clients:
            client.leave()
        else:
            clients[pid] = client
        return len(clients) == number

    eventually(meet)
    return clients


def freeze(pid):
    """Stops a process of ours; none of its threads runs when this returns."""
    os.kill(pid, signal.SIGSTOP)
    os.waitid(os.P_PID, pid, os.WSTOPPED)


def is_waiting(server, number):
    """Whether requests of that many clients are being answered."""
    return server.stats()["in_flight"] == number


class Crowd:
    """Threads that ask without end, each over one connection, or over a new one each time."""

    def __init__(self, port, keep_alive, size=6):
        self.port, self.keep_alive = port, keep_alive
        self.answered = 0
        self.lost = []  # (the process that had served the connection, the error)
        self.refused = []
        self._counting = threading.Lock()
        self._over = threading.Event()
        self._threads = [threading.Thread(target=self._ask) for _ in range(size)]
        for thread in self._threads:
            thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self._over.set()
        self.join()

    def join(self):
        for thread in self._threads:
            thread.join(PATIENCE_S)

    def _ask(self):
        while not self._over.is_set():
            try:
                client = Peer(self.port)
            except OSError as error:
                if registry.running():
                    self.refused.append(repr(error))
                return
            self._converse(client)

    def _converse(self, client):
        pid = None
        try:
            while not self._over.is_set():
                answer = client.get()
                pid = int(answer.text)
                with self._counting:
                    self.answered += 1
                if answer.headers.get("connection") == "close":
                    self._over.set()  # the server stops
                if not self.keep_alive:
                    return
        except LOST as error:
            self.lost.append((pid, repr(error)))
        finally:
            client.leave()


# ---------------------------------------------------------------------- start and stop


def test_all_workers_answer_on_one_port_and_nothing_is_left_of_them(serve):
    threads, files = threading.active_count(), psutil.Process().num_fds()
    server = serve(telling(), workers=2)
    clients = one_client_each(server, 2)
    assert set(clients) == pids()
    assert server.stats()["workers"] == 2
    assert not server.in_own_process and server.pid == os.getpid()
    server.stop()
    assert all(client.rest() == b"" for client in clients.values())
    for client in clients.values():
        client.leave()
    assert not pids() and is_free(server.port)
    assert (threading.active_count(), psutil.Process().num_fds()) == (threads, files)


@pytest.mark.parametrize("number", [0, -1, 1.0, "2", True])
def test_a_number_of_workers_that_is_none_is_refused_before_anything_is_touched(number):
    with (
        AsyncServer(telling(), name="mine") as server,
        pytest.raises(ValueError, match=rf"workers={number!r}: expected a whole number"),
    ):
        AsyncServer(telling(), name="mine").start(workers=number)
    assert server.port


@ENGINES
def test_workers_are_processes_of_their_own_already(engine, peer):
    with ONE_OF_EACH[engine](telling()).start(workers=1, process=True) as server:
        assert server.stats()["workers"] == 1
        assert int(peer(server).get().text) in pids()


@ENGINES
def test_a_held_port_is_told_where_the_workers_are_started(engine):
    with ONE_OF_EACH[engine](telling()) as holder:
        registry.remove(holder)  # so that it is not ours, and not replaced
        with pytest.raises(PortInUse, match="port=0"):
            ONE_OF_EACH[engine](telling(), port=holder.port).start(workers=2)
        registry.add(holder)


@ENGINES
@pytest.mark.parametrize(
    "fatal",
    [
        "raise LookupError('no database')",
        pytest.param("raise SystemExit(3)", marks=pytest.mark.slow),
    ],
)
def test_a_worker_that_cannot_start_is_told_with_the_cause(engine, fatal):
    app = telling()
    app.on_startup(lambda: exec(fatal))
    with pytest.raises(ServerError, match=r"no database|SystemExit: 3") as told:
        ONE_OF_EACH[engine](app).start(workers=2)
    if "database" in fatal:
        assert isinstance(told.value.__cause__, LookupError)
        assert "exec(fatal)" in "".join(told.value.__cause__.__notes__)
    assert not registry.running() and not pids()


def test_an_error_that_cannot_travel_is_told_in_words():
    class Shy(Exception):
        def __init__(self, one, two):
            super().__init__(f"{one} and {two}")

    app = telling()

    @app.on_startup
    def fail():
        raise Shy("this", "that")

    with pytest.raises(ServerError, match="Shy: this and that"):
        AsyncServer(app).start(workers=1)


def test_a_stop_under_load_loses_no_request_that_was_accepted(serve):
    server = serve(telling(), workers=2)
    with Crowd(server.port, keep_alive=True, size=8) as crowd:
        eventually(lambda: crowd.answered > 200 and server.stats()["connections"] == 8)
        server.stop()
        crowd.join()
    assert (crowd.lost, crowd.refused) == ([], [])


@pytest.mark.slow
def test_all_workers_drain_at_the_same_time(serve, gate):
    server = serve(telling(gate), workers=2)
    clients = one_client_each(server, 2)
    for client in clients.values():
        client.send(b"GET /gate HTTP/1.1\r\nHost: t\r\n\r\n")
    eventually(lambda: is_waiting(server, 2))
    stopping = threading.Thread(target=server.stop, args=(PATIENCE_S,))
    stopping.start()
    eventually(lambda: is_free(server.port))  # both have closed the door, and both still answer
    gate.touch()
    assert {pid: client.answer().text for pid, client in clients.items()} == {
        pid: str(pid) for pid in clients
    }
    stopping.join(PATIENCE_S)
    for client in clients.values():
        client.leave()


# ---------------------------------------------------------------------- who dies


def test_a_killed_worker_loses_only_its_own_connections_and_another_takes_its_place(serve):
    server = serve(telling(), workers=2)
    clients = one_client_each(server, 2)
    victim, *others = clients
    with (
        Crowd(server.port, keep_alive=True) as loyal,
        Crowd(server.port, keep_alive=False, size=2) as fleeting,
    ):
        eventually(lambda: loyal.answered > 100 and fleeting.answered > 50)
        os.kill(victim, signal.SIGKILL)
        eventually(lambda: server.stats()["workers"] == 2)
        enough = loyal.answered + 200
        eventually(lambda: loyal.answered > enough)
    assert loyal.refused == fleeting.refused == []
    assert {pid for pid, _ in loyal.lost} <= {victim, None}  # None: no answer yet, it just came
    assert len(fleeting.lost) <= 2  # at most the one each was waiting for
    assert [int(clients[pid].get().text) for pid in others] == others
    assert len(pids()) == 2 and victim not in pids()
    assert any(f"process {victim} has ended: exit code -9" in f.error for f in server.errors)
    for client in clients.values():
        client.leave()


@pytest.mark.slow
def test_who_waits_in_the_queue_of_a_killed_worker_is_served_by_another(serve):
    server = serve(telling(), workers=2)
    victim, other = pids()
    for pid in (victim, other):
        freeze(pid)  # so that nobody accepts
    waiting = [Peer(server.port).send(b"GET / HTTP/1.1\r\nHost: t\r\n\r\n") for _ in range(8)]
    os.kill(victim, signal.SIGKILL)
    os.kill(other, signal.SIGCONT)
    assert all(int(client.answer().text) != victim for client in waiting)
    for client in waiting:
        client.leave()


@pytest.mark.slow
def test_when_all_are_killed_at_once_those_who_wait_are_served_by_the_next(serve):
    server = serve(telling(), workers=2)
    before = pids()
    for pid in before:
        freeze(pid)
    waiting = Peer(server.port).send(b"GET / HTTP/1.1\r\nHost: t\r\n\r\n")
    for pid in before:
        os.kill(pid, signal.SIGKILL)
    assert int(waiting.answer().text) not in before
    waiting.leave()
    eventually(lambda: server.stats()["workers"] == 2)
    assert not pids() & before


@pytest.mark.slow
def test_a_worker_that_ends_itself_is_replaced(serve, peer):
    server = serve(telling(), workers=1)
    (before,) = pids()
    with pytest.raises(LOST):
        peer(server).get("/exit")
    assert int(peer(server).get().text) != before
    assert any("exit code 7" in failure.error for failure in server.errors)


@pytest.mark.slow
def test_a_process_that_a_worker_forked_does_not_hold_up_the_next_worker(serve, peer):
    app = telling()

    @app.get("/fork")
    def fork(ctx):
        forked = os.fork()
        while forked == 0:
            signal.pause()
        return str(forked)

    server = serve(app, workers=1)
    forked = psutil.Process(int(peer(server).get("/fork").text))
    try:
        (victim,) = pids()
        os.kill(victim, signal.SIGKILL)
        eventually(lambda: server.stats()["workers"] == 1 and victim not in pids())
        assert int(peer(server).get().text) != victim
        server.stop()
    finally:
        forked.kill()


@pytest.mark.slow
def test_a_worker_that_is_told_to_terminate_drains_first(serve, peer, gate):
    server = serve(telling(gate), workers=2)
    client = peer(server)
    victim = int(client.get().text)
    client.send(b"GET /gate HTTP/1.1\r\nHost: t\r\n\r\n")
    eventually(lambda: is_waiting(server, 1))
    os.kill(victim, signal.SIGTERM)
    gate.touch()
    assert int(client.answer().text) == victim
    eventually(lambda: victim not in pids() and server.stats()["workers"] == 2)


@pytest.mark.slow
def test_workers_that_die_at_their_start_are_started_ever_more_slowly(
    serve, peer, tmp_path, monkeypatch
):
    paused = []

    def pause_s(early_ends):
        paused.append(early_ends)
        return 0.001

    monkeypatch.setattr(workers, "pause_s", pause_s)
    broken = tmp_path / "broken"
    path, app = str(broken), telling()

    @app.on_startup
    def fail_while_broken():
        if os.path.exists(path):
            raise LookupError("no database")

    server = serve(app, workers=2)
    clients = one_client_each(server, 2)
    victim, other = clients
    broken.touch()
    os.kill(victim, signal.SIGKILL)
    eventually(lambda: len(paused) >= 3)
    assert clients[other].get().text == str(other)  # unharmed
    assert server.stats()["workers"] == 1
    broken.unlink()
    eventually(lambda: server.stats()["workers"] == 2)
    assert paused == list(range(1, len(paused) + 1))
    failure = next(failure for failure in server.errors if "no database" in failure.error)
    assert "fail_while_broken" in failure.traceback
    for client in clients.values():
        client.leave()


@pytest.mark.slow
def test_a_stop_ends_the_pause_before_a_start(serve, monkeypatch):
    paused = threading.Event()
    monkeypatch.setattr(workers, "pause_s", lambda ends: paused.set() or 1000.0)
    server = serve(telling(), workers=2)
    os.kill(min(pids()), signal.SIGKILL)
    assert paused.wait(PATIENCE_S)
    server.stop()
    assert not pids()


# ---------------------------------------------------------------------- what all of them know


def test_settings_and_changes_of_the_app_reach_every_worker_and_the_next_ones(serve):
    app = telling()
    server = serve(app, workers=2, limits=Limits(target_bytes=100))

    @app.get("/late")
    def late(ctx):
        return "late"

    def knows_all(client):
        assert client.get("/late").text == "late"
        assert client.get("/" + "x" * 200).status == 414
        client.leave()

    before = one_client_each(server, 2)
    for client in before.values():
        knows_all(client)
    for pid in before:
        os.kill(pid, signal.SIGKILL)
    eventually(lambda: not pids() & set(before) and server.stats()["workers"] == 2)
    for client in one_client_each(server, 2).values():
        knows_all(client)


@pytest.mark.slow
def test_a_change_while_a_worker_starts_reaches_it(serve, peer, tmp_path):
    starting, go_on = tmp_path / "starting", tmp_path / "go on"
    marks, app = (str(starting), str(go_on)), telling()

    @app.on_startup
    def hold_the_second_start():
        if os.path.exists(marks[0]):
            with open(marks[0], "w") as mark:
                mark.write("here")
            while not os.path.exists(marks[1]):
                pass

    server = serve(app, workers=1)
    starting.touch()
    os.kill(min(pids()), signal.SIGKILL)
    eventually(lambda: starting.read_text() == "here")

    @app.get("/late")
    def late(ctx):
        return "late"

    go_on.touch()
    eventually(lambda: server.stats()["workers"] == 1)
    eventually(lambda: peer(server).get("/late").status == 200)


def test_what_the_workers_counted_is_summed_and_outlives_them(serve):
    server = serve(telling(), workers=2, observer=Recorder())
    clients = one_client_each(server, 2)
    for client in clients.values():
        client.get("/nowhere")
    stats = server.stats()
    assert stats["each"].keys() == clients.keys()
    assert stats["routes"][""]["count"] == 2 and stats["routes"][""]["max"] > 0
    assert {"latency", "loop_lag", "gc_pauses"} <= stats.keys()
    assert (stats["connections"], stats["in_flight"], stats["workers"]) == (2, 0, 2)
    assert stats["statuses"][404] == 2
    assert stats["requests"] == sum(stats["statuses"].values()) >= 4
    for pid in clients:
        os.kill(pid, signal.SIGKILL)
        assert server.stats()["statuses"][404] == 2  # it never fails
    eventually(lambda: server.stats()["workers"] == 2)
    now = server.stats()
    assert (now["requests"], now["statuses"]) == (stats["requests"], stats["statuses"])
    assert now["routes"] == stats["routes"]
    assert now["connections"] == 0
    for client in clients.values():
        client.leave()


@pytest.mark.slow
def test_what_a_server_counted_before_it_had_workers_is_counted_once(serve, peer):
    server = serve(telling())
    peer(server).get("/")
    server.stop()
    server.start(workers=2)
    peer(server).get("/")
    assert server.stats()["requests"] == 2


@pytest.mark.slow
def test_the_failures_of_all_workers_are_told(serve):
    app = telling()

    @app.get("/boom")
    def boom(ctx):
        raise ValueError(f"boom in {os.getpid()}")

    server = serve(app, workers=2)
    clients = one_client_each(server, 2)
    for client in clients.values():
        client.get("/boom")
        client.leave()
    told = {failure.error for failure in server.errors}
    assert told == {f"ValueError: boom in {pid}" for pid in clients}


@pytest.mark.slow
def test_the_failures_of_a_worker_that_was_replaced_are_told_once(serve, peer):
    app = telling()

    @app.get("/boom")
    def boom(ctx):
        raise ValueError("boom")

    def told():
        return [failure.error for failure in server.errors].count("ValueError: boom")

    server = serve(app, workers=1)
    client = peer(server)
    assert client.get("/boom").status == 500
    victim = int(client.get().text)
    os.kill(victim, signal.SIGTERM)
    eventually(lambda: victim not in pids() and server.stats()["workers"] == 1)
    assert told() == 1
    server.stop()
    assert told() == 1


@pytest.mark.slow
def test_an_app_that_cannot_travel_any_more_is_told_where_it_was_changed(serve, peer):
    app, lock = telling(), threading.Lock()
    server = serve(app, workers=2)
    with pytest.raises(ServerError, match="cannot be sent to another process"):

        @app.get("/locked")
        def locked(ctx):
            with lock:
                return "locked"

    assert int(peer(server).get().text) in pids()


# ---------------------------------------------------------------------- as a process

SCRIPT = """
import os, signal
from asyncweb import App, {engine}
app = App()
app.get("/")(lambda ctx: str(os.getpid()))
server = {engine}(app).start(workers=2)
print(server.port, flush=True)
signal.pause()
"""


@pytest.mark.slow
@ENGINES
def test_workers_end_with_their_parent_even_when_that_is_killed(engine):
    script = SCRIPT.format(engine=ONE_OF_EACH[engine].__name__)
    with subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, text=True
    ) as parent:
        port = int(parent.stdout.readline())
        left = psutil.Process(parent.pid).children()
        assert len(left) == 2
        parent.kill()
    gone, alive = psutil.wait_procs(left, PATIENCE_S)
    assert (len(gone), alive) == (2, [])
    assert is_free(port)


@pytest.mark.parametrize(
    "number", [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.slow)]
)
@ENGINES
def test_serve_drains_its_workers_at_a_signal_and_exits_0(folder, engine, number):  # noqa: F811
    with serving(folder, "--engine", engine, "--workers", "2") as process:
        left = psutil.Process(process.pid).children()
        client = Peer(process.port)
        client.get()
        client.send(b"GET /slow HTTP/1.1\r\nHost: t\r\n\r\n")
        process.send_signal(number)
        assert client.answer().text == "done"
        client.leave()
        assert process.communicate(timeout=PATIENCE_S) == ("", "")
        assert process.returncode == 0
    assert len(left) == 2 and not any(worker.is_running() for worker in left)


@pytest.mark.slow
@ENGINES
def test_serve_exits_0_in_the_middle_of_a_restart_too(folder, engine):  # noqa: F811
    with serving(folder, "--engine", engine, "--workers", "2") as process:
        parent = psutil.Process(process.pid)
        before = parent.children()
        for worker in before:
            worker.kill()
        eventually(lambda: set(parent.children()) - set(before))  # the next one has just begun
        process.send_signal(signal.SIGINT)
        said, told = process.communicate(timeout=PATIENCE_S)
        assert (said, process.returncode) == ("", 0)
        assert (
            "Traceback" not in told and told.count("exit code -9") == told.count("has ended") <= 2
        )


@pytest.mark.parametrize("number", ["0", "-2", "many"])
def test_serve_says_what_a_number_of_workers_is(folder, number):  # noqa: F811
    command = [sys.executable, "-m", "asyncweb", "serve", "main:app", "--workers", number]
    ended = subprocess.run(command, capture_output=True, text=True, cwd=folder, timeout=60)
    assert ended.returncode == 2
    assert "workers" in ended.stderr and number in ended.stderr
    assert "Traceback" not in ended.stderr
