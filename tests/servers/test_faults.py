"""What may go wrong inside a server: nothing of it ends the service, or a thread of it."""

import errno
import resource
import socket
import sys
import threading
import time
from urllib.parse import quote

import psutil
import pytest
from websockets.exceptions import ConnectionClosedError
from websockets.sync.client import connect

from asyncweb import App, AsyncServer, HTTPError, Limits, Response, ThreadServer
from asyncweb.frames import FrameChannel
from asyncweb.servers import aio_client, thread_client, thread_door, threads
from asyncweb.servers.admission import Admission
from asyncweb.servers.observer import Observer
from asyncweb.servers.poller import SelectorPoller
from asyncweb.servers.spelling import DateLine, new_connection
from asyncweb.servers.threads import ThreadEngine
from tests.conftest import PATIENCE_S, Peer, eventually, is_free

ASK = b"GET / HTTP/1.1\r\nHost: t\r\n\r\n"


@pytest.fixture
def app():
    app = App()

    @app.get("/")
    def home(ctx):
        return "hello"

    return app


# ---------------------------------------------------------------------- what cannot be sent

EVIL = "x\r\nevil: 1"


def unchecked(**attributes):
    response = Response("body")
    for name, value in attributes.items():
        setattr(response, name, value)
    return response


def with_cookie(*arguments, **attributes):
    response = Response("body")
    response.set_cookie(*arguments, **attributes)
    return response


def refuse(headers):
    raise HTTPError(400, "no", headers)


FORGERIES = {
    "a header's value": lambda ctx: Response("body", headers={"a": EVIL}),
    "a header's name": lambda ctx: Response("body", headers={EVIL: "a"}),
    "a header set later": lambda ctx: ctx.response.headers.add("a", EVIL),
    "the headers of a tuple": lambda ctx: ("body", 200, {"a": EVIL}),
    "the content type": lambda ctx: Response("body", content_type=EVIL),
    "a reason": lambda ctx: Response("body", reason=EVIL),
    "a reason set later": lambda ctx: unchecked(reason=EVIL),
    "a cookie's name": lambda ctx: with_cookie(EVIL, "a"),
    "a cookie's value": lambda ctx: with_cookie("a", EVIL),
    "a cookie's path": lambda ctx: with_cookie("a", "b", path=EVIL),
    "an error's header": lambda ctx: refuse({"a": EVIL}),
    "an error's header name": lambda ctx: refuse({EVIL: "a"}),
    "a status": lambda ctx: unchecked(status="200 " + EVIL),
    "a status that is none": lambda ctx: unchecked(status=99),
    "no headers at all": lambda ctx: unchecked(headers=None),
    "another kind of headers": lambda ctx: unchecked(headers={"a": EVIL}),
    "a bare CR": lambda ctx: Response("body", headers={"a": "x\revil: 1"}),
    "a bare LF": lambda ctx: Response("body", headers={"a": "x\nevil: 1"}),
    "a zero": lambda ctx: Response("body", headers={"a": "x\0"}),
}


@pytest.mark.parametrize("waits", [False, True], ids=["def", "async def"])
@pytest.mark.parametrize("name", FORGERIES)
def test_what_would_forge_an_answer_is_a_500_without_a_forged_byte(serve, peer, app, name, waits):
    @app.get("/plain")
    def plain(ctx):
        return FORGERIES[name](ctx)

    @app.get("/waiting")
    async def waiting(ctx):
        await ctx.sleep(0)
        return FORGERIES[name](ctx)

    server = serve(app)
    client = peer(server)
    answer = client.get("/waiting" if waits else "/plain")
    assert (answer.status, answer.text) == (500, "Internal Server Error")
    assert not {"evil", "a"} & set(answer.headers)
    assert client.get("/").text == "hello"
    assert len(server.errors) == 1


def test_the_place_of_a_redirect_is_encoded_and_forges_nothing(serve, peer, app):
    app.get("/away")(lambda ctx: Response.redirect(EVIL))
    client = peer(serve(app))
    answer = client.get("/away")
    assert (answer.status, answer.headers["location"]) == (302, quote(EVIL, safe=":"))
    assert not {"evil", "a"} & set(answer.headers)
    assert client.get("/").text == "hello"


def test_an_answer_may_have_a_reason_of_its_own(serve, peer, app):
    app.get("/fine")(lambda ctx: Response("x", 299, reason="Very fine"))
    client = peer(serve(app)).send(b"GET /fine HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n")
    assert client.rest().startswith(b"HTTP/1.1 299 Very fine\r\n")


def test_a_205_has_no_content(serve, peer, app):
    app.get("/reset")(lambda ctx: ("dropped", 205))
    app.get("/reset-stream")(lambda ctx: (iter(["dropped"]), 205))
    client = peer(serve(app))
    for path in ("/reset", "/reset-stream"):
        answer = client.get(path)
        assert (answer.status, answer.headers["content-length"]) == (205, "0")
        assert answer.body == b""
    assert client.get("/").text == "hello"


@pytest.mark.parametrize(
    "request_line", ["HEAD / HTTP/1.1\r\nHost: a\r\nHost: b", "HEAD /%zz HTTP/1.1"]
)
def test_a_refused_head_has_no_content(serve, peer, app, request_line):
    client = peer(serve(app)).send(f"{request_line}\r\n\r\n".encode())
    assert client.answer(has_body=False).status == 400
    client.says_no_more()
    assert client.rest() == b""


# ---------------------------------------------------------------------- when it is raised


def test_an_error_before_and_after_the_answer_has_begun(serve, peer, app):
    @app.get("/before")
    def before(ctx):
        return iter([1 / 0])

    @app.get("/first")
    def first(ctx):
        raise LookupError("first")
        yield

    @app.get("/after")
    def after(ctx):
        yield "all"
        raise LookupError("after")

    server = serve(app)
    assert peer(server).get("/before").status == 500
    for path in ("/first", "/after"):
        with pytest.raises((ConnectionError, ValueError)):
            peer(server).get(path)
    eventually(lambda: len(server.errors) == 3)
    assert [failure.error.split(":")[0] for failure in server.errors] == [
        "ZeroDivisionError", "LookupError", "LookupError",
    ]  # fmt: skip
    assert peer(server).get("/").text == "hello"


def test_an_error_of_our_own_costs_one_conversation_and_no_thread(peer, app):
    class Clumsy(Observer):
        def ended(self, route, status, seconds):
            if status == 200:
                raise LookupError("in the observer")

    for settings in ({}, {"max_threads": 1}):
        observer = Clumsy()
        with ThreadServer(app, observer=observer, **settings) as server:
            for _ in range(3):
                with pytest.raises((ConnectionError, AssertionError)):
                    peer(server).get("/")
            assert peer(server).get("/nowhere").status == 404
            eventually(lambda server=server: server.stats()["connections"] == 1)
            assert [failure.error for failure in server.errors] == [
                "LookupError: in the observer"
            ] * 3


# ---------------------------------------------------------------------- stops


@pytest.mark.parametrize("settings", [{}, {"max_threads": 2, "queue": 1}], ids=["threads", "pool"])
def test_handlers_that_never_end_do_not_hold_up_the_stop(peer, app, settings, monkeypatch):
    monkeypatch.setattr(threads, "JOIN_S", 0.05)
    begun, open_ = threading.Semaphore(0), threading.Event()

    @app.get("/never")
    def never(ctx):
        begun.release()
        open_.wait(60)

    with ThreadServer(app, **settings) as server:
        for _ in range(2):
            peer(server).send(b"GET /never HTTP/1.1\r\nHost: t\r\n\r\n")
            assert begun.acquire(timeout=PATIENCE_S)
        waiting = peer(server).send(ASK)
        if settings:
            eventually(lambda: server._running._pool.queued == 1)
        began = time.monotonic()
        with pytest.warns(RuntimeWarning, match=r"never is in .*test_faults\.py"):
            server.stop(drain_s=0.05)
        assert time.monotonic() - began < 3.0
        open_.set()
        if settings:
            with pytest.raises((ConnectionError, AssertionError)):
                waiting.answer()


# ---------------------------------------------------------------------- without files


class NoFiles(socket.socket):
    """A listener that can accept nobody."""

    def accept(self):
        raise OSError(errno.EMFILE, "too many open files")


def test_a_stop_while_no_client_can_be_accepted_returns(serve, peer, app, monkeypatch):
    def listen(*where):
        made = original(*where)
        return NoFiles(fileno=made.detach())

    from asyncweb.servers import base

    original = base.listen
    monkeypatch.setattr(base, "listen", listen)
    server = serve(app)
    client = peer(server)
    server.stop(drain_s=0.2)
    with pytest.raises(ConnectionError):
        client.rest()


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="limits another process's files")
def test_a_server_without_files_neither_ends_nor_spins_and_serves_again(serve, app):
    server = serve(app, process=True)
    process = psutil.Process(server.pid)
    first = Peer(server.port)
    assert first.get("/").text == "hello"
    first.leave()
    usual = resource.prlimit(server.pid, resource.RLIMIT_NOFILE)
    resource.prlimit(server.pid, resource.RLIMIT_NOFILE, (process.num_fds() + 4, usual[1]))
    clients = [Peer(server.port).send(ASK) for _ in range(30)]
    eventually(lambda: process.num_fds() >= 4)
    assert clients[0].answer().text == "hello"
    before = sum(process.cpu_times()[:2])
    threading.Event().wait(0.5)
    assert sum(process.cpu_times()[:2]) - before < 0.25  # of 0.5 s; one that spins takes them all
    resource.prlimit(server.pid, resource.RLIMIT_NOFILE, usual)
    assert [client.answer().text for client in clients[1:]] == ["hello"] * 29
    for client in clients:
        client.leave()
    assert server.errors == []


# ---------------------------------------------------------------------- the clock on the wall


def test_the_date_follows_a_clock_that_jumps():
    moments = [1000.2, 1000.9, 1001.0, 500.0, 500.5, 90_000.0, 1000.2, 1000.3]
    clock = iter(moments)
    line = DateLine(lambda: next(clock))
    fresh = [DateLine(lambda at=at: at).now() for at in moments]
    assert [line.now() for _ in moments] == fresh
    assert fresh[0] == "Thu, 01 Jan 1970 00:16:40 GMT"


@pytest.mark.parametrize("make", [AsyncServer, ThreadServer])
def test_a_server_whose_clock_jumps_serves_on(make, peer, app):
    with make(app) as server:
        client = peer(server)
        years = [2024, 2030, 1999]
        for year in years:
            moment = time.mktime((year, 6, 1, 0, 0, 0, 0, 0, 0))
            server._running.date = DateLine(lambda moment=moment: moment)
            assert str(year)[:3] in client.get("/").headers["date"]


# ---------------------------------------------------------------------- at the door


def test_a_client_that_cannot_be_let_in_is_closed_and_the_next_one_is_answered(
    serve, app, peer, monkeypatch
):
    failures = [ArithmeticError("on purpose")]

    def fails_once(engine):
        if failures:
            raise failures.pop()
        return new_connection(engine)

    for module in (aio_client, thread_client):
        monkeypatch.setattr(module, "new_connection", fails_once)
    server = serve(app)
    assert peer(server).rest() == b""
    assert peer(server).get().text == "hello"
    (failure,) = server.errors
    assert failure.request == "a client at the door"
    assert failure.error == "ArithmeticError: on purpose"
    eventually(lambda: server.stats()["connections"] == 1)


def test_a_client_whom_nobody_can_count_leaves_nothing_behind(app, peer, monkeypatch):
    def fail(admission, host):
        monkeypatch.undo()
        raise ArithmeticError("on purpose")

    monkeypatch.setattr(Admission, "enter", fail)
    with ThreadServer(app) as server:
        assert peer(server).rest() == b""
        assert peer(server).get().text == "hello"
        assert [failure.error for failure in server.errors] == ["ArithmeticError: on purpose"]


def test_a_look_that_fails_ends_one_client_and_not_the_looks_at_the_others(
    serve, app, peer, monkeypatch, fast_sweeps
):
    def fail(channel, now):
        raise ArithmeticError("on purpose")

    @app.websocket("/ws")
    async def hear(ws):
        async for _ in ws:
            pass

    monkeypatch.setattr(FrameChannel, "look", fail)
    server = serve(app, limits=Limits(idle_s=0.05))
    with connect(f"ws://127.0.0.1:{server.port}/ws") as ws, pytest.raises(ConnectionClosedError):
        ws.recv(PATIENCE_S)
    eventually(lambda: server.errors)
    assert server.errors[0].error == "ArithmeticError: on purpose"
    assert peer(server).get().text == "hello"
    assert peer(server).rest() == b""  # it was idle for too long, which only a look tells
    eventually(lambda: server.stats()["connections"] == 0)


def test_a_client_that_cannot_go_on_is_closed_and_the_next_one_is_answered(
    app, peer, monkeypatch, fast_sweeps
):
    def fail(engine, client):
        monkeypatch.undo()
        raise ArithmeticError("on purpose")

    with ThreadServer(app, max_threads=2) as server:
        stuck = peer(server)
        assert stuck.get().text == "hello"
        monkeypatch.setattr(ThreadEngine, "go_on", fail)
        with pytest.raises(ConnectionResetError):  # what it has asked was not read
            stuck.send(ASK).rest()
        assert peer(server).get().text == "hello"
        assert [failure.error for failure in server.errors] == ["ArithmeticError: on purpose"]


def test_an_error_of_our_own_at_the_door_is_told_and_holds_up_no_stop(app, monkeypatch):
    class Broken(SelectorPoller):
        def wait(self, timeout_s):
            raise ValueError("too many file descriptors in select()")

    monkeypatch.setattr(thread_door, "new_poller", Broken)
    server = ThreadServer(app).start()
    eventually(lambda: server.errors)
    stopping = threading.Thread(target=server.stop, daemon=True)
    stopping.start()
    stopping.join(PATIENCE_S)
    assert not stopping.is_alive() and is_free(server.port)
    (failure,) = server.errors
    assert failure.request == "the door"
    assert failure.error == "ValueError: too many file descriptors in select()"
