"""ASGI apps on AsyncServer, to the letter of ASGI 3."""

import asyncio
import threading
from contextvars import ContextVar

import pytest

from asyncweb import AsyncServer, Limits, Request
from asyncweb.context import Context
from asyncweb.errors import ClientGone, ServerError
from asyncweb.guests.asgi_http import SPARED, AsgiExchange
from tests.conftest import PATIENCE_S, eventually

GET = b"GET / HTTP/1.1\r\nHost: t\r\n\r\n"


@pytest.fixture(params=["", "asyncio"])
def serve(request, monkeypatch):
    monkeypatch.setenv("ASYNCWEB_LOOP", request.param)
    running = []

    def start(app, **settings):
        running.append(AsyncServer(app, **settings).start())
        return running[-1]

    yield start
    for server in running:
        server.stop()


def head(status=200, *headers):
    return {"type": "http.response.start", "status": status, "headers": headers}


def body(data=b"", more=False):
    return {"type": "http.response.body", "body": data, "more_body": more}


def only_http(handle):
    """An app that knows no lifespan."""

    async def app(scope, receive, send):
        assert scope["type"] == "http"
        await handle(scope, receive, send)

    return app


async def whole_body(receive):
    data, more = b"", True
    while more:
        message = await receive()
        data, more = data + message.get("body", b""), message.get("more_body", False)
    return data


def test_the_scope_says_what_was_asked(serve, peer):
    seen = {}

    @only_http
    async def app(scope, receive, send):
        seen.update(scope)
        await send(head())
        await send(body(b"seen"))

    server = serve(app)
    client = peer(server)
    client.send(b"PUT /caf%C3%A9/a%2Fb?x=%20 HTTP/1.1\r\nHost: t\r\nX-A: 1\r\nX-A: \xe9\r\n\r\n")
    assert client.answer().text == "seen"
    assert seen == {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": "PUT",
        "scheme": "http",
        "path": "/café/a/b",
        "raw_path": b"/caf%C3%A9/a%2Fb",
        "query_string": b"x=%20",
        "root_path": "",
        "headers": [(b"host", b"t"), (b"x-a", b"1"), (b"x-a", b"\xe9")],
        "client": list(client.socket.getsockname()),
        "server": ["127.0.0.1", server.port],
        "extensions": {},
    }


def test_status_and_repeated_fields_are_sent(serve, peer):
    @only_http
    async def app(scope, receive, send):
        await send(head(299, (b"set-cookie", b"a=1"), (b"Set-Cookie", b"b=2")))
        await send(body(b"odd"))

    client = peer(serve(app)).send(GET)
    story = b""
    while not story.endswith(b"odd"):
        story += client.socket.recv(1000)
    assert story.startswith(b"HTTP/1.1 299 \r\n")
    assert story.count(b"set-cookie: ") == 2 and b"content-length: 3\r\n" in story


def test_a_body_is_received_as_it_arrives_and_the_answer_leaves_as_it_is_made(serve, peer):
    @only_http
    async def app(scope, receive, send):
        await send(head())
        more = True
        while more:
            message = await receive()
            more = message["more_body"]
            await send(body(message["body"].upper(), more=True))
        await send(body())

    client = peer(serve(app)).send(
        b"POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 6\r\nExpect: 100-continue\r\n\r\n"
    )
    assert client.answer().status == 100
    for piece in (b"one", b"two"):
        client.send(piece)
        while client.socket.recv(1024, 0x2).find(piece.upper()) < 0:  # MSG_PEEK
            pass
    assert client.answer().body == b"ONETWO"


NO_BODY = pytest.mark.parametrize(
    ("method", "status"), [(b"HEAD", 200), (b"GET", 204), (b"GET", 205), (b"GET", 304)]
)


@NO_BODY
@pytest.mark.parametrize("streams", [False, True])
def test_head_and_statuses_without_content_have_no_body(serve, peer, method, status, streams):
    @only_http
    async def app(scope, receive, send):
        await send(head(status))
        if streams:
            await send(body(b"one", more=True))
        await send(body(b"two"))

    server = serve(app)
    client = peer(server)
    for _ in range(2):
        client.send(method + b" / HTTP/1.1\r\nHost: t\r\n\r\n")
        assert client.answer(has_body=False).status == status
    assert server.errors == []


@NO_BODY
def test_who_wants_no_body_is_gone_for_an_app_that_streams_on(serve, peer, method, status):
    told = []

    @only_http
    async def app(scope, receive, send):
        await send(head(status))
        try:
            for _ in range(1000):  # a real one has no end, and would hold the loop for good
                await send(body(b"one of many", more=True))
        except OSError as error:
            told.extend([type(error), await receive()])
            raise

    server = serve(app)
    client = peer(server).send(method + b" / HTTP/1.1\r\nHost: t\r\n\r\n")
    assert client.answer(has_body=False).status == status
    eventually(lambda: len(told) == 2)
    assert told == [ClientGone, {"type": "http.disconnect"}]
    server.stop()
    assert server.errors == []


@NO_BODY
def test_who_wants_no_body_costs_an_app_nothing_that_it_does_after_its_answer(
    serve, peer, method, status
):
    done = []

    @only_http
    async def app(scope, receive, send):
        await send(head(status))
        for _ in range(SPARED - 1):
            await send(body(b"one of a few", more=True))
        await send(body())
        done.append("what follows")
        raise LookupError("in what follows")

    server = serve(app)
    client = peer(server).send(method + b" / HTTP/1.1\r\nHost: t\r\n\r\n")
    assert client.answer(has_body=False).status == status
    eventually(lambda: server.errors)
    assert done
    assert server.errors[0].error == "LookupError: in what follows"


BROKEN = {
    "nothing": [],
    "body first": [body(b"x")],
    "two heads": [head(), head()],
    "unknown": [{"type": "http.response.push"}],
    "text": [head(), body("text")],
    "bad field": [head(200, (b"a", b"b\r\nc: d"))],
    "no status": [head(1000)],
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_no_answer_is_a_500_with_the_reason_in_errors(serve, peer, name):
    @only_http
    async def app(scope, receive, send):
        for message in BROKEN[name]:
            await send(message)

    server = serve(app)
    client = peer(server)
    assert client.send(GET).answer().status == 500
    assert client.send(GET).answer().status == 500
    assert len(server.errors) == 2


def test_a_message_after_the_end_is_an_error_that_the_client_never_sees(serve, peer):
    @only_http
    async def app(scope, receive, send):
        await send(head())
        await send(body(b"whole"))
        await send(body(b"more"))

    server = serve(app)
    assert peer(server).send(GET).answer().text == "whole"
    eventually(lambda: server.errors)
    assert "after the end of its answer" in server.errors[0].error


@pytest.mark.parametrize("ending", [None, LookupError("in the middle")])
def test_a_stream_that_does_not_end_is_broken_off(serve, peer, ending):
    @only_http
    async def app(scope, receive, send):
        await send(head())
        await send(body(b"first", more=True))
        if ending:
            raise ending

    server = serve(app)
    with pytest.raises((ConnectionError, ValueError)):
        peer(server).send(GET).answer()
    eventually(lambda: server.errors)
    assert ("in the middle" if ending else "ended before its answer") in server.errors[0].error


def test_a_stream_waits_for_a_slow_reader(serve, peer):
    sent = []

    @only_http
    async def app(scope, receive, send):
        await send(head())
        for _ in range(1000):
            await send(body(b"x" * 100_000, more=True))
            sent.append(1)

    server = serve(app)
    client = peer(server).send(GET)
    client.socket.recv(1000)
    eventually(lambda: server.stats()["in_flight"] == 1 and sent)
    assert len(sent) < 1000


@pytest.mark.parametrize("asks", ["receive", "send"])
def test_who_leaves_is_told_to_the_app_which_is_not_cancelled(serve, peer, asks):
    told, begun = [], threading.Event()

    @only_http
    async def app(scope, receive, send):
        await whole_body(receive)
        await send(head())
        await send(body(b"first", more=True))
        begun.set()
        try:
            if asks == "receive":
                told.append(await receive())
            while asks == "send":
                await send(body(b"x" * 10_000, more=True))
        except OSError as error:
            told.append(error)
        await asyncio.sleep(0)
        told.append("goes on")

    server = serve(app)
    client = peer(server).send(GET)
    assert begun.wait(PATIENCE_S)
    client.vanish()
    eventually(lambda: len(told) == 2)
    assert told[0] == {"type": "http.disconnect"} or isinstance(told[0], ClientGone)
    assert told[1] == "goes on" and server.errors == []


def test_an_app_at_its_last_piece_is_told_too_that_its_client_has_left():
    async def app(send):
        await send(head())
        await send(body(b"first", more=True))
        await send(body(b"last"))

    async def leave_with_the_last_piece():
        exchange = AsgiExchange(Context(Request("GET", "/"), engine=None))
        asked = asyncio.ensure_future(app(exchange.send))
        pieces = (await exchange.response()).body
        assert [await anext(pieces), await anext(pieces)] == [b"first", b"last"]
        await pieces.aclose()
        with pytest.raises(ClientGone):
            await asyncio.wait_for(asked, PATIENCE_S)

    asyncio.run(leave_with_the_last_piece())


def test_work_after_the_answer_goes_on_and_what_it_raises_is_kept(serve, peer):
    later = []

    @only_http
    async def app(scope, receive, send):
        await whole_body(receive)
        await send(head())
        await send(body(b"done"))
        later.append(await receive())
        raise LookupError("later")

    server = serve(app)
    assert peer(server).send(GET).answer().text == "done"
    eventually(lambda: server.errors)
    assert later == [{"type": "http.disconnect"}]
    assert server.errors[0].error == "LookupError: later"


def test_limits_hold_and_the_app_is_told(serve, peer):
    seen = []

    @only_http
    async def app(scope, receive, send):
        try:
            await whole_body(receive)
        except Exception as error:
            seen.append(error)
            raise

    client = peer(serve(app, limits=Limits(stream_bytes=3)))
    client.send(b"POST / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nfour\r\n")
    assert client.answer().status == 413
    assert seen[0].status == 413


def test_a_body_that_breaks_off_is_a_disconnect_and_answered_with_400(serve, peer):
    seen = []

    @only_http
    async def app(scope, receive, send):
        seen.append(await receive())
        seen.append(await receive())

    client = peer(serve(app))
    client.send(b"POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 9\r\n\r\nhalf").says_no_more()
    assert client.answer().status == 400
    assert seen[-1] == {"type": "http.disconnect"}


def test_context_variables_of_one_request_are_not_seen_by_the_next(serve, peer):
    seen = ContextVar("seen", default=b"nothing")

    @only_http
    async def app(scope, receive, send):
        await send(head())
        await send(body(seen.get()))
        seen.set(b"something")

    client = peer(serve(app))
    assert [client.send(GET).answer().text for _ in range(3)] == ["nothing"] * 3


def test_the_routes_that_an_app_names_are_those_of_the_metrics(serve, peer):
    class Named:
        path = "/users/{id}"

    @only_http
    async def app(scope, receive, send):
        scope["route"] = Named()
        await send(head())
        await send(body())

    server = serve(app)
    seen = []
    server.observer.ended = lambda route, status, seconds: seen.append((route, status))
    peer(server).send(GET).answer()
    assert seen == [("/users/{id}", 200)]


# ---------------------------------------------------------------------- lifespan


def living(life, fails="", knows=True):
    async def app(scope, receive, send):
        if scope["type"] == "http":
            await send(head())
            await send(body(repr(scope.get("state")).encode()))
            return
        if not knows:
            raise AssertionError("what is a lifespan?")
        scope["state"]["db"] = 7
        for stage in ("startup", "shutdown"):
            assert (await receive())["type"] == f"lifespan.{stage}"
            life.append(stage)
            if stage == fails:
                await send({"type": f"lifespan.{stage}.failed", "message": "no database"})
                return
            await send({"type": f"lifespan.{stage}.complete"})

    return app


def test_an_app_starts_keeps_a_state_and_shuts_down(serve, peer):
    life = []
    server = serve(living(life))
    assert peer(server).send(GET).answer().text == "{'db': 7}"
    assert life == ["startup"]
    server.stop()
    assert life == ["startup", "shutdown"]


def test_an_app_that_cannot_start_stops_the_start_with_its_reason(serve):
    with pytest.raises(ServerError, match="the app could not start: no database"):
        serve(living([], fails="startup"))


def test_that_an_app_could_not_shut_down_is_kept_with_its_reason(serve):
    server = serve(living([], fails="shutdown"))
    server.stop()
    (failure,) = server.errors
    assert failure.request == "lifespan.shutdown"
    assert failure.error.endswith("the app could not shut down: no database")


def test_an_app_without_a_lifespan_is_served_without_a_state(serve, peer):
    assert peer(serve(living([], knows=False))).send(GET).answer().text == "None"


def test_what_still_runs_at_the_stop_is_ended(serve, peer):
    ended = threading.Event()

    @only_http
    async def app(scope, receive, send):
        await send(head())
        await send(body(b"done"))
        try:
            await asyncio.sleep(3600)
        finally:
            ended.set()

    server = serve(app)
    assert peer(server).send(GET).answer().text == "done"
    server.stop()
    assert ended.is_set()
