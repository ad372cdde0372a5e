"""The command line: as a process of its own where that matters, else in this one."""

import contextlib
import json
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from asyncweb import App, AsyncServer, dashboard
from tests.commands import asyncweb
from tests.commands import command as command
from tests.conftest import ONE_OF_EACH, PATIENCE_S, Peer

ENTRY = {"engine", "requests", "errors", "throughput_rps", "latency_s", "rss_bytes", "uss_bytes",
         "bytes_per_connection", "threads_peak", "loop_lag_s"}  # fmt: skip
MODULE = """
import threading
from asyncweb import App
app = App()
inside = threading.Event()

@app.get("/")
def home(ctx):
    return "Hello World"

@app.get("/slow")
async def slow(ctx):
    await ctx.sleep(0.3)
    return "done"
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "main.py").write_text(MODULE)
    return tmp_path


@contextmanager
def serving(folder, *arguments):
    command = [sys.executable, "-m", "asyncweb", "serve", "main:app", *arguments]
    with subprocess.Popen(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            line = process.stdout.readline()
            assert line.startswith("listening on http://127.0.0.1:"), line + process.stderr.read()
            process.port = int(line.rpartition(":")[2])
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("engine", ONE_OF_EACH)
def test_serve_says_where_drains_at_a_signal_and_exits_0(folder, engine, number):
    with serving(folder, "--engine", engine) as process:
        client = Peer(process.port)
        assert client.get().text == "Hello World"
        client.send(b"GET /slow HTTP/1.1\r\nHost: t\r\n\r\n")
        process.send_signal(number)
        assert client.answer().text == "done"
        client.leave()
        rest, complaints = process.communicate(timeout=PATIENCE_S)
        assert (process.returncode, rest, complaints) == (0, "", "")


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("nothing", "'nothing' names no app; expected module:name, e.g. main:app"),
        ("main.py:app", "'main.py:app' names a file; write main:app"),
        ("nowhere:app", "no module 'nowhere' here"),
        ("main:ap", "'ap' is no App in module 'main'; it has: app"),
        ("json:app", "it has no App at all"),
        ("re:compile", "'compile' is no App in module 're', and no ASGI or WSGI app"),
        ("main:home", "'home' is no App in module 'main', and no ASGI or WSGI app"),
        ("main:slow", "'slow' is no App in module 'main', and no ASGI or WSGI app"),
        ("main:threading", "'threading' is no App in module 'main', and no ASGI or WSGI app"),
    ],
)
@pytest.mark.usefixtures("folder")
def test_serve_says_in_one_line_what_is_wrong(command, where, said):
    ended = command("serve", where)
    assert ended.returncode == 2
    assert said in ended.stderr and ended.stderr.count("\n") == 1
    assert ended.stdout == ""


def test_a_module_that_fails_is_told_in_one_line_with_the_place(folder, command):
    (folder / "broken.py").write_text("\n1 / 0")
    ended = command("serve", "broken:app")
    assert (ended.returncode, ended.stdout) == (2, "")
    why = "broken cannot be imported: broken.py:2: ZeroDivisionError: division by zero"
    assert ended.stderr == f"asyncweb serve: {why}\n"


def test_a_held_port_is_told_in_one_line(folder):
    with AsyncServer(App()) as holder:
        ended = asyncweb("serve", "main:app", "--port", str(holder.port), cwd=folder)
    assert ended.returncode == 2
    assert f"port {holder.port}" in ended.stderr and "port=0" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_load_writes_its_server_and_all_that_was_found_and_nothing_else_there():
    app = App()
    app.get("/")(lambda ctx: "Hello World")
    with AsyncServer(app) as server:
        ended = asyncweb(
            "load", server.url, "--connections", "5", "--duration", "0.5", "--json", "-"
        )
    found = json.loads(ended.stdout)
    assert ended.returncode == 0
    assert "in flight" not in ended.stderr, "who wants JSON sees no live view"
    assert found.keys() > ENTRY | {"target", "limited_by", "percentiles", "service_s", "seconds"}
    assert found["target"].startswith(server.url)
    assert found["requests"] > 0 and found["errors"] == {}
    assert 0 < found["latency_s"]["p50"] <= found["latency_s"]["p99"] <= found["latency_s"]["max"]


def test_the_result_goes_to_standard_output_and_the_live_view_does_not(command):
    app = App()
    app.get("/")(lambda ctx: "Hello World")
    with AsyncServer(app) as server:
        ended = command("load", server.url, "--connections", "2", "--duration", "0.5")
    assert "What limited" in ended.stdout and "/s with 2 connections" in ended.stdout
    assert ended.stderr.startswith("GET /, 2 connections\n") and "What" not in ended.stderr


def test_race_compares_urls_and_writes_a_file(command, tmp_path):
    app = App()
    app.get("/")(lambda ctx: "Hello World")
    with AsyncServer(app) as one, AsyncServer(app) as other:
        urls = (one.url + "/", other.url + "/")
        file = str(tmp_path / "found.json")
        options = ("--connections", "5", "--duration", "0.4", "--json", file)
        ended = command("race", *urls, *options)
    assert ended.returncode == 0
    found = json.loads((tmp_path / "found.json").read_text())
    assert [server["name"] for server in found["servers"]] == list(urls)
    assert found["verdict"] in " ".join(ended.stdout.split())


def test_a_url_that_is_given_twice_runs_against_itself(command, loaded, tmp_path):
    url, file = f"{loaded.url}/", tmp_path / "found.json"
    ended = command("race", url, url, *QUICK, "--json", str(file))
    assert ended.returncode == 0, ended.stderr
    found = json.loads(file.read_text())["servers"]
    assert [server["name"] for server in found] == [url, f"{url} (2)"]
    assert [server["target"] for server in found] == [url, url]
    assert all(server["requests"] for server in found)


def test_demo_writes_what_others_read(command):
    options = ("--duration", "6", "--connections", "20", "--wait-ms", "5", "--json", "-")
    ended = command("demo", *options)
    assert ended.returncode == 0, ended.stderr
    found = json.loads(ended.stdout)
    assert found.keys() == {"scenario", "servers", "steps", "limited_by", "verdict"}
    assert [step["connections"] for step in found["steps"]] == [20]
    assert found["servers"] == found["steps"][-1]["servers"]
    fast, slow = found["servers"]
    assert fast.keys() == slow.keys() == ENTRY
    assert (fast["engine"], slow["engine"]) == ("async", "threads")
    assert fast["loop_lag_s"].keys() == {"p99"} and slow["loop_lag_s"] is None
    assert slow["threads_peak"] >= 20 > fast["threads_peak"]
    assert min(fast["latency_s"]["p50"], slow["latency_s"]["p50"]) >= 0.005
    assert "With 20 connections" in " ".join(ended.stderr.split())


def test_a_load_is_recorded_and_replayed_with_what_it_found(loaded, tmp_path):
    file = str(tmp_path / "run.ndjson")
    ended = asyncweb("load", f"{loaded.url}/", "--duration", "0.5", "--record", file)
    assert ended.returncode == 0, ended.stderr
    again = asyncweb("replay", file, "--speed", "100", "--json", str(tmp_path / "again.json"))
    assert again.returncode == 0
    assert again.stderr.splitlines() == ended.stderr.splitlines()[: again.stderr.count("\n")]
    found = json.loads((tmp_path / "again.json").read_text())
    assert found["is_whole"] and found["found"]["requests"] > 0
    assert again.stdout.split()[:9] == ended.stdout.split()[:9]


def test_the_demo_of_the_package_is_replayed_as_json_and_nothing_else():
    ended = asyncweb("replay", "demo", "--json", "-")
    assert (ended.returncode, ended.stderr) == (0, "")
    found = json.loads(ended.stdout)
    assert [server["name"] for server in found["servers"]] == ["async", "threads"]
    assert found["found"]["steps"][-1]["connections"] == 1000
    assert asyncweb("replay", "--list").stdout.split() == ["demo"]


def test_a_recording_that_was_cut_is_replayed_and_told_in_a_line(tmp_path):
    whole = (Path(dashboard.__file__).parents[1] / "recordings" / "demo.ndjson").read_bytes()
    file = tmp_path / "cut.ndjson"
    file.write_bytes(whole[: len(whole) // 2])
    ended = asyncweb("replay", str(file), "--json", "-")
    assert ended.returncode == 0
    assert json.loads(ended.stdout)["moments"] > 10
    assert ended.stderr.startswith(f"asyncweb replay: {file} was cut ")


def test_ctrl_c_ends_a_replay_without_a_traceback():
    command = [sys.executable, "-m", "asyncweb", "replay", "demo"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        process.stderr.readline()
        process.send_signal(signal.SIGINT)
        out, complaints = process.communicate(timeout=30)
    assert (process.returncode, out) == (130, "")
    assert "Traceback" not in complaints


@pytest.mark.slow
def test_the_demo_keeps_the_partial_result_at_ctrl_c():
    command = [sys.executable, "-m", "asyncweb", "demo", "--json", "-"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        for line in process.stderr:
            if "p50" in line:
                break
        process.send_signal(signal.SIGINT)
        out, complaints = process.communicate(timeout=30)
    assert process.returncode == 130
    assert json.loads(out)["servers"]
    assert "Traceback" not in complaints


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("load", "ftp://x"), "expected http://host:port/path"),
        (("load", "127.0.0.1:1/x"), "has no scheme: expected http://127.0.0.1:1/x"),
        (("load", "localhost:1"), "has no scheme: expected http://localhost:1"),
        (("load", "http://127.0.0.1:1", "--connections", "0"), "connections=0"),
        (("race", "http://127.0.0.1:1"), "a race is between two URLs or more"),
        (("demo", "--record", "/no/x.ndjson"), "cannot record to /no/x.ndjson: No such file"),
        (("replay",), "nothing to replay: give a file, or one of the package: demo"),
        (("replay", "--list", "--json", "-"), "--json does not go with --list, which only says"),
        (("replay", "demo", "--list"), "FILE does not go with --list"),
        (("replay", "nothing"), "no recording 'nothing': no such file"),
        (("replay", "demo", "--speed", "0"), "speed 0: expected a number above 0"),
        (("replay", __file__), "is no recording of asyncweb"),
        (("demo", "--duration", "-1"), "'-1' is no duration: expected e.g. 250ms, 10s or 2m"),
        (("demo", "--duration", "7.9s"), "a demo of 7.9 s: expected 8 s or more"),
        (
            ("demo", "--duration", "1", "--connections", "5"),
            "expected 6 s or more, so that 4 turns",
        ),
        (("demo", "--json", "/no/x.json"), "cannot write /no/x.json: No such file or directory"),
        (("load", "http://127.0.0.1:1", "--json", "/"), "cannot write /: Is a directory; name a"),
        (("notebooks", __file__, "--no-open"), f"notebooks to {__file__}: it is a file; name a"),
        (("notebooks", f"{__file__}/x", "--no-open"), "x: Not a directory; name a folder"),
    ],
)
def test_a_mistake_is_one_line_and_exit_code_2(command, arguments, said):
    ended = command(*arguments)
    assert ended.returncode == 2
    assert said in ended.stderr and ended.stderr.count("\n") == 1
    assert "Errno" not in ended.stderr


@pytest.mark.parametrize("word", ["load", "race"])
def test_a_load_on_nobody_ends_at_once_with_the_way_out(command, word):
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # and does not listen
        where = f"127.0.0.1:{nobody.getsockname()[1]}"
        urls = [f"http://{where}/"] * (1 if word == "load" else 2)
        began = time.monotonic()
        ended = command(word, *urls)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith(f"asyncweb {word}: nobody listens at {where} ")
    assert "asyncweb serve module:app" in ended.stderr and ended.stderr.count("\n") == 1
    assert time.monotonic() - began < 5  # and not the ten seconds of a load


@pytest.mark.parametrize("files", [{}, {"out.json": "mine"}], ids=["no file", "a file"])
def test_a_command_that_comes_to_nothing_leaves_files_as_they_were(command, tmp_path, files):
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    written = ("--json", "out.json", "--out", "out.csv", "--record", "run.ndjson")
    assert command("load", "http://127.0.0.1:1/", *written).returncode == 2
    assert {file.name: file.read_text() for file in tmp_path.iterdir()} == files


@pytest.fixture
def hangs_up():
    """A URL where every connection is accepted and closed at once."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def accept():
            with contextlib.suppress(OSError):
                while True:
                    listener.accept()[0].close()

        threading.Thread(target=accept, daemon=True).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/x"


@pytest.mark.parametrize("word", ["load", pytest.param("race", marks=pytest.mark.slow)])
def test_a_script_sees_that_nothing_at_all_was_answered(command, word, hangs_up):
    app = App()
    app.get("/")(lambda ctx: "Hello World")
    with AsyncServer(app) as server:
        others = [server.url] if word == "race" else []
        ended = command(word, hangs_up, *others, "--connections", "2", "--duration", "0.2")
    *_, last = ended.stderr.splitlines()
    assert ended.returncode == 1
    assert last.startswith(f"asyncweb {word}: {hangs_up} answered nothing (reset ")
    assert last.endswith(f"look there, or try: curl -v {hangs_up}")
    assert "Traceback" not in ended.stderr


def test_notebooks_are_copied_once_and_never_overwritten(command, tmp_path):
    folder = tmp_path / "course"
    first = command("notebooks", str(folder), "--no-open")
    assert "00_two_servers_in_one_cell.ipynb" in first.stdout
    notebook = folder / "00_two_servers_in_one_cell.ipynb"
    notebook.write_text("mine")
    again = command("notebooks", str(folder), "--no-open")
    assert again.returncode == 0
    assert f"kept {notebook}, which was there already\n" in again.stdout
    assert all(line.startswith("kept ") for line in again.stdout.splitlines())
    assert notebook.read_text() == "mine"


class Jupyter:
    """Stands in for its process: it ends with 7, after so many Ctrl-C, unless it is killed."""

    def __init__(self, presses):
        self.presses, self.end = presses, 7

    def wait(self):
        if self.presses:
            self.presses -= 1
            raise KeyboardInterrupt
        return self.end

    def kill(self):
        self.presses, self.end = 0, -9


@pytest.fixture
def opened(command, tmp_path, monkeypatch):
    """Runs `asyncweb notebooks` with a Jupyter that somebody ends by so many Ctrl-C."""
    (tmp_path / "notebook.py").touch()
    monkeypatch.syspath_prepend(tmp_path)

    def open_and_press(presses):
        monkeypatch.setattr(subprocess, "Popen", lambda words: Jupyter(presses))
        return command("notebooks", "course")

    return open_and_press


def test_ctrl_c_at_the_notebooks_is_jupyters_to_answer(opened):
    assert opened(2).returncode == 7


def test_a_jupyter_that_hangs_is_killed_by_who_insists(opened):
    assert opened(100).returncode == -9


def test_ctrl_c_now_and_then_kills_no_jupyter(opened, monkeypatch):
    monkeypatch.setattr("asyncweb.lab.notebooks.WITHIN_S", 0)
    assert opened(100).returncode == 7


# ------------------------------------------------------------------ load, in all its ways


@pytest.fixture
def loaded():
    """A server that keeps what it was asked."""
    app, seen = App(), []

    @app.route("/{rest:path}", methods=["GET", "POST"])
    def note(ctx):
        seen.append((ctx.method, ctx.path, ctx.headers.get("x-kind"), ctx.body))
        return "", 503 if ctx.path == "/broken" else 200

    with AsyncServer(app) as server:
        server.seen = seen
        yield server


QUICK = ("--duration", "200ms", "--connections", "2")


def test_a_load_keeps_a_rate_and_tells_both_latencies(command, loaded, tmp_path):
    file = tmp_path / "found.json"
    rate = ("--rate", "stages:100x0.2s,300x0.3s", "--random", "--seed", "3")
    done = command(
        "load", f"{loaded.url}/x", *QUICK[2:], *rate, "--processes", "2", "--json", str(file)
    )
    found = json.loads(file.read_text())
    assert done.returncode == 0, done.stderr
    assert found["schedule"] == "100 requests/s for 0.2 s, then to 300 in 0.3 s, at random"
    assert 50 < found["requests"] < 120
    assert found["latency_s"]["max"] >= found["service_s"]["max"] > 0
    assert found["slip_s"]["p99"] is not None and found["dropped"] == 0


def test_a_load_asks_what_it_is_told_to(command, loaded):
    flags = ("--ask", "3 GET /a{{n}}", "--ask", "POST /b", "--requests", "40", *QUICK[2:])
    assert command("load", loaded.url, *flags).returncode == 0
    asked = [(method, path) for method, path, _, _ in loaded.seen[1:]]
    assert ("POST", "/b") in asked and len({path for _, path in asked}) > 20


def test_a_load_sends_headers_and_a_body(command, loaded, tmp_path):
    (tmp_path / "body").write_bytes(b"tea")
    headers = ("--header", "X-Kind: some", "--header", "x-kind: more")
    flags = ("--method", "POST", *headers, "--body", f"@{tmp_path}/body")
    assert command("load", f"{loaded.url}/x", *flags, *QUICK).returncode == 0
    assert ("POST", "/x", "some, more", b"tea") in loaded.seen


def test_a_load_speaks_websocket(command):
    app, heard = App(), []

    @app.websocket("/")
    async def echo(ws):
        async for message in ws:
            heard.append(message)
            await ws.send(message)

    with AsyncServer(app) as server:
        url = server.url.replace("http://", "ws://")
        done = command("load", url, "--message", "hi {{n}}", "--requests", "9", *QUICK[2:])
    assert done.returncode == 0, done.stderr
    assert len(set(heard)) >= 9 and all(message.startswith("hi ") for message in heard)


@pytest.mark.parametrize(
    ("path", "what", "code"), [("/x", "errors > 0", 0), ("/broken", "errors > 50%", 1)]
)
def test_a_load_fails_when_its_thresholds_do(command, loaded, tmp_path, path, what, code):
    out = tmp_path / "found.csv"
    done = command(
        "load", loaded.url + path, *QUICK, "--fail-if", what, "--out", str(out), "--json", "-"
    )
    assert done.returncode == code
    assert json.loads(done.stdout)["failed"] == [what] * code
    assert (f"failed: {what}" in done.stderr) is bool(code)
    assert out.read_text().startswith("at_s,requests,errors,p50_s,p99_s,max_s\n")


@pytest.mark.parametrize(
    ("flags", "told"),
    [
        (("--rate", "fast"), "'fast' is no rate: expected e.g. 500"),
        (("--random",), "--random is a way to keep a --rate"),
        (("--fail-if", "slow"), "'slow' is no threshold"),
        (("--ask", "nothing"), "'nothing' is no request"),
        (("--header", "x"), "'x' is no header field"),
        (("--warm-up", "soon"), "'soon' is no duration"),
        (("--warm-up", "9s"), "expected less than the duration"),
        (("--out", "found.txt"), "found.txt: expected a name that ends in .json, .ndjson"),
        (("--out", "/nowhere/found.csv"), "--out: cannot write /nowhere/found.csv"),
        (("--key", "me.key"), "--key belongs to a certificate: give --cert too"),
        (("--ca", "/nowhere/root.pem"), "only https:// and wss:// show one: leave them out"),
        (("--insecure",), "only https:// and wss:// show one: leave them out"),
        (("--cert", "me.pem"), "asks nobody for a certificate: expected https:// or wss://"),
        (("--answer", "hi"), "message and answer are for ws:// and wss://"),
        (("--processes", "0"), "processes=0: expected a whole number, 1 or more"),
        (("--processes", "9"), "connections=2 cannot be shared by 9 processes"),
        (("--pipelined", "2", "--think", "1s"), "goes with neither arrivals nor think_s"),
        (("--workers", "2"), "--workers is for the master of many machines"),
        (("--engine", "locust://127.0.0.1", "boss"), "boss: expected master or worker"),
        (("--engine", "127.0.0.1:5557", "master"), "is no engine: expected locust://HOST:PORT"),
        (("--engine", "locust://127.0.0.1", "master", "--rate", "9"), "--rate is for those who"),
        (("--engine", "locust://127.0.0.1", "master", "--answer", "A"), "--answer is for those"),
        (("--engine", "locust://127.0.0.1", "master", "--cert", "C"), "--cert is for those who"),
        (("--engine", "locust://127.0.0.1", "master", "--key", "K"), "--key is for those who"),
        (("--engine", "locust://127.0.0.1", "master", "--big"), "many machines show nothing"),
        (("--engine", "locust://127.0.0.1", "worker"), "--connections is not for a worker"),
    ],
)
def test_a_mistake_in_a_load_is_told_in_a_line_and_nothing_is_asked(command, loaded, flags, told):
    done = command("load", loaded.url, *QUICK, *flags)
    assert (done.returncode, done.stdout) == (2, "")
    assert told in done.stderr and done.stderr.count("\n") == 1
    assert loaded.seen == []


def test_a_load_of_nothing_is_told_in_a_line(command):
    done = command("load")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "nothing to load: give a URL" in done.stderr


@pytest.mark.slow
def test_a_race_first_asks_what_is_expected_and_tells_what_became_of_it(command, loaded):
    urls = (f"{loaded.url}/a", f"{loaded.url}/b")
    done = command(
        "race", *urls, *QUICK, "--predict", "--processes", "2", types="nobody\n2\nmany\n3\n"
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("Which will answer the most") == 2
    assert f"You expected {loaded.url}/b to answer 3.0 times as much" in done.stderr


def test_a_race_that_nobody_predicts_is_not_run(command, loaded):
    done = command("race", f"{loaded.url}/a", f"{loaded.url}/b", *QUICK, "--predict")
    assert (done.returncode, loaded.seen) == (2, [])
    assert "nobody answered: leave it out" in done.stderr


@pytest.mark.slow
def test_a_load_says_how_much_of_its_own_ceiling_it_has_used(loaded, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    before = asyncweb("load", loaded.url, *QUICK)
    assert "of that" not in before.stderr
    asked = ("--calibrate", "--rate", "100", "--json", "-")
    done = asyncweb("load", loaded.url, *QUICK, *asked)
    assert "requests/s on this machine; this run used" in done.stderr
    assert json.loads(done.stdout)["ceiling_rps"] > 1000
    again = asyncweb("load", loaded.url, *QUICK)
    assert "requests/s on this machine" in again.stderr, "it is kept"
    (kept,) = tmp_path.rglob("ceiling.json")
    kept.write_text("no JSON")
    assert "of that" not in asyncweb("load", loaded.url, *QUICK).stderr
