"""The access log: one line for each answer, and nothing at all for those who did not ask."""

import contextlib
import io
import json
import threading

import pytest

from asyncweb import App, AsyncServer, HTTPError, ThreadServer
from asyncweb.errors import ServerError
from asyncweb.servers import access_log
from asyncweb.servers.access_log import AccessLog
from asyncweb.servers.observer import Observer
from tests.callers import call_unix
from tests.conftest import THREADED, WHERE, eventually
from tests.streaming import add_streams

BOTH = pytest.mark.parametrize("make", [AsyncServer, ThreadServer])
MANY = 32 * 1024 * 1024  # bytes, more than all buffers on the way take
KEYS = ["time", "client", "method", "path", "status", "bytes", "ms", "engine"]


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def app():
    app = App()

    @app.get("/")
    @app.get("/{rest:path}")
    def home(ctx):
        return "hello"

    add_streams(app)

    @app.get("/many")
    def many(ctx):
        return b"x" * MANY

    @app.get("/many/later")
    async def many_later(ctx):
        await ctx.sleep(0)
        return b"x" * MANY

    @app.get("/many/pieces")
    def many_pieces(ctx):
        yield from [b"x" * 1024 * 1024] * (MANY // 1024**2)

    @app.get("/wait")
    async def wait(ctx):
        await ctx.sleep(0.001)
        raise HTTPError(404, "nothing")

    return app


@pytest.fixture
def logged(serve, peer, app):
    """The entries of a server that was asked by `talk(client)`, and then stopped."""

    def entries(talk, file=None, **settings):
        file = file or io.StringIO()
        server = serve(app, access_log=file, **settings)
        client = peer(server)
        talk(client)
        server.stop()
        return [json.loads(line) for line in file.getvalue().splitlines()], client, server

    return entries


def test_every_answer_is_one_line_of_json(logged):
    def talk(client):
        for path in ("/", "/wait", "/stream"):
            client.get(path)

    entries, client, server = logged(talk)
    assert [list(entry) for entry in entries] == [KEYS] * 3
    assert [entry["status"] for entry in entries] == [200, 404, 200]
    assert [entry["bytes"] for entry in entries] == [5, 7, 13]
    assert {entry["client"] for entry in entries} == {f"127.0.0.1:{client.socket.getsockname()[1]}"}
    assert {entry["engine"] for entry in entries} == {server.engine}
    assert all(entry["ms"] >= 0 and entry["time"].endswith("Z") for entry in entries)


# ---------------------------------------------------------------------- what breaks off


def test_a_stream_that_raises_is_marked_as_broken(logged):
    def talk(client):
        client.send(b"GET /broken HTTP/1.1\r\nHost: t\r\n\r\n")
        with contextlib.suppress(ConnectionError):
            client.rest()

    (entry,), _, _ = logged(talk)
    assert list(entry) == [*KEYS, "broken"]
    assert (entry["path"], entry["status"], entry["bytes"]) == ("/broken", 200, 4)
    assert entry["broken"] is True


@pytest.mark.parametrize("path", ["/endless", "/many", "/many/later", "/many/pieces"])
def test_an_answer_whose_client_leaves_in_its_middle_is_marked_as_broken(
    serve, peer, app, tmp_path, path
):
    log = tmp_path / "log"
    server = serve(app, access_log=log)
    client = peer(server).send(f"GET {path} HTTP/1.1\r\nHost: t\r\n\r\n".encode())
    client.socket.recv(1)
    client.vanish()
    eventually(log.read_text)
    entry = json.loads(log.read_text())
    assert (entry["path"], entry["broken"]) == (path, True)


@pytest.mark.parametrize("path", ["/many", "/many/later", "/many/pieces"])
def test_an_answer_that_is_read_to_its_end_is_whole_however_long_it_is(logged, path):
    def talk(client):
        assert len(client.get(path).body) == MANY
        client.vanish()

    (entry,), _, _ = logged(talk)
    assert (entry["path"], entry["bytes"], "broken" in entry) == (path, MANY, False)


def test_on_a_terminal_a_broken_answer_is_called_so(serve, peer, app):
    screen = Terminal()
    server = serve(app, access_log=screen)
    client = peer(server).send(b"GET /broken HTTP/1.1\r\nHost: t\r\n\r\n")
    with contextlib.suppress(ConnectionError):
        client.rest()
    server.stop()
    assert "4 B broken off" in screen.getvalue()


# ---------------------------------------------------------------------- what nobody shall read


def test_what_stands_in_the_query_stays_secret(logged):
    entries, _, _ = logged(lambda client: client.get("/login?token=hunter2"))
    assert entries[0]["path"] == "/login"
    assert "hunter2" not in json.dumps(entries)


def test_nothing_that_is_sent_can_forge_a_line(logged):
    entries, _, _ = logged(lambda client: client.get("/a%0d%0a%1b[31m%22%5c[bold]"))
    assert [entry["path"] for entry in entries] == ["/a%0d%0a%1b[31m%22%5c[bold]"]


def test_a_head_has_no_bytes(logged):
    def talk(client):
        client.send(b"HEAD / HTTP/1.1\r\nHost: t\r\n\r\n").answer(has_body=False)

    entries, _, _ = logged(talk)
    assert [(entry["method"], entry["bytes"]) for entry in entries] == [("HEAD", 0)]


def test_bytes_that_were_no_request_are_a_line_as_well(logged):
    entries, client, _ = logged(lambda client: client.send(b"NONSENSE\r\n\r\n").answer())
    (entry,) = entries
    assert (entry["method"], entry["path"], entry["status"]) == ("-", "-", 400)
    assert entry["client"].endswith(str(client.socket.getsockname()[1]))


def test_a_client_of_a_unix_socket_has_no_address(serve, caller, app, tmp_path):
    log = io.StringIO()
    server = serve(app, host=f"unix:{tmp_path / 's'}", access_log=log)
    caller(call_unix(tmp_path / "s")).get()
    server.stop()
    assert json.loads(log.getvalue())["client"] is None


@pytest.mark.slow
@pytest.mark.parametrize("where", WHERE)
def test_a_file_is_appended_to_wherever_the_server_runs(serve, peer, app, tmp_path, where):
    path = tmp_path / "access.jsonl"
    path.write_text("before\n")
    server = serve(app, access_log=path, **where)
    for _ in range(3):
        peer(server).get()
    server.stop()
    first, *lines = path.read_text().splitlines()
    assert first == "before"
    assert [json.loads(line)["path"] for line in lines] == ["/"] * 3


def test_on_a_terminal_it_is_written_for_people(serve, peer, app):
    screen = Terminal()
    server = serve(app, access_log=screen)
    peer(server).get("/[red]x?y")
    server.stop()
    assert "GET /[red]x" in screen.getvalue()
    assert "200" in screen.getvalue()
    assert "{" not in screen.getvalue()


def test_by_default_there_is_no_log_and_no_thread_for_one(serve, peer, app, capfd):
    server = serve(app)
    peer(server).get()
    assert not [thread for thread in threading.enumerate() if thread.name == "asyncweb-log"]
    server.stop()
    assert capfd.readouterr() == ("", "")


def test_true_means_standard_error(serve, peer, app, capfd):
    server = serve(app, access_log=True)
    peer(server).get()
    server.stop()
    out, err = capfd.readouterr()
    assert out == ""
    assert json.loads(err)["status"] == 200


def test_in_a_notebook_it_prints_nothing_and_the_server_shows_it(
    serve, peer, app, capfd, monkeypatch
):
    monkeypatch.setattr(access_log.registry, "current_cell", lambda: ("a cell", 1))
    server = serve(app, access_log=True)
    peer(server).get("/<b>")

    eventually(lambda: "GET /&lt;b&gt; 200" in server._repr_html_())
    server.stop()
    assert capfd.readouterr() == ("", "")


@BOTH
def test_a_file_that_cannot_be_written_is_told_at_the_start(make, app, tmp_path):
    with pytest.raises(ServerError, match=r"cannot write the access log .*no"):
        make(app, access_log=tmp_path / "no" / "log").start()


@BOTH
@pytest.mark.parametrize("process", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_a_log_that_cannot_be_opened_fails_the_start_before_any_hook(make, tmp_path, process):
    app, ran = App(), tmp_path / "ran"
    app.on_startup(ran.touch)
    server = make(app, access_log=tmp_path / "no" / "log")
    with pytest.raises(ServerError, match="cannot write the access log"):
        server.start(process=process)
    assert not ran.exists()
    assert not server.is_running


@BOTH
def test_an_open_file_cannot_be_sent_to_a_process(make, app):
    with pytest.raises(ServerError, match=r"give its path instead"):
        make(app, access_log=io.StringIO()).start(process=True)


@BOTH
def test_what_is_no_place_for_a_log_is_refused(make, app):
    with pytest.raises(TypeError, match="expected True, a path"):
        make(app, access_log=3)


def test_a_start_that_fails_leaves_no_log_open(kind, tmp_path):
    app = App()
    app.on_startup(lambda: 1 / 0)
    make = ThreadServer if kind in THREADED else AsyncServer
    with pytest.raises(ZeroDivisionError):
        make(app, access_log=tmp_path / "log").start()
    assert not [thread for thread in threading.enumerate() if thread.name == "asyncweb-log"]


class Full(io.StringIO):
    def write(self, text):
        raise OSError("no space left on device")


def test_a_full_disk_does_not_end_the_serving(serve, peer, app):
    client = peer(serve(app, access_log=Full()))
    assert [client.get().text for _ in range(3)] == ["hello"] * 3


def test_when_it_cannot_follow_the_oldest_are_dropped_and_counted(monkeypatch):
    monkeypatch.setattr(access_log, "WAITING", 3)
    monkeypatch.setattr(access_log, "PAUSE_S", 60)
    file = io.StringIO()
    log = AccessLog(file, "async")
    for number in range(10):
        log._note(None, "GET", f"/{number}", 200, 0, 0.0, False)
    log.close()
    note, *entries = [json.loads(line) for line in file.getvalue().splitlines()]
    assert note == {"note": "7 answers were dropped: too many to write"}
    assert [entry["path"] for entry in entries] == ["/7", "/8", "/9"]


def test_the_observer_still_counts(serve, peer, app):
    server = serve(app, access_log=io.StringIO(), observer=Observer())
    peer(server).get()
    assert server.stats()["requests"] == 1
