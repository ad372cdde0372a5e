"""`asyncweb top`, as people run it."""

import os
import signal
import subprocess
import sys

import pytest

from asyncweb import App, AsyncServer
from asyncweb.dashboard import top
from asyncweb.errors import ServerError
from tests.attach.conftest import runtime as runtime
from tests.commands import command as command
from tests.conftest import PATIENCE_S, Peer
from tests.test_cli_serve import folder, port_of, serving  # noqa: F401  (a fixture)

pytestmark = pytest.mark.usefixtures("runtime")


def ask_once(url):
    client = Peer(port_of(url))
    client.get("/users/1")
    client.leave()


class Screen:
    """Calls `then` with each frame."""

    def __init__(self, then=lambda frame: None):
        self.frames, self.then = [], then

    def update(self, frame):
        self.frames.append(frame)
        self.then(frame)

    def close(self):
        pass

    @property
    def now(self):
        return self.frames[-1].tracks[0].now


def test_a_server_that_was_not_started_for_it_is_shown_with_all_its_figures(folder):  # noqa: F811
    with serving(folder, "--workers", "2") as (process, url):
        client = Peer(port_of(url))
        client.get("/users/1")
        client.get("/fails")
        target = top.find_target(str(process.pid))
        screen = Screen()
        assert top.watch([target], screen, duration_s=0.3) == []
        now = screen.now
        assert now.requests == 2 and now.errors == {"5xx": 1} and now.connections == 1
        assert now.latency_s["p99"] > 0 and now.loop_lag_s is not None
        assert now.rss_bytes > 0 and now.threads >= 3 and now.cpu_percent is not None
        assert screen.frames[-1].title == url
        worker = top.find_target(str(max(target.counts()["each"])))
        assert worker.name.startswith("worker ") and worker.counts()["requests"] in (0, 2)
        assert str(worker.pid) in target.note()
        client.leave()


def test_a_process_that_ends_leaves_its_last_frame_and_is_told(folder):  # noqa: F811
    with serving(folder) as (process, url):
        ask_once(url)
        screen = Screen(then=lambda frame: frame.tracks[0].now.requests and process.kill())
        target = top.find_target(str(process.pid))
        ended = top.watch([target], screen)
    assert ended == [f"process {process.pid} has ended"]
    assert screen.now.requests == 1


def test_the_command_shows_plain_lines_and_ends_well_on_ctrl_c(folder):  # noqa: F811
    with serving(folder) as (process, url):
        ask_once(url)
        command = [sys.executable, "-m", "asyncweb", "top", str(process.pid), url]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        with subprocess.Popen(command, cwd=folder, text=True, **pipes) as looking:
            title = looking.stderr.readline()
            looking.send_signal(signal.SIGINT)
            out, said = looking.communicate(timeout=PATIENCE_S)
    assert url in title and "Traceback" not in said
    assert (out, looking.returncode) == ("", 0)


def test_what_stands_at_one_place_is_told_apart():
    with AsyncServer(App()) as server:
        places = [f"{server.url}/fast", f"{server.url}/slow?by=1", server.url, f"{server.url}/"]
        targets = [*map(top.find_target, places), *map(top.find_target, 2 * [str(os.getpid())])]
        screen = Screen()
        assert top.watch(targets, screen, duration_s=0) == []
    assert [track.name for track in screen.frames[-1].tracks] == [
        f"127.0.0.1:{server.port}/fast",
        f"127.0.0.1:{server.port}/slow?by=1",
        f"127.0.0.1:{server.port}",
        f"127.0.0.1:{server.port} (2)",
        f"process {os.getpid()}",
        f"process {os.getpid()} (2)",
    ]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["4194305"], "there is no process 4194305"),
        (["http://127.0.0.1:1/"], "does not answer: connection refused"),
        (["somewhere"], "'somewhere' is no process id and no URL, e.g. 4711 or http://HOST:PORT/"),
        (["http://127.0.0.1:1/", "--duration", "nan"], "'nan' is no duration: expected e.g. 250ms"),
        (["http://127.0.0.1:1/", "--duration", "-1"], "'-1' is no duration"),
        ([], "give a process id or a URL; none of ours runs here"),
    ],
)
def test_a_mistake_is_one_line_and_exit_code_2(command, words, said):
    mistake = command("top", *words)
    assert mistake.returncode == 2 and said in mistake.stderr
    assert mistake.stderr.startswith("asyncweb top: ") and mistake.stderr.count("\n") == 1


def test_who_names_nothing_is_told_what_runs(folder, monkeypatch):  # noqa: F811
    with serving(folder) as (process, url):
        assert top.known() == f"running here: {process.pid} ({url})"
        process.kill()
        process.wait(PATIENCE_S)
        assert top.known() == "none of ours runs here"
        assert top.place.pids() == []


def test_a_server_that_is_ending_is_left_out_of_what_runs(monkeypatch):
    def ask(pid):
        raise ServerError("it is ending")

    monkeypatch.setattr(top, "ask", ask)
    monkeypatch.setattr(top.place, "pids", lambda: [os.getpid()])
    assert top.known() == "none of ours runs here"
