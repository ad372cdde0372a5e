"""`asyncweb serve` with its settings, and `asyncweb routes`, as people run them."""

import io
import json
import socket
import ssl
import subprocess
import sys
import threading
from contextlib import contextmanager

import pytest

from asyncweb import App, AsyncServer, Tls
from asyncweb.servers import telling
from asyncweb.servers.telling import Teller
from tests.callers import Caller, call_unix, trusting
from tests.commands import asyncweb
from tests.commands import command as command
from tests.conftest import ONE_OF_EACH, PATIENCE_S, Peer, eventually

MODULE = """
from asyncweb import App

app = App()

@app.get("/users/{id:int}")
async def user(ctx):
    return ctx.scheme

@app.get("/fails")
def fails(ctx):
    return 1 / 0

@app.get("/fails-late")
async def fails_late(ctx):
    await ctx.sleep(0.3)
    raise LookupError("too late")

@app.post("/up", stream=True)
def up(ctx):
    return ctx.scheme
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / "main.py").write_text(MODULE)
    monkeypatch.delenv("ASYNCWEB_LOOP", raising=False)
    return tmp_path


@contextmanager
def serving(folder, *arguments):
    """The process and the URL it says."""
    command = [sys.executable, "-m", "asyncweb", "serve", "main:app", *arguments]
    with subprocess.Popen(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            line = process.stdout.readline()
            assert line.startswith("listening on "), line + process.stderr.read()
            yield process, line.removeprefix("listening on ").strip()
        finally:
            process.terminate()
            process.wait(PATIENCE_S)


def port_of(url):
    return int(url.rpartition(":")[2])


def test_settings_come_from_a_file_then_the_environment_then_the_flags(folder, monkeypatch):
    (folder / "app.toml").write_text('engine = "threads"\nkeep_alive = false\nport = 1')
    monkeypatch.setenv("ASYNCWEB_PORT", "2")
    arguments = ("--config", "app.toml", "--port", "0", "--access-log", "log.jsonl")
    with serving(folder, *arguments) as (_, url):
        client = Peer(port_of(url))
        assert client.get("/users/1").headers["connection"] == "close"
        client.leave()
    assert json.loads((folder / "log.jsonl").read_text())["engine"] == "threads"


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="no Unix sockets here")
def test_a_unix_socket_is_served_and_how_to_try_it_is_said(folder):
    with serving(folder, "--unix", "a.sock") as (process, url):
        assert url.startswith("http+unix://")
        said = process.stdout.readline()
        assert said == f"try: curl --unix-socket {folder}/a.sock http://localhost/\n"
        client = Caller(call_unix(folder / "a.sock"))
        assert client.get("/users/1").text == "http"
        client.leave()
    assert not (folder / "a.sock").exists()


@pytest.mark.parametrize("workers", [(), pytest.param(("--workers", "2"), marks=pytest.mark.slow)])
def test_https_is_served_with_a_certificate_for_a_try_or_with_ones_own(folder, workers):
    tls = Tls.self_signed()
    for how in (("--self-signed",), ("--tls", str(tls.cert), str(tls.key))):
        with serving(folder, *how, *workers) as (_, url):
            assert url.startswith("https://127.0.0.1:")
            raw = socket.create_connection(("127.0.0.1", port_of(url)), PATIENCE_S)
            client = Caller(trusting(tls).wrap_socket(raw, server_hostname="localhost"))
            assert client.get("/users/1").text == "https"
            client.leave()


def test_the_access_log_goes_to_standard_error_when_no_file_is_named(folder):
    with serving(folder, "--access-log") as (process, url):
        client = Peer(port_of(url))
        client.get("/users/1?token=hunter2")
        client.leave()
        process.terminate()
        out, complaints = process.communicate(timeout=PATIENCE_S)
    assert out == ""
    assert json.loads(complaints)["path"] == "/users/1"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--config", "no.toml"), "cannot read no.toml"),
        (("--config", "bad.toml"), "bad.toml: unknown setting 'prot'; did you mean 'port'?"),
        (("--unix", "a", "--host", "b"), "--host or --unix, not both"),
        (("--unix", "a", "--port", "5"), "a Unix socket has no port: leave --port out"),
        (("--host", "unix:a", "--port", "0"), "a Unix socket has no port: leave --port out"),
        (("--tls", "a", "b", "--self-signed"), "--tls or --self-signed, not both"),
        (("--tls", "a", "b"), "tls: cannot read a"),
        (("--port", "70000"), "65535"),
        (("--host", "/run/x"), "unix:/run/app.sock"),
    ],
)
def test_a_mistake_is_one_line_and_exit_code_2(folder, command, arguments, said):
    (folder / "bad.toml").write_text("prot = 1")
    ended = command("serve", "main:app", *arguments)
    assert ended.returncode == 2
    assert said in ended.stderr and ended.stderr.count("\n") == 1
    assert ended.stdout == ""


@pytest.mark.parametrize("where", ["file", "environment"])
def test_a_port_beside_a_unix_socket_is_refused_wherever_that_was_named(folder, monkeypatch, where):
    (folder / "app.toml").write_text('host = "unix:a.sock"' if where == "file" else "")
    monkeypatch.setenv("ASYNCWEB_HOST", "unix:a.sock" if where == "environment" else "")
    ended = asyncweb("serve", "main:app", "--config", "app.toml", "--port", "0", cwd=folder)
    assert (ended.returncode, ended.stdout) == (2, "")
    said = "unix:a.sock: a Unix socket has no port: leave --port out, or listen at a --host"
    assert ended.stderr == f"asyncweb serve: {said}\n"


@pytest.mark.parametrize(
    ("engine", "mistake", "said"),
    [
        ("async", "{}['DATABASE_URL']", "KeyError: 'DATABASE_URL'"),
        ("threads", "{}['DATABASE_URL']", "KeyError: 'DATABASE_URL'"),
        ("async", "raise ValueError('no\\ndatabase')", "ValueError: no database"),
        ("async", "exit('no database')", "SystemExit: no database"),
    ],
)
def test_a_startup_hook_that_fails_is_told_in_one_line(folder, engine, mistake, said):
    hook = f"@app.on_startup\ndef connect():\n    {mistake}\n"
    (folder / "main.py").write_text(MODULE + hook)
    ended = asyncweb("serve", "main:app", "--engine", engine, cwd=folder)
    assert (ended.returncode, ended.stdout) == (2, "")
    told = f"cannot start main:app: {said}; look at its startup hooks"
    assert ended.stderr == f"asyncweb serve: {told}\n"


WAITS = """
@app.on_startup
def wait():
    import signal
    print("waiting", flush=True)
    signal.pause()
"""


def test_an_end_during_the_start_is_an_end_like_each_other(folder):
    (folder / "main.py").write_text(MODULE + WAITS)
    command = [sys.executable, "-m", "asyncweb", "serve", "main:app", "--engine", "threads"]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "waiting\n"
        process.terminate()
        assert process.wait(PATIENCE_S) == 0


def test_a_mistake_that_only_the_start_finds_is_one_line_too(folder):
    ended = asyncweb("serve", "main:app", "--access-log", "no/such/log", cwd=folder)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert "cannot write the access log" in ended.stderr and ended.stderr.count("\n") == 1


@pytest.mark.usefixtures("folder")
def test_routes_are_a_table(command):
    ended = command("routes", "main:app")
    assert ended.returncode == 0
    for word in ("GET", "/users/{id:int}", "main.user", "POST", "/up", "streams"):
        assert word in ended.stdout


def test_routes_as_json_are_told_and_nothing_else(folder, command):
    ended = command("routes", "main:app", "--json", "-")
    first, *_, second = json.loads(ended.stdout)["routes"]
    assert first == {
        "methods": ["GET"],
        "pattern": "/users/{id:int}",
        "handler": "main.user",
        "place": f"{folder}/main.py:6",
        "async": True,
        "streams_body": False,
    }
    assert (second["pattern"], second["streams_body"]) == ("/up", True)


@pytest.mark.usefixtures("folder")
def test_routes_of_nothing_say_what_is_wrong(command):
    ended = command("routes", "main:ap")
    assert (ended.returncode, ended.stdout) == (2, "")
    assert "it has: app" in ended.stderr


def test_a_client_that_does_not_trust_it_is_refused_by_itself(folder):
    with serving(folder, "--self-signed") as (_, url):
        raw = socket.create_connection(("127.0.0.1", port_of(url)), PATIENCE_S)
        with pytest.raises(ssl.SSLCertVerificationError), raw:
            ssl.create_default_context().wrap_socket(raw, server_hostname="localhost")


def test_a_handler_that_raises_is_told_each_time_with_its_line(peer, monkeypatch):
    monkeypatch.setattr(telling, "LOOK_S", 0.01)
    app, told = App(), io.StringIO()
    server = AsyncServer(app).start()

    @app.get("/fails")
    def fails(ctx):
        return 1 / 0

    teller = threading.Thread(target=Teller(server, told).tell_until_stopped)
    teller.start()
    for _ in range(2):
        assert peer(server).get("/fails").status == 500
    eventually(lambda: "ZeroDivisionError" in told.getvalue())
    server.stop()
    teller.join()
    assert told.getvalue().count("return 1 / 0") == 2


@pytest.mark.parametrize(
    "how", [("--engine", "async"), ("--engine", "threads"), ("--workers", "2")]
)
def test_a_failure_of_the_last_moment_is_told_before_the_end(folder, how):
    with serving(folder, *how) as (process, url):
        client = Peer(port_of(url))
        assert client.get("/fails").status == 500
        process.terminate()
        client.leave()
        _, complaints = process.communicate(timeout=PATIENCE_S)
    assert complaints.count("return 1 / 0") == 1
    assert process.returncode == 0


@pytest.mark.parametrize(
    "workers",
    [
        pytest.param((), id="one process"),
        pytest.param(("--workers", "2"), id="workers", marks=pytest.mark.slow),
    ],
)
@pytest.mark.parametrize("engine", ONE_OF_EACH)
def test_a_failure_while_the_server_drains_is_told_before_the_end(folder, engine, workers):
    with serving(folder, "--engine", engine, *workers) as (process, url):
        client = Peer(port_of(url)).send(b"GET /fails-late HTTP/1.1\r\nHost: t\r\n\r\n")
        process.terminate()
        assert client.answer().status == 500
        client.leave()
        _, complaints = process.communicate(timeout=PATIENCE_S)
    assert complaints.count("LookupError: too late") == 1
