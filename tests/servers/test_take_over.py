"""Connections that a handler takes over: the raw bytes are its own until it returns."""

import threading
from contextlib import suppress

import pytest

from asyncweb import App, AsyncServer, HTTPError, Limits
from asyncweb.errors import ClientGone
from tests.conftest import PATIENCE_S, eventually, nobody_can_end

ASKS = b"GET /up HTTP/1.1\r\nHost: t\r\nConnection: Upgrade\r\nUpgrade: line\r\n\r\n"
RAW = b"GET /raw HTTP/1.1\r\nHost: t\r\n\r\n"


def shouting(app=None, path="/up", upgrade="line"):
    """An app that answers in capitals, in a protocol of its own."""
    app = app or App()

    @app.get(path)
    async def shout(ctx):
        stream = await ctx.take_over(upgrade)
        while data := await stream.read():
            await stream.write(data.upper())
        await stream.write(b"BYE")

    return app


def receive(client, count):
    data = b""
    while len(data) < count:
        piece = client.socket.recv(count - len(data))
        assert piece, data
        data += piece
    return data


def test_after_101_the_bytes_are_the_handlers_until_it_returns(serve, peer):
    server = serve(shouting())
    client = peer(server).send(ASKS + b"at once ")
    answer = client.answer(has_body=False)
    assert answer.status == 101
    assert (answer.headers["connection"], answer.headers["upgrade"]) == ("upgrade", "line")
    assert client.read(8) == b"AT ONCE "
    client.send(b"later")
    assert client.read(5) == b"LATER"
    assert client.says_no_more().rest() == b"BYE"
    eventually(lambda: server.stats()["connections"] == 0)
    assert server.stats()["statuses"] == {101: 1}
    assert not server.errors


def test_without_an_upgrade_nothing_is_sent_before_the_first_word(serve, peer):
    app = App()

    @app.get("/raw")
    async def raw(ctx):
        stream = await ctx.take_over()
        await stream.write(b"220 hello\r\n")
        assert await stream.read() == b"QUIT\r\n"

    server = serve(app)
    client = peer(server).send(RAW)
    assert receive(client, 11) == b"220 hello\r\n"
    assert client.send(b"QUIT\r\n").rest() == b""
    assert not server.errors


def test_what_is_pipelined_before_is_answered_first(serve, peer):
    app = shouting()
    app.get("/")(lambda ctx: "hello")
    client = peer(serve(app)).send(b"GET / HTTP/1.1\r\nHost: t\r\n\r\n" + ASKS + b"x")
    assert client.answer().text == "hello"
    assert client.answer(has_body=False).status == 101
    assert client.read(1) == b"X"


def test_who_does_not_ask_for_the_protocol_is_told_426_and_goes_on_in_http(serve, peer):
    client = peer(serve(shouting()))
    for _ in range(2):
        answer = client.get("/up")
        assert (answer.status, answer.headers["upgrade"]) == (426, "line")
        assert "Upgrade: line" in answer.text


def test_who_went_on_in_http_is_told_400(serve, peer):
    client = peer(serve(shouting(path="/raw", upgrade=None))).send(RAW + RAW)
    assert client.answer().status == 400


def test_hooks_may_refuse_and_may_add_to_the_101(serve, peer):
    app, asked = shouting(), []

    @app.before_upgrade
    async def check(ctx):
        asked.append(ctx.path)
        await ctx.sleep(0)
        if "key" not in ctx.query:
            raise HTTPError(401, "who are you?")

    @app.before_upgrade
    def greet(ctx):
        ctx.response.headers["x-hook"] = "yes"

    server = serve(app)
    refused = peer(server).send(ASKS).answer()
    assert (refused.status, refused.text) == (401, "who are you?")
    allowed = peer(server).send(ASKS.replace(b"/up", b"/up?key=1")).answer(has_body=False)
    assert (allowed.status, allowed.headers["x-hook"]) == (101, "yes")
    assert asked == ["/up", "/up"]
    assert peer(server).get("/up").status == 426
    assert len(asked) == 2


def test_what_a_hook_returns_is_the_answer_and_nobody_goes_on(serve, peer):
    app = shouting()
    app.before_upgrade(lambda ctx: ("not for you", 403, {"x-hook": "yes"}))
    client = peer(serve(app)).send(ASKS)
    answer = client.answer()
    assert (answer.status, answer.text) == (403, "not for you")
    assert answer.headers["x-hook"] == "yes"
    assert client.get("/up").status == 426  # it is still HTTP


def test_middleware_is_around_the_whole_of_it(serve, peer):
    app, seen = shouting(), []

    @app.middleware
    async def note(ctx, next):
        seen.append("before")
        response = await next(ctx)
        seen.append((ctx.taken_over, response.status))
        return response

    client = peer(serve(app)).send(ASKS)
    assert client.answer(has_body=False).status == 101
    assert seen == ["before"]
    assert client.says_no_more().rest() == b"BYE"
    eventually(lambda: seen == ["before", (True, 101)])


@pytest.mark.parametrize("error", [ValueError("on purpose"), HTTPError(418)])
def test_what_the_handler_raises_is_kept_and_the_connection_ends(serve, peer, error):
    app = App()

    @app.get("/up")
    async def up(ctx):
        await ctx.take_over("line")
        raise error

    server = serve(app)
    client = peer(server).send(ASKS)
    assert client.answer(has_body=False).status == 101
    assert client.rest() == b""
    assert str(error) in server.errors[0].error or "418" in server.errors[0].error


def test_a_client_that_leaves_ends_the_reading_and_writing_raises(serve, peer):
    app, told = App(), []

    @app.get("/up")
    async def up(ctx):
        stream = await ctx.take_over("line")
        while await stream.read():
            pass
        try:
            while True:
                await stream.write(b"x" * 65536)
        except ClientGone as error:
            told.append((str(error), stream.closed))
            raise

    server = serve(app)
    client = peer(server).send(ASKS)
    assert client.answer(has_body=False).status == 101
    client.vanish()
    eventually(lambda: told == [("the client has left, or the connection was closed", True)])
    eventually(lambda: server.stats()["connections"] == 0)
    assert not server.errors


def test_the_handler_waits_for_a_client_that_does_not_read(serve, peer):
    app, written = App(), []

    @app.get("/up")
    async def up(ctx):
        stream = await ctx.take_over("line")
        for _ in range(400):
            await stream.write(b"x" * 65536)
            written.append(stream.has_room)

    server = serve(app)
    client = peer(server).send(ASKS)
    assert client.answer(has_body=False).status == 101
    eventually(lambda: False in written)
    assert len(written) < 400
    assert len(client.rest()) == 400 * 65536
    assert not server.errors


def test_a_client_that_never_reads_is_cut_off(serve, peer, fast_sweeps):
    app, ended = App(), threading.Event()

    @app.get("/up")
    async def up(ctx):
        stream = await ctx.take_over("line")
        try:
            while True:
                await stream.write(b"x" * 65536)
        finally:
            ended.set()

    server = serve(app, limits=Limits(write_s=0.05))
    peer(server).send(ASKS)
    assert ended.wait(PATIENCE_S)
    eventually(lambda: server.stats()["connections"] == 0)
    assert not server.errors


def test_a_client_that_sends_more_than_is_read_is_not_listened_to(serve, peer):
    app, go = App(), threading.Event()

    @app.get("/up")
    async def up(ctx):
        stream = await ctx.take_over("line")
        while not go.is_set():
            await ctx.sleep(0.001)
        count = 0
        while data := await stream.read():
            count += len(data)
        await stream.write(str(count).encode())

    server = serve(app, limits=Limits(buffer_bytes=1000))
    client = peer(server).send(ASKS)
    assert client.answer(has_body=False).status == 101
    client.socket.setblocking(False)
    sent = 0
    try:
        while True:
            sent += client.socket.send(b"x" * 65536)
    except BlockingIOError:
        pass
    client.socket.settimeout(PATIENCE_S)
    go.set()
    assert client.says_no_more().rest() == str(sent).encode()


def test_a_stop_ends_the_reading_and_lets_the_handler_say_goodbye(serve, peer):
    server = serve(shouting())
    client = peer(server).send(ASKS)
    assert client.answer(has_body=False).status == 101
    server.stop()
    assert client.rest() == b"BYE"


def test_a_handler_may_close_the_connection_before_it_returns(serve, peer):
    app, go = App(), threading.Event()

    @app.get("/up")
    async def up(ctx):
        stream = await ctx.take_over("line")
        await stream.write(b"x" * 4_000_000)
        stream.close()
        assert stream.closed
        assert await stream.read() == b""
        while not go.is_set():
            await ctx.sleep(0.001)

    server = serve(app)
    client = peer(server).send(ASKS + b"unread")
    assert client.answer(has_body=False).status == 101
    assert len(client.rest()) == 4_000_000
    go.set()
    assert not server.errors


def test_an_abort_is_a_reset_and_never_looks_like_an_end(serve, peer):
    app = App()

    @app.get("/raw")
    async def raw(ctx):
        stream = await ctx.take_over()
        await stream.write(b"HTTP/1.1 200 OK\r\n\r\nhalf of it")
        stream.abort()
        assert await stream.read() == b""

    server = serve(app)
    with pytest.raises(ConnectionResetError):
        peer(server).send(RAW).rest()
    eventually(lambda: server.stats()["connections"] == 0)
    assert not server.errors


def test_one_reads_at_a_time(serve, peer):
    app, streams, told = App(), [], []

    @app.get("/up")
    async def up(ctx):
        streams.append(await ctx.take_over("line"))
        told.append(await streams[0].read())

    client = peer(serve(app)).send(ASKS)
    assert client.answer(has_body=False).status == 101
    eventually(lambda: streams and streams[0].is_read)
    with pytest.raises(RuntimeError, match="read one connection"):
        streams[0].read().send(None)
    client.send(b"x")
    eventually(lambda: told == [b"x"])


def test_a_loop_takes_over_only_in_a_task(peer):
    app = App()

    @app.get("/up")
    def up(ctx):
        try:
            ctx.take_over("line").send(None)
        except RuntimeError as error:
            return str(error)

    with AsyncServer(app) as server:
        assert "`async def` handler" in peer(server).send(ASKS).answer().text


def test_a_handler_that_waits_for_something_else_is_cancelled_when_its_client_has_gone(peer):
    app, cancelled, begun = App(), threading.Event(), threading.Event()

    @app.get("/up")
    async def up(ctx):
        await ctx.take_over("line")
        begun.set()
        try:
            await ctx.sleep(3600)
        finally:
            cancelled.set()

    with AsyncServer(app, limits=Limits(half_closed_s=0.01)) as server:
        client = peer(server).send(ASKS)
        assert begun.wait(PATIENCE_S)
        client.vanish()
        assert cancelled.wait(PATIENCE_S)
        eventually(lambda: server.stats()["connections"] == 0)
        assert not server.errors


def test_a_stop_that_does_not_wait_ends_a_handler_that_does(serve, peer, kind):
    app, begun, go = App(), threading.Event(), threading.Event()

    @app.get("/up")
    async def up(ctx):
        stream = await ctx.take_over("line")
        begun.set()
        while not go.is_set():
            await ctx.sleep(0.001)
        await stream.write(b"too late")

    server = serve(app)
    client = peer(server).send(ASKS)
    assert begun.wait(PATIENCE_S)
    with nobody_can_end(kind):
        server.stop(drain_s=0)
    go.set()
    with suppress(ConnectionError):
        client.answer(has_body=False)
        assert client.rest() == b""


@pytest.mark.parametrize("loop", ["", "asyncio"], ids=["uvloop", "asyncio"])
def test_a_stop_that_does_not_wait_ends_a_handler_whose_client_had_gone(peer, monkeypatch, loop):
    monkeypatch.setenv("ASYNCWEB_LOOP", loop)
    app, gone, ended = App(), threading.Event(), threading.Event()

    @app.get("/up")
    async def up(ctx):
        stream = await ctx.take_over("line")
        while not stream.closed:
            await ctx.sleep(0.001)
        gone.set()
        try:
            await ctx.sleep(3600)
        finally:
            ended.set()

    server = AsyncServer(app, limits=Limits(half_closed_s=3600)).start()
    client = peer(server).send(ASKS)
    client.answer(has_body=False)
    client.vanish()
    assert gone.wait(PATIENCE_S)
    server.stop(drain_s=0)
    assert ended.is_set()
