"""The hooks at the door: who may come in, and what is answered to bytes that are no request."""

import asyncio
import socket
import threading

import pytest

from asyncweb import App, HTTPError, Limits, Response
from tests.conftest import PATIENCE_S, THREADED, eventually

BAD = b"NONSENSE\r\n\r\n"


@pytest.fixture
def app():
    app = App()

    @app.get("/")
    def home(ctx):
        return "hello"

    return app


# ---------------------------------------------------------------------- on_connect


def test_the_hook_is_called_once_with_the_clients_address_before_any_request(serve, peer, app):
    connected = []
    app.on_connect(connected.append)
    client = peer(serve(app))
    eventually(lambda: connected == [client.socket.getsockname()])
    assert client.get().text == "hello"
    assert client.get().text == "hello"
    assert connected == [client.socket.getsockname()]


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="no Unix sockets here")
def test_a_client_of_a_unix_socket_has_no_address(serve, caller, app, tmp_path):
    from tests.callers import call_unix

    connected = []
    app.on_connect(connected.append)
    serve(app, host=f"unix:{tmp_path / 's'}")
    assert caller(call_unix(tmp_path / "s")).get().text == "hello"
    assert connected == [None]


@pytest.mark.parametrize("waits", [False, True], ids=["def", "async def"])
def test_an_http_error_of_the_hook_is_the_answer_and_the_end(serve, peer, app, waits):
    def refuse(client):
        raise HTTPError(403, "not from there", {"x-reason": "test"})

    async def refuse_later(client):
        refuse(client)

    app.on_connect(refuse_later if waits else refuse)
    client = peer(serve(app))
    answer = client.answer()
    assert (answer.status, answer.text) == (403, "not from there")
    assert answer.headers["x-reason"] == "test"
    assert answer.headers["connection"] == "close"
    client.says_no_more()
    assert client.rest() == b""


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_what_was_asked_before_the_hook_has_decided_is_not_answered(serve, peer, app, method, kind):
    """Also of several that came at once; a HEAD gets no body."""
    if kind in THREADED:
        pytest.skip("a thread cannot wait in an async hook")
    decide = threading.Event()

    @app.on_connect
    async def refuse(client):
        await asyncio.to_thread(decide.wait, PATIENCE_S)
        raise HTTPError(429, "later")

    server = serve(app)
    client = peer(server).send(f"{method} / HTTP/1.1\r\nHost: t\r\n\r\n".encode() * 3)
    eventually(lambda: server.stats()["connections"] == 1)
    decide.set()
    assert client.answer(has_body=method == "GET").status == 429
    client.says_no_more()
    assert client.rest() == b""


def test_an_async_hook_that_waits_lets_the_client_in_afterwards(serve, peer, app, kind):
    if kind in THREADED:
        pytest.skip("a thread cannot wait in an async hook")

    decide = threading.Event()

    @app.on_connect
    async def think(client):
        await asyncio.to_thread(decide.wait, PATIENCE_S)

    server = serve(app)
    client = peer(server).send(b"GET / HTTP/1.1\r\nHost: t\r\n\r\n")
    eventually(lambda: server.stats()["connections"] == 1)
    decide.set()
    assert client.answer().text == "hello"


def test_a_hook_that_fails_lets_nobody_in_and_is_kept(serve, peer, app):
    app.on_connect(lambda client: 1 / 0)
    server = serve(app)
    client = peer(server)
    assert client.answer().status == 500
    (failure,) = server.errors
    assert failure.request == "on_connect"
    assert "ZeroDivisionError" in failure.error


@pytest.mark.parametrize("value", [("go away", 403), False, True, "no"], ids=str)
def test_a_hook_that_returns_something_lets_nobody_in_and_is_told_how_to(serve, peer, app, value):
    app.on_connect(lambda client: value)
    server = serve(app)
    assert peer(server).answer().status == 500
    (failure,) = server.errors
    assert "to refuse it, raise HTTPError(403" in failure.error


def test_several_hooks_are_asked_in_their_order_and_the_first_refusal_counts(serve, peer, app):
    asked = []
    app.on_connect(asked.append)

    @app.on_connect
    def refuse(client):
        raise HTTPError(403)

    @app.on_connect
    def never(client):
        asked.append("never")

    assert peer(serve(app)).answer().status == 403
    assert len(asked) == 1


def test_a_slow_hook_of_one_client_holds_up_no_other_of_a_pool(peer, app):
    from asyncweb import ThreadServer

    entered, leave, names = threading.Event(), threading.Event(), []

    @app.on_connect
    def slow(client):
        names.append(threading.current_thread().name)
        if len(names) == 1:
            entered.set()
            leave.wait(PATIENCE_S)

    with ThreadServer(app, max_threads=2) as server:
        first = peer(server)
        assert entered.wait(PATIENCE_S)
        assert peer(server).get().text == "hello"
        leave.set()
        assert first.get().text == "hello"
    assert all("pool" in name for name in names)


def test_who_is_turned_away_leaves_room_for_the_next(serve, peer, app):
    @app.on_connect
    def refuse(client):
        raise HTTPError(403)

    server = serve(app, limits=Limits(connections=1))
    for _ in range(3):
        client = peer(server)
        assert client.answer().status == 403
        client.leave()
        eventually(lambda: server.stats()["connections"] == 0)


# ---------------------------------------------------------------------- on_protocol_error


def answer_to_bad(serve, peer, app, data=BAD):
    server = serve(app)
    client = peer(server).send(data)
    answer = client.answer()
    assert answer.headers["connection"] == "close"
    client.says_no_more()
    assert client.rest() == b""
    return answer, server


def test_a_plain_value_is_answered_with_the_errors_status(serve, peer, app):
    @app.on_protocol_error
    def in_json(error):
        return {"error": str(error), "status": error.status}

    answer, server = answer_to_bad(serve, peer, app)
    assert answer.status == 400
    assert answer.json() == {"error": "malformed request: that is no request line", "status": 400}
    assert server.errors == []


@pytest.mark.parametrize("whole", [True, False], ids=["Response", "tuple"])
def test_a_whole_answer_is_taken_as_it_is(serve, peer, app, whole):
    @app.on_protocol_error
    def teapot(error):
        return Response("no", 418, {"x-a": "1"}) if whole else ("no", 418, {"x-a": "1"})

    answer, _ = answer_to_bad(serve, peer, app)
    assert (answer.status, answer.text, answer.headers["x-a"]) == (418, "no", "1")


def test_what_the_error_brings_along_is_kept(serve, peer, app):
    app.on_protocol_error(lambda error: {"error": str(error)})
    server = serve(app, limits=Limits(connections=1))
    first, second = peer(server), None
    assert first.get().status == 200
    second = peer(server).answer()
    assert (second.status, second.headers["retry-after"]) == (503, "1")
    assert second.json()["error"].startswith("this server has as many")


@pytest.mark.parametrize(
    "hook",
    [
        lambda error: 1 / 0,
        lambda error: object(),
        lambda error: iter(["a stream"]),
        lambda error: ("no status", 999),
        lambda error: Response("x", headers={"x": "a"}).headers.add("x", "\n"),
    ],
    ids=["raises", "no answer", "a stream", "no status", "no header"],
)
def test_a_hook_that_fails_leaves_the_plain_refusal_and_is_kept(serve, peer, app, hook):
    app.on_protocol_error(hook)
    answer, server = answer_to_bad(serve, peer, app)
    assert (answer.status, answer.text) == (400, "malformed request: that is no request line")
    (failure,) = server.errors
    assert failure.request == "on_protocol_error"


def test_a_hook_that_only_looks_leaves_the_plain_refusal(serve, peer, app):
    seen = []
    app.on_protocol_error(seen.append)
    answer, server = answer_to_bad(serve, peer, app)
    assert (answer.status, seen[0].status, server.errors) == (400, 400, [])


def test_a_refused_head_has_no_body_whatever_the_hook_says(serve, peer, app):
    app.on_protocol_error(lambda error: "long story")
    client = peer(serve(app)).send(b"HEAD / HTTP/1.1\r\n\r\n")
    assert client.answer(has_body=False).status == 400
    client.says_no_more()
    assert client.rest() == b""


def test_the_answer_of_a_connect_hook_is_not_asked_about_again(serve, peer, app):
    app.on_protocol_error(lambda error: "changed")

    @app.on_connect
    def refuse(client):
        raise HTTPError(403, "as it is")

    assert peer(serve(app)).answer().text == "as it is"


def test_hooks_hold_in_a_process_of_its_own(serve, peer, app):
    @app.on_connect
    def refuse(client):
        raise HTTPError(403, "far away")

    assert peer(serve(app, process=True)).answer().text == "far away"


# ---------------------------------------------------------------------- declaring them


def test_hooks_of_a_wrong_shape_are_refused_where_they_are_written(app):
    with pytest.raises(TypeError, match=r"connect hook nothing must take \(client\)"):

        @app.on_connect
        def nothing():
            pass

    with pytest.raises(TypeError, match=r"must take \(error\)"):
        app.on_protocol_error(lambda: None)
    with pytest.raises(TypeError, match="must be a plain `def`"):

        @app.on_protocol_error
        async def wait(error):
            pass


def test_a_connect_hook_defined_again_replaces_itself(serve, peer, app):
    asked = []
    for version in (1, 2):

        @app.on_connect
        def greet(client, version=version):
            asked.append(version)

    assert peer(serve(app)).get().text == "hello"
    assert asked == [2]
