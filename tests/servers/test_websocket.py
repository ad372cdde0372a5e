"""WebSockets, spoken by a client no one here wrote: text, bytes, JSON, closes and back-pressure."""

import asyncio
import json
import threading
from contextlib import ExitStack, suppress

import pytest
from websockets.asyncio.client import connect as connect_async
from websockets.exceptions import ConnectionClosed, ConnectionClosedOK, InvalidStatus
from websockets.sync.client import connect as connect_sync

import asyncweb.websocket
from asyncweb import App, AsyncServer, HTTPError, Limits, Response, ThreadServer
from asyncweb.coroutine import run_to_end
from asyncweb.errors import ClientGone, RouteError
from asyncweb.frames import FrameChannel
from asyncweb.servers.thread_client import Client as ThreadClient
from tests.conftest import PATIENCE_S, eventually
from tests.websocket_peer import PING, PONG, TEXT, WebSocketPeer, closing, frame

HOSTS = ("asgi",)  # WSGI has no WebSocket
ENDING = "how a connection ends, and when, is for the host to say"
HOSTS_EXCUSED = {
    "test_a_client_that_vanishes_is_gone_where_the_handler_receives": ENDING,
    "test_a_handler_that_is_cancelled_by_its_own_doing_closes_with_1011": ENDING,
    "test_a_stop_closes_with_1001_and_the_handler_gets_to_its_end": ENDING,
    "test_a_stop_does_not_wait_for_a_client_that_does_not_answer": ENDING,
    "test_a_client_that_does_not_answer_a_goodbye_is_cut_off": ENDING,
    "test_a_pong_tells_how_long_its_ping_has_taken": "pings and pongs are the host's",
    "test_the_middleware_is_around_the_whole_life": "a host counts no statuses",
    "test_a_page_asked_for_where_only_a_websocket_is": "Upgrade is for the host to send",
}


@pytest.fixture
def connect():
    """A client of the server's `/path`; closed after the test."""
    with ExitStack() as stack:

        def open_one(server, path="/", **options):
            return stack.enter_context(
                connect_sync(f"ws://127.0.0.1:{server.port}{path}", **options)
            )

        yield open_one


def echoing(app=None, **options):
    app = app or App()

    @app.websocket("/", **options)
    async def echo(ws):
        async for message in ws:
            await ws.send(message)

    return app


MESSAGES = ["", "hi", "é" * 70, "x" * 130, "x" * 70000, b"", b"\x00\xff", bytes(100_000)]


@pytest.mark.parametrize("compression", ["deflate", None])
def test_what_is_said_comes_back(serve, connect, compression):
    client = connect(serve(echoing()), compression=compression)
    assert bool(client.protocol.extensions) is (compression is not None)
    for message in MESSAGES:
        client.send(message)
        assert client.recv(PATIENCE_S) == message
    client.send(iter(["in ", "three ", "fragments"]))
    assert client.recv(PATIENCE_S) == "in three fragments"
    client.send(iter([b"bytes ", b"too"]))
    assert client.recv(PATIENCE_S) == b"bytes too"


def test_many_speak_at_once(serve):
    server = serve(echoing())

    async def talk(number):
        async with connect_async(f"ws://127.0.0.1:{server.port}/") as client:
            for count in range(20):
                await client.send(f"{number} {count}")
                assert await client.recv() == f"{number} {count}"

    async def all_talk():
        await asyncio.wait_for(asyncio.gather(*map(talk, range(4))), PATIENCE_S)

    asyncio.run(all_talk())
    assert not server.errors


def test_json_parameters_query_and_headers(serve, connect):
    app = App()

    @app.websocket("/rooms/{room}/{id:int}")
    async def room(ws):
        value = await ws.receive_json()
        told = [ws.params, ws.query["q"], ws.headers["x-name"], ws.client[0], value]
        await ws.send_json(told)

    client = connect(serve(app), "/rooms/blue/7?q=1", additional_headers={"x-name": "Ann"})
    client.send('{"é": [1, null]}')
    told = [{"room": "blue", "id": 7}, "1", "Ann", "127.0.0.1", {"é": [1, None]}]
    assert json.loads(client.recv(PATIENCE_S)) == told


def test_what_is_no_json_is_an_error_of_a_value_however_deep_it_is(serve, connect):
    app = App()

    @app.websocket("/")
    async def reader(ws):
        for _ in range(2):
            with pytest.raises(ValueError):
                await ws.receive_json()
        await ws.send("still here")

    client = connect(server := serve(app), "/")
    client.send("{")
    client.send("[" * 100_000)
    assert client.recv(PATIENCE_S) == "still here"
    assert not server.errors


def test_a_ping_is_answered_whether_the_handler_receives_or_not(serve, connect, fast_sweeps):
    app, go = App(), threading.Event()

    @app.websocket("/")
    async def busy(ws):
        while not go.is_set():
            await ws.ctx.sleep(0.001)
        async for _ in ws:
            pass

    client = connect(serve(app))
    assert client.ping(b"1").wait(PATIENCE_S)
    go.set()
    assert client.ping(b"2").wait(PATIENCE_S)


def test_a_pong_tells_how_long_its_ping_has_taken(serve):
    app = App()

    @app.websocket("/")
    async def ask(ws):
        await ws.ping()
        async for _ in ws:
            await ws.send_json(ws.latency)

    client = WebSocketPeer(serve(app).port).open()
    ping = client.hear()
    assert ping.opcode == PING
    client.send(frame(PONG, b"another") + frame(TEXT, b"?"))
    assert client.hear().data == b"null"
    client.send(frame(PONG, ping.data) + frame(TEXT, b"?"))
    assert 0 < json.loads(client.hear().data) < PATIENCE_S
    client.leave()


def test_the_server_pings_a_silent_client_and_keeps_one_that_answers(serve, connect, fast_sweeps):
    server = serve(echoing(), limits=Limits(ping_s=0.01, pong_s=5))
    client = connect(server, ping_interval=None)
    eventually(lambda: client.protocol.reader is not None)
    with pytest.raises(TimeoutError):
        client.recv(0.1)  # the library answers pings meanwhile
    client.send("still here")
    assert client.recv(PATIENCE_S) == "still here"


# ---------------------------------------------------------------------- its end


def test_the_clients_goodbye_ends_the_iteration(serve, connect):
    app, ends = App(), []

    @app.websocket("/")
    async def listen(ws):
        async for _ in ws:
            pass
        ends.append((ws.close_code, ws.close_reason))
        with pytest.raises(ClientGone, match="this WebSocket is closed: 4001 enough"):
            await ws.send("too late")
        with pytest.raises(ClientGone, match="closed: 4001 enough"):
            await ws.receive()

    server = serve(app)
    client = connect(server)
    client.close(4001, "enough")
    assert client.close_code == 4001
    eventually(lambda: ends == [(4001, "enough")])
    eventually(lambda: server.stats()["connections"] == 0)
    assert not server.errors


def test_the_handlers_goodbye_is_heard_with_code_and_reason(serve, connect):
    app = App()

    @app.websocket("/")
    async def bye(ws):
        for code, reason in ((1005, ""), (999, ""), (1000, "x" * 124), (2999, ""), (5000, "")):
            with pytest.raises(ValueError):
                await ws.close(code, reason)
        await ws.close(4000, "that is all")
        assert ws.close_code == 4000

    server = serve(app)
    client = connect(server)
    with pytest.raises(ConnectionClosed):
        client.recv(PATIENCE_S)
    assert (client.close_code, client.close_reason) == (4000, "that is all")
    eventually(lambda: server.stats()["connections"] == 0)
    assert not server.errors


def test_a_handler_that_returns_says_goodbye(serve, connect):
    app = App()

    @app.websocket("/")
    async def brief(ws):
        await ws.send("one thing")

    client = connect(serve(app))
    assert client.recv(PATIENCE_S) == "one thing"
    with pytest.raises(ConnectionClosedOK):
        client.recv(PATIENCE_S)


def test_who_leaves_a_message_unread_says_goodbye_and_does_not_wait_for_ever(serve):
    app, ended = App(), []

    @app.websocket("/")
    async def half_deaf(ws):
        try:
            await ws.receive()
        finally:
            await ws.close()
            ended.append(ws.close_code)

    client = WebSocketPeer(serve(app).port).open()
    client.send(frame(TEXT, b"heard") + frame(TEXT, b"never heard"))
    assert client.hear().code == 1000
    client.send(closing(1000))
    client.rest()
    eventually(lambda: ended == [1000])
    client.leave()


@pytest.mark.parametrize(
    "error", [ValueError("on purpose"), HTTPError(404, "on purpose"), SystemExit("on purpose")]
)
def test_a_handler_that_raises_closes_with_1011_and_its_error_is_kept(serve, connect, error):
    app = App()

    @app.websocket("/")
    async def broken(ws):
        await ws.receive()
        raise error

    server = serve(app)
    client = connect(server)
    client.send("go")
    with pytest.raises(ConnectionClosed):
        client.recv(PATIENCE_S)
    assert (client.close_code, client.close_reason) == (1011, "")
    eventually(lambda: server.errors)
    assert "on purpose" in server.errors[0].error


def test_a_handler_that_is_cancelled_by_its_own_doing_closes_with_1011(serve, connect):
    app = App()

    @app.websocket("/")
    async def gives_up(ws):
        await ws.receive()
        raise asyncio.CancelledError("on purpose")  # as a task raises that it has cancelled

    server = serve(app)
    client = connect(server)
    client.send("go")
    with pytest.raises(ConnectionClosed):
        client.recv(PATIENCE_S)
    assert client.close_code == 1011
    eventually(lambda: server.errors)
    assert server.errors[0].error.endswith("CancelledError: on purpose")


def test_a_client_that_vanishes_is_gone_where_the_handler_receives(serve, connect):
    app, told = App(), []

    @app.websocket("/")
    async def listen(ws):
        try:
            async for _ in ws:
                pass
        except ClientGone as error:
            told.append((ws.close_code, str(error)[:26]))
            raise

    server = serve(app)
    client = connect(server)
    client.send("x")
    client.socket.shutdown(2)
    eventually(lambda: told == [(1006, "the WebSocket broke off: 1")])
    eventually(lambda: server.stats()["connections"] == 0)
    assert not server.errors


def test_a_handler_that_only_sends_hears_of_the_goodbye(serve, connect, fast_sweeps):
    app, ends = App(), []

    @app.websocket("/")
    async def tick(ws):
        try:
            while True:
                await ws.send("tick")
                await ws.ctx.sleep(0.001)
        except ClientGone:
            ends.append(ws.close_code)

    server = serve(app)
    client = connect(server)
    assert client.recv(PATIENCE_S) == "tick"
    client.close()
    eventually(lambda: ends == [1000])
    assert not server.errors


def test_the_goodbye_shows_while_the_handler_works(serve, connect, fast_sweeps):
    app, told = App(), []

    @app.websocket("/")
    async def work(ws):
        while ws.close_code is None:
            await ws.ctx.sleep(0.001)
        told.append((ws.close_code, ws.close_reason))
        told.extend([message async for message in ws])

    server = serve(app)
    client = connect(server)
    for message in ("said", b"before"):
        client.send(message)
    client.close(4001, "enough")
    eventually(lambda: told == [(4001, "enough"), "said", b"before"])
    eventually(lambda: server.stats()["connections"] == 0)
    assert not server.errors


def test_what_came_before_the_goodbye_is_heard_and_then_the_end(serve, connect):
    app, go, heard = App(), threading.Event(), []

    @app.websocket("/")
    async def late(ws):
        while not go.is_set():
            await ws.ctx.sleep(0.001)
        heard.extend([message async for message in ws])
        heard.append(ws.close_code)

    server = serve(app)
    client = connect(server)
    for number in range(100):
        client.send(str(number))
    closing = threading.Thread(target=client.close, args=(4001,))
    closing.start()
    go.set()
    eventually(lambda: heard == [*map(str, range(100)), 4001])
    closing.join()
    assert not server.errors


def test_who_is_not_heard_after_its_goodbye_does_not_stay(serve, fast_sweeps):
    app, at_its_end = App(), threading.Event()

    @app.websocket("/")
    async def deaf(ws):
        while not ws.ctx.closed and not at_its_end.is_set():
            await ws.ctx.sleep(0.001)

    server = serve(app, limits=Limits(half_closed_s=0.05))
    client = WebSocketPeer(server.port).open()
    client.send(frame(TEXT, b"one more thing") + closing(1000))
    client.rest()  # the connection ends, though the client would stay
    eventually(lambda: server.stats()["connections"] == 0)
    at_its_end.set()
    client.leave()


def test_a_client_that_is_not_heard_has_to_wait(serve, connect, fast_sweeps):
    app, go, heard, sent = App(), threading.Event(), [], []

    @app.websocket("/")
    async def late(ws):
        while not go.is_set():
            await ws.ctx.sleep(0.001)
        async for message in ws:
            heard.append(len(message))

    def pour():
        for _ in range(400):
            client.send(b"x" * 65536)
            sent.append(1)

    server = serve(app, limits=Limits(buffer_bytes=1000))
    client = connect(server, compression=None)
    pouring = threading.Thread(target=pour)
    pouring.start()
    eventually(lambda: sent)
    threading.Event().wait(0.05)
    assert len(sent) < 400
    go.set()
    pouring.join()
    client.close()
    eventually(lambda: heard == [65536] * 400)
    assert not server.errors


@pytest.mark.parametrize("max_threads", [None, 2])
def test_a_stop_in_the_moment_after_the_handshake_closes_with_1001(
    connect, monkeypatch, max_threads
):
    app, told, ends = App(), threading.Event(), []

    class Late(FrameChannel):
        def __init__(self, *given):
            assert told.wait(PATIENCE_S)
            super().__init__(*given)

    def tell(client, recent_s):
        leave_if_idle(client, PATIENCE_S)
        told.set()

    @app.websocket("/")
    async def listen(ws):
        async for _ in ws:
            pass
        ends.append(ws.close_code)

    leave_if_idle = ThreadClient.leave_if_idle
    monkeypatch.setattr(ThreadClient, "leave_if_idle", tell)
    monkeypatch.setattr(asyncweb.websocket, "FrameChannel", Late)
    with ThreadServer(app, max_threads=max_threads) as server:
        client = connect(server)
    with pytest.raises(ConnectionClosed):
        client.recv(PATIENCE_S)
    assert (client.close_code, ends) == (1001, [1001])


def test_a_stop_closes_with_1001_and_the_handler_gets_to_its_end(serve, connect):
    app, ends = App(), []

    @app.websocket("/")
    async def listen(ws):
        async for _ in ws:
            pass
        await ws.ctx.sleep(0.05)
        ends.append(ws.close_code)

    server = serve(app)
    clients = [connect(server) for _ in range(3)]
    server.stop()
    for client in clients:
        with pytest.raises(ConnectionClosed):
            client.recv(PATIENCE_S)
        assert client.close_code == 1001
    assert ends == [1001] * 3
    assert not server.errors


def test_a_stop_does_not_wait_for_a_client_that_does_not_answer(serve):
    server = serve(echoing())
    clients = [WebSocketPeer(server.port).open() for _ in range(3)]
    stopping = threading.Thread(target=server.stop, args=(0.2,))
    stopping.start()
    for client in clients:
        assert client.hear().code == 1001  # before the reset, which may take with it what is unread
    stopping.join(PATIENCE_S)
    assert not stopping.is_alive()
    for client in clients:
        with suppress(ConnectionError):
            assert client.rest() == b""
        client.leave()
    assert not server.errors


def test_a_client_that_does_not_answer_a_goodbye_is_cut_off(serve, fast_sweeps):
    app = App()

    @app.websocket("/")
    async def bye(ws):
        await ws.close()

    server = serve(app, limits=Limits(half_closed_s=0.02))
    client = WebSocketPeer(server.port).open()
    eventually(lambda: server.stats()["connections"] == 0)
    client.leave()
    assert not server.errors


# ---------------------------------------------------------------------- who waits for whom


def test_the_handler_waits_for_a_client_that_does_not_read(serve, connect):
    app, sent = App(), []

    @app.websocket("/")
    async def pour(ws):
        for _ in range(400):
            await ws.send(b"x" * 65536)
            sent.append(1)

    client = connect(serve(app), compression=None, max_queue=1)
    first = client.recv(PATIENCE_S)
    threading.Event().wait(0.05)
    assert len(sent) < 400
    count = len(first)
    with pytest.raises(ConnectionClosedOK):
        while True:
            count += len(client.recv(PATIENCE_S))
    assert count == 400 * 65536


def test_several_send_while_one_receives(serve, connect):
    app = App()

    @app.websocket("/")
    async def both(ws):
        if isinstance(server, ThreadServer):
            others = [
                threading.Thread(target=run_to_end, args=(ws.send("x"), "")) for _ in range(3)
            ]
            for other in others:
                other.start()
            for other in others:
                other.join()
        else:
            async with asyncio.TaskGroup() as group:
                for _ in range(3):
                    group.create_task(ws.send("x"))
        await ws.send(await ws.receive())

    server = serve(app)
    client = connect(server)
    client.send("last")
    assert [client.recv(PATIENCE_S) for _ in range(4)] == ["x", "x", "x", "last"]


def test_a_second_receiver_is_told(serve, connect):
    app, told, channels = App(), [], []

    @app.websocket("/")
    async def listen(ws):
        channels.append(ws)
        async for _ in ws:
            pass

    server = serve(app)
    client = connect(server)
    eventually(lambda: channels and channels[0].channel._is_received)
    with pytest.raises(RuntimeError, match="let one receive for all"):
        channels[0].receive().send(None)
    client.close()
    assert not told and not server.errors


# ---------------------------------------------------------------------- around it


def test_the_middleware_is_around_the_whole_life(serve, connect):
    app, seen = echoing(), []

    @app.middleware
    async def around(ctx, next):
        ctx.response.set_cookie("seen", "1")
        seen.append(ctx.pattern)
        response = await next(ctx)
        seen.append(response.status)
        return response

    server = serve(app)
    client = connect(server)
    assert "seen=1" in client.response.headers["set-cookie"]
    client.send("x")
    assert client.recv(PATIENCE_S) == "x"
    assert seen == ["/"]
    client.close()
    eventually(lambda: seen == ["/", 101])
    eventually(lambda: server.stats()["statuses"] == {101: 1})


def test_a_middleware_and_a_hook_may_refuse(serve, connect):
    app = echoing()

    @app.middleware
    async def guard(ctx, next):
        return ("not you", 403) if "bad" in ctx.query else await next(ctx)

    @app.before_upgrade
    def closed(ctx):
        if "late" in ctx.query:
            raise HTTPError(503, "later")

    server = serve(app)
    for query, status in (("bad", 403), ("late", 503)):
        with pytest.raises(InvalidStatus) as caught:
            connect(server, f"/?{query}=1")
        assert caught.value.response.status_code == status


@pytest.mark.parametrize("waits", [False, True], ids=["def", "async def"])
@pytest.mark.parametrize(
    ("value", "status", "text"),
    [
        (("go away", 403), 403, "go away"),
        (Response("later", 503), 503, "later"),
        ("no", 200, "no"),
        ({"error": "no"}, 200, '{"error":"no"}'),
    ],
    ids=["tuple", "Response", "str", "dict"],
)
def test_what_the_upgrade_hook_returns_is_the_answer(serve, connect, value, status, text, waits):
    app, opened = App(), []
    app.websocket("/")(hearing(opened))
    app.on_error(Exception)(lambda ctx, error: ("an error handler has no say in it", 500))
    app.before_upgrade(returning(value, waits))
    app.before_upgrade(lambda ctx: opened.append("asked after a refusal"))
    server = serve(app)
    with pytest.raises(InvalidStatus) as caught:
        connect(server)
    answer = caught.value.response
    assert (answer.status_code, answer.body.decode()) == (status, text)
    assert not opened
    assert not server.errors


@pytest.mark.parametrize("value", [False, True, 403, object()], ids=["no", "yes", "403", "any"])
def test_an_upgrade_hook_that_returns_no_answer_lets_nobody_in(serve, connect, value):
    app, opened = App(), []
    app.websocket("/")(hearing(opened))
    app.before_upgrade(returning(value))
    server = serve(app)
    with pytest.raises(InvalidStatus) as caught:
        connect(server)
    assert caught.value.response.status_code == 500
    assert not opened
    assert "expected None, which lets the client in, or an answer" in server.errors[0].error


def hearing(opened):
    async def hear(ws):
        opened.append(ws)

    return hear


def returning(value, waits=False):
    """A hook that returns `value`."""

    def answer(ctx):
        return value

    async def answer_later(ctx):
        await ctx.sleep(0)
        return value

    return answer_later if waits else answer


def test_a_page_and_a_websocket_share_a_path(serve, connect, peer):
    app = echoing()
    app.get("/")(lambda ctx: "the page")
    server = serve(app)
    assert peer(server).get("/").text == "the page"
    client = connect(server)
    client.send("x")
    assert client.recv(PATIENCE_S) == "x"


def test_a_page_asked_for_where_only_a_websocket_is(serve, peer):
    client = peer(serve(echoing()))
    answer = client.get("/")
    assert answer.status == 426
    assert answer.headers["upgrade"] == "websocket"
    assert answer.headers["sec-websocket-version"] == "13"
    posted = client.send(b"POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 0\r\n\r\n").answer()
    assert (posted.status, posted.headers["allow"]) == (405, "GET, OPTIONS")


def test_the_first_subprotocol_of_ours_that_the_client_offers_is_agreed_on(serve, connect):
    app = App()

    @app.websocket("/", subprotocols=["v3", "v2", "v1"])
    async def which(ws):
        await ws.send(str(ws.subprotocol))

    server = serve(app)
    for offered, agreed in ((["v1", "v2"], "v2"), (["x"], None), (None, None)):
        client = connect(server, subprotocols=offered)
        assert client.recv(PATIENCE_S) == str(agreed)
        assert client.subprotocol == agreed


def test_a_wrong_declaration_is_told_when_it_is_made():
    app = App()
    with pytest.raises(RouteError, match=r"plain of '/' must be an `async def`"):

        @app.websocket("/")
        def plain(ws):
            """Cannot wait."""

    with pytest.raises(RouteError, match=r"expected a list such as \['x'\]"):
        app.websocket("/", origins="x")
    echoing(app)
    with pytest.raises(RouteError, match=r"WEBSOCKET / .* collides"):

        @app.websocket("/")
        async def other(ws):
            """Where another is."""


def test_a_handler_is_replaced_by_its_namesake(connect):
    app = App()

    def declare(word):
        @app.websocket("/")
        async def speak(ws):
            await ws.send(word)

    with AsyncServer(app) as server:
        for word in ("one", "two"):
            declare(word)
            assert connect(server).recv(PATIENCE_S) == word
