"""A process and a URL are looked at from outside, as far as the system lets us."""

import contextlib
import os
import socket
import subprocess
import sys
import threading

import psutil
import pytest

from asyncweb import App
from asyncweb.attach import process_target, url_target
from asyncweb.attach.family import Family
from asyncweb.attach.listening import listener_at
from asyncweb.attach.process_target import ProcessTarget
from asyncweb.attach.url_target import UrlTarget
from asyncweb.errors import ServerError
from asyncweb.metrics.probes import ProcessProbe
from tests.conftest import PATIENCE_S, eventually

ME = os.getpid()
PARENT = """
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "print('here', flush=True); input()"])
child.wait()
"""


@pytest.fixture
def family():
    """A process with a child that waits for a line."""
    command = [sys.executable, "-c", PARENT]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, text=True, **pipes) as process:
        assert process.stdout.readline() == "here\n"
        yield process
        process.kill()


@pytest.fixture
def closed_port():
    """A port that nobody listens at, and nobody else is given."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]


def end(process):
    process.communicate("\n")
    process.wait(PATIENCE_S)


def hello():
    app = App()
    app.get("/")(lambda ctx: "hello")
    return app


# ---------------------------------------------------------------------- processes


def test_a_process_is_measured_with_its_children(family):
    whole = Family(family.pid)
    use = whole.use()
    own, child = whole.each()[family.pid], whole.each()[whole.child_pids()[0]]
    assert len(whole.pids()) == 2 and whole.parent_pid() == ME
    assert use.rss_bytes == own.rss_bytes + child.rss_bytes
    assert use.vms_bytes == own.vms_bytes + child.vms_bytes > 0
    assert use.threads == own.threads + child.threads >= 2


def test_a_process_that_is_not_served_by_us_shows_what_the_system_knows_and_says_so(family):
    target = ProcessTarget(family.pid)
    counts = target.counts()
    assert counts["requests"] is None and counts["in_flight"] is None and counts["connections"] == 0
    assert target.use().rss_bytes > 0 and target.engine == "process"
    assert "is no `asyncweb serve`, and not observed: its requests" in target.note()


def test_a_process_that_has_ended_is_no_more_than_that(family):
    target = ProcessTarget(family.pid)
    end(family)
    assert not target.is_alive and target.use() is None and target.connections() == 0
    with pytest.raises(ServerError, match=f"process {family.pid} has ended"):
        target.counts()


@pytest.mark.parametrize("pid", [2**22 + 1, 2**31, 2**70])
def test_a_process_that_is_none_is_told_with_the_way_out(pid):
    with pytest.raises(ServerError, match=f"there is no process {pid}; `ps aux` lists"):
        ProcessTarget(pid)


def test_a_process_of_another_user_that_shows_nothing_is_refused_by_its_owner(monkeypatch, family):
    monkeypatch.setattr(ProcessProbe, "sample", lambda self: None)
    monkeypatch.setattr(psutil.Process, "username", lambda self: f"user {self.pid == ME}")
    with pytest.raises(ServerError, match=f"process {family.pid} of user False shows nothing"):
        ProcessTarget(family.pid)


def test_of_a_process_of_another_user_is_shown_what_may_be_seen(monkeypatch, family):
    def refuse(*_):
        raise psutil.AccessDenied(family.pid)

    monkeypatch.setattr(psutil.Process, "net_connections", refuse)
    monkeypatch.setattr(psutil.Process, "memory_full_info", refuse)
    monkeypatch.setattr(psutil.Process, "username", lambda self: f"user {self.pid == ME}")
    target = ProcessTarget(family.pid)
    assert target.use().rss_bytes and target.use().uss_bytes is None
    assert target.counts()["connections"] is None
    assert "is a process of user False: its requests and its loop cannot be seen" in target.note()


def test_a_process_with_a_door_tells_its_own_figures(door):
    door(lambda: {"name": "fast", "engine": "async", "url": "http://here", "requests": 7})
    target = ProcessTarget(ME)
    assert (target.name, target.engine, target.url) == (f"fast {ME}", "async", "http://here")
    assert target.counts()["requests"] == 7 and target.has_door


@pytest.fixture
def answers(monkeypatch, door):
    """Set: this process tells what it counts; else it hangs."""
    monkeypatch.setattr(process_target, "LOOK_PATIENCE_S", 0.05)
    answers = threading.Event()

    def tell():
        assert answers.wait(PATIENCE_S)
        return {"requests": 7}

    door(tell)
    yield answers
    answers.set()


def test_a_process_that_hangs_is_told_to_be_just_that_until_it_answers_again(answers):
    def requests():
        with contextlib.suppress(ServerError):
            return target.counts()["requests"]

    answers.set()
    target = ProcessTarget(ME)
    answers.clear()
    with pytest.raises(ServerError) as caught:
        target.counts()
    assert str(caught.value).startswith(f"process {ME} does not answer: nothing within 0.05 s; ")
    assert target.note() == str(caught.value)
    answers.set()
    eventually(lambda: requests() == 7)
    assert "does not answer" not in target.note()


def test_a_process_that_hangs_from_the_first_look_on_shows_what_the_system_knows(
    answers, monkeypatch
):
    monkeypatch.setattr(process_target, "PATIENCE_S", 0.05)
    target = ProcessTarget(ME)
    assert target.counts()["requests"] is None and target.use().rss_bytes > 0
    assert target.note().startswith(f"process {ME} does not answer: ")


def test_a_worker_is_told_of_by_its_parent(door, family):
    told = {"requests": 3, "statuses": {200: 3}, "connections": 1, "in_flight": 0}
    door(lambda: {"engine": "async", "url": "http://here", "each": {family.pid: told}})
    target = ProcessTarget(family.pid)
    assert target.name == f"worker {family.pid}" and target.engine == "async"
    assert target.counts()["statuses"] == {200: 3}


def test_a_process_without_a_door_is_told_of_by_children_that_serve_together(monkeypatch, door):
    door(lambda: {"name": "seen", "engine": "async", "url": "http://here", "requests": 7})
    monkeypatch.setattr(Family, "child_pids", lambda self: [ME, ME])
    target = ProcessTarget(os.getppid())
    assert target.counts()["requests"] == 14 and target.name.startswith("seen ")


def test_children_that_serve_at_different_places_are_no_server(monkeypatch, family):
    tell = {1: {"url": ""}, 2: {"url": "http://one"}, 3: {"url": "http://other"}}
    monkeypatch.setattr(process_target, "ask", lambda pid, patience_s: tell.get(pid))
    monkeypatch.setattr(Family, "child_pids", lambda self: list(tell))
    assert not ProcessTarget(family.pid).has_door
    del tell[3]
    assert ProcessTarget(family.pid).url == "http://one"


# ---------------------------------------------------------------------- URLs


@pytest.fixture
def probing(monkeypatch):
    monkeypatch.setattr(url_target, "EVERY_S", 0.005)
    started = []

    def start(url, **more):
        started.append(UrlTarget(url, **more))
        started[-1].start()
        return started[-1]

    yield start
    for one in started:
        one.close()


def test_a_url_is_asked_again_and_again_and_its_process_is_found(serve, probing):
    server = serve(hello())
    target = probing(f"{server.url}/?q=1")
    eventually(lambda: target.counts()["statuses"].get(200, 0) >= 3)
    counts = target.counts()
    assert counts["requests"] is None and counts["errors"] == {}
    assert counts["routes"]["/?q=1"].percentile(0.99) > 0
    assert target.process.pid == ME and target.use().threads > 1
    assert "latency: of a probe from here, GET /?q=1" in target.note()


def test_a_url_is_asked_as_a_browser_spells_it(serve):
    app = App()
    app.get("/café")(lambda ctx: "hello" if ctx.query == {"q": "é", "r": "/"} else ("what?", 400))
    target = UrlTarget(f"{serve(app).url}/café?q=é&r=%2F")
    assert target.counts()["statuses"] == {200: 1}
    target.close()


def test_a_server_that_stops_and_comes_back_is_asked_on(serve, probing):
    server = serve(hello())
    target = probing(server.url)
    port = server.port
    server.stop()
    eventually(lambda: target.counts()["errors"].get("connection refused"))
    before = target.counts()["statuses"][200]
    assert serve(hello(), port=port).port == port
    eventually(lambda: target.counts()["statuses"][200] > before)


def test_an_answer_without_end_is_read_to_a_bound(serve, monkeypatch):
    app = App()

    @app.get("/")
    def endless(ctx):
        while True:
            yield "x" * 10_000

    monkeypatch.setattr(url_target, "MOST_BYTES", 20_000)
    target = UrlTarget(serve(app).url)
    assert target.counts()["statuses"] == {200: 1}
    target.close()


def test_a_url_that_nobody_listens_at_is_told_with_the_way_out(closed_port):
    with pytest.raises(ServerError, match="does not answer: connection refused; start the server"):
        UrlTarget(f"http://127.0.0.1:{closed_port}/")


def test_who_speaks_no_http_is_no_server(closed_port):
    def talk():
        client, _ = listener.accept()
        with client:
            client.recv(1000)
            client.sendall(b"220 mail\r\n")

    with socket.create_server(("127.0.0.1", 0)) as listener:
        talker = threading.Thread(target=talk)
        talker.start()
        with pytest.raises(ServerError, match="does not answer: 220 mail"):
            UrlTarget(f"http://127.0.0.1:{listener.getsockname()[1]}/")
        talker.join()


@pytest.mark.parametrize("url", ["ftp://here/", "http:///path", "ws://here/"])
def test_a_url_of_another_kind_is_refused(url):
    with pytest.raises(ValueError, match=r"expected http://HOST\[:PORT\]/"):
        UrlTarget(url)


def test_who_listens_elsewhere_or_is_hidden_is_nobody(monkeypatch, closed_port):
    assert listener_at("192.0.2.1", 80) is None
    assert listener_at("no.such.host.invalid", 80) is None
    assert listener_at("127.0.0.1", closed_port) is None

    def refuse(*_):
        raise psutil.AccessDenied

    monkeypatch.setattr(psutil, "net_connections", refuse)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        assert listener_at("127.0.0.1", listener.getsockname()[1]) is None
