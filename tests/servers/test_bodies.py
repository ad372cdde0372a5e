"""Bodies that a handler takes piece by piece, on every kind of server."""

import asyncio
import queue
import socket
import threading

import pytest

from asyncweb import App, AsyncServer, HTTPError, Limits, ThreadServer
from tests.conftest import PATIENCE_S, THREADED, eventually

READS_ALL = "cheroot has no read1: reading waits for all that is asked for"
CLOSING = "when a connection closes, and how, is for the host to say"
CONTINUE = "when to say 100 is for the host to say"
HOSTS_EXCUSED = {
    "wsgi: test_a_handler_has_the_first_piece_before_the_second_is_sent": READS_ALL,
    "wsgi: test_the_rest_of_a_body_is_read_at_once": READS_ALL,
    "wsgi: test_a_body_held_back_is_asked_for_when_the_handler_first_wants_it": READS_ALL,
    "test_a_body_nobody_wants_is_not_asked_for": CONTINUE,
    "test_an_answer_that_has_begun_is_never_cut_by_100_continue": CONTINUE,
    "test_an_answer_before_the_body_is_read_and_nothing_is_reset": CLOSING,
    "wsgi: test_an_answer_may_be_made_of_the_body_while_it_arrives": READS_ALL,
    "test_a_client_may_close_its_side_after_the_body_and_still_read_the_whole_echo": CLOSING,
    "wsgi: test_requests_behind_a_streamed_body_are_answered_in_order": READS_ALL,
    "test_a_body_declared_too_large_is_refused_before_its_handler_is_called": CLOSING,
    "test_a_body_that_breaks_off_is_told_to_handler_and_client": CLOSING,
    "test_a_body_too_slow_is_told_to_handler_and_client": "patience is the host's",
    "test_a_handler_may_answer_a_broken_body_as_it_likes_and_the_connection_ends": CLOSING,
    "asgi: test_a_handler_whose_client_vanishes_in_the_body_is_told": "it is told by an error",
    "wsgi: test_a_handler_whose_client_vanishes_in_the_body_is_told": READS_ALL,
    "wsgi: test_a_client_that_vanishes_in_its_echo_is_no_failure_of_the_app": READS_ALL,
    "test_a_body_that_breaks_off_in_its_echo_resets_and_is_no_failure_of_the_app": CLOSING,
}

HEAD = b"POST /up HTTP/1.1\r\nHost: t\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
NEXT = b"GET / HTTP/1.1\r\nHost: t\r\n\r\n"


def declared(length, fields=b""):
    return HEAD + b"Content-Length: %d\r\n%b\r\n" % (length, fields)


@pytest.fixture
def app():
    app = App()
    app.state.seen = queue.SimpleQueue()  # what handlers tell while they work

    @app.get("/")
    def home(ctx):
        return "hello"

    @app.post("/up", stream=True)
    async def up(ctx):
        seen = []
        try:
            async for piece in ctx.stream:
                seen.append(piece)
                app.state.seen.put(piece)
        except HTTPError as error:
            app.state.seen.put(error)
            raise
        finally:
            app.state.seen.put("end")
        return b"".join(seen)

    return app


def held_back(path):
    head = b"POST %b HTTP/1.1\r\nHost: t\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n"
    return head % path


def gated(app):
    """A handler that takes the body only when it is told to."""
    app.state.begun, app.state.open = threading.Event(), threading.Event()

    @app.post("/gate", stream=True)
    async def gate(ctx):
        app.state.begun.set()
        while not app.state.open.is_set():
            await ctx.sleep(0.001)
        return str(len(await ctx.stream.read()))


def told(app):
    return app.state.seen.get(timeout=PATIENCE_S)


def collected(app, count):
    """The next `count` bytes that the handler has seen."""
    seen = b""
    while len(seen) < count:
        seen += told(app)
    return seen


# ---------------------------------------------------------------------- while it arrives


@pytest.mark.parametrize(
    ("head", "pieces"),
    [
        (declared(10), [b"first", b"other"]),
        (CHUNKED, [b"5\r\nfirst\r\n", b"5\r\nother\r\n0\r\n\r\n"]),
    ],
    ids=["a length", "chunks"],
)
def test_a_handler_has_the_first_piece_before_the_second_is_sent(serve, peer, app, head, pieces):
    client = peer(serve(app)).send(head + pieces[0])
    assert collected(app, 5) == b"first"
    client.send(pieces[1])
    assert collected(app, 5) == b"other"
    assert client.answer().body == b"firstother"
    assert client.get("/").text == "hello"


def test_a_body_that_comes_with_its_head_is_taken_whatever_may_wait(serve, peer, app):
    client = peer(serve(app, limits=Limits(pipelined_requests=1)))
    client.send(declared(5) + b"first" + NEXT + declared(5) + b"other" + NEXT)
    assert [client.answer().text for _ in range(4)] == ["first", "hello", "other", "hello"]


def test_the_rest_of_a_body_is_read_at_once(serve, peer, app):
    @app.post("/rest", stream=True)
    async def rest(ctx):
        async for first in ctx.stream:
            app.state.seen.put(first)
            break
        return [first.decode(), (await ctx.stream.read()).decode(), len(await ctx.stream.read())]

    client = peer(serve(app))
    client.send(b"POST /rest HTTP/1.1\r\nHost: t\r\nContent-Length: 10\r\n\r\nfirst")
    assert collected(app, 5) == b"first"
    assert client.send(b"other").answer().text == '["first","other",0]'


def test_a_plain_def_on_a_thread_waits_for_its_pieces(peer, app):
    @app.post("/plain", stream=True)
    def plain(ctx):
        for piece in ctx.stream:
            app.state.seen.put(piece)
        return "all"

    for settings in ({}, {"max_threads": 1}):
        with ThreadServer(app, **settings) as server:
            client = peer(server)
            client.send(b"POST /plain HTTP/1.1\r\nHost: t\r\nContent-Length: 10\r\n\r\nfirst")
            assert collected(app, 5) == b"first"
            client.send(b"other")
            assert collected(app, 5) == b"other"
            assert client.answer().text == "all"


@pytest.mark.parametrize("loop", ["", "asyncio"])
def test_a_plain_def_on_a_loop_is_told_how_to_wait(peer, app, monkeypatch, loop):
    monkeypatch.setenv("ASYNCWEB_LOOP", loop)

    @app.post("/plain", stream=True)
    def plain(ctx):
        return b"".join(ctx.stream)

    with AsyncServer(app) as server:
        client = peer(server)
        head = b"POST /plain HTTP/1.1\r\nHost: t\r\nContent-Length: 5\r\n\r\n"
        assert client.send(head + b"whole").answer().text == "whole"
        assert client.send(head).answer().status == 500
        assert client.send(b"whole").rest() == b""
        (failure,) = server.errors
    assert "make the handler `async def` and write `async for piece in ctx.stream`" in failure.error
    assert "return b" in failure.traceback


def test_a_body_asked_for_whole_in_a_streaming_route_is_an_error_with_advice(serve, peer, app):
    @app.post("/whole", stream=True)
    def whole(ctx):
        return ctx.body

    server = serve(app)
    client = peer(server).send(b"POST /whole HTTP/1.1\r\nHost: t\r\nContent-Length: 2\r\n\r\nhi")
    assert client.answer().status == 500
    assert server.errors[0].error.startswith("TypeError: this route takes its body in pieces")


@pytest.mark.parametrize("fields", [b"", b"Content-Length: 0\r\n"])
@pytest.mark.parametrize("method", [b"GET", b"HEAD", b"POST"])
def test_a_streaming_route_takes_requests_without_a_body(serve, peer, app, method, fields):
    @app.route("/any", ["GET", "POST"], stream=True)
    async def any_of_them(ctx):
        return str(len(await ctx.stream.read()) + len(ctx.body))

    client = peer(serve(app)).send(b"%b /any HTTP/1.1\r\nHost: t\r\n%b\r\n" % (method, fields))
    answer = client.answer(has_body=method != b"HEAD")
    assert (answer.status, answer.headers["content-length"]) == (200, "1")
    assert client.get("/").text == "hello"


def test_the_answer_to_head_has_no_content_even_when_its_body_is_streamed(serve, peer, app):
    @app.route("/any", ["GET"], stream=True)
    async def get(ctx):
        return await ctx.stream.read()

    client = peer(serve(app))
    client.send(b"HEAD /any HTTP/1.1\r\nHost: t\r\nContent-Length: 2\r\n\r\nhi" + NEXT)
    assert client.answer(has_body=False).headers["content-length"] == "2"
    assert client.answer().text == "hello"


def test_a_route_that_does_not_stream_has_one_piece(serve, peer, app):
    @app.post("/whole")
    async def whole(ctx):
        return [len(piece) async for piece in ctx.stream]

    client = peer(serve(app))
    client.send(b"POST /whole HTTP/1.1\r\nHost: t\r\nContent-Length: 5\r\n\r\nwh")
    assert client.send(b"ole").answer().text == "[5]"


# ---------------------------------------------------------------------- back-pressure


def test_a_handler_that_does_not_take_holds_up_the_client_and_goes_on_later(serve, peer, app):
    gated(app)
    client = peer(serve(app, limits=Limits(buffer_bytes=64 * 1024)))
    total = 40 * 1024 * 1024
    client.send(b"POST /gate HTTP/1.1\r\nHost: t\r\nContent-Length: %d\r\n\r\n" % total)
    assert app.state.begun.wait(PATIENCE_S)
    client.socket.settimeout(0.2)
    sent = 0
    with pytest.raises(TimeoutError):
        while sent < total:
            sent += client.socket.send(b"x" * min(65536, total - sent))
    assert sent < total / 2  # the sockets of both sides, and no more
    client.socket.settimeout(PATIENCE_S)
    app.state.open.set()
    client.send(b"x" * (total - sent))
    assert client.answer().text == str(total)
    assert client.get("/").text == "hello"


# ---------------------------------------------------------------------- 100 Continue


def test_a_body_held_back_is_asked_for_when_the_handler_first_wants_it(serve, peer, app):
    gated(app)
    client = peer(serve(app))
    client.send(held_back(b"/gate"))
    assert app.state.begun.wait(PATIENCE_S)
    client.socket.setblocking(False)
    with pytest.raises(BlockingIOError):
        client.socket.recv(1)
    client.socket.settimeout(PATIENCE_S)
    app.state.open.set()
    assert client.answer().status == 100
    assert client.send(b"hi").answer().text == "2"


def test_a_body_nobody_wants_is_not_asked_for(serve, peer, app):
    @app.post("/no", stream=True)
    def no(ctx):
        return "no", 403

    client = peer(serve(app))
    client.send(held_back(b"/no"))
    answer = client.answer()
    assert (answer.status, answer.headers["connection"]) == (403, "close")
    client.says_no_more()
    assert client.rest() == b""


def test_an_answer_that_has_begun_is_never_cut_by_100_continue(serve, peer, app):
    @app.post("/echo", stream=True)
    async def echo(ctx):
        async def pieces():
            yield b"begin "
            async for piece in ctx.stream:
                yield piece

        return pieces()

    client = peer(serve(app))
    client.send(held_back(b"/echo"))
    assert client.answer(has_body=False).status == 100  # it comes before the head, or never
    answer = client.send(b"hi").answer()
    assert (answer.status, answer.body) == (200, b"begin hi")


# ---------------------------------------------------------------------- answers before the end


def test_an_answer_before_the_body_is_read_and_nothing_is_reset(serve, peer, app):
    @app.post("/no", stream=True)
    def no(ctx):
        return "no", 403

    client = peer(serve(app))
    client.send(b"POST /no HTTP/1.1\r\nHost: t\r\nContent-Length: 3000000\r\n\r\n")
    client.send(b"x" * 3_000_000).says_no_more()
    answer = client.answer()
    assert (answer.status, answer.text, answer.headers["connection"]) == (403, "no", "close")
    assert client.rest() == b""


def test_an_answer_may_be_made_of_the_body_while_it_arrives(serve, peer, app):
    @app.post("/echo", stream=True)
    async def echo(ctx):
        async def pieces():
            async for piece in ctx.stream:
                yield piece.upper()

        return pieces()

    server = serve(app)
    client = peer(server).send(b"POST /echo HTTP/1.1\r\nHost: t\r\nContent-Length: 9\r\n\r\n")
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        head += client.socket.recv(1)
    for piece in (b"one", b"two", b"six"):
        client.send(piece)
        assert client.socket.recv(8, socket.MSG_WAITALL) == b"3\r\n%b\r\n" % piece.upper()
    assert client.socket.recv(5, socket.MSG_WAITALL) == b"0\r\n\r\n"
    assert server.errors == []


def test_a_client_may_close_its_side_after_the_body_and_still_read_the_whole_echo(serve, peer, app):
    said_no_more, go_on = threading.Event(), threading.Event()

    @app.post("/echo", stream=True)
    async def echo(ctx):
        async def pieces():
            yield b"begin "
            async for piece in ctx.stream:
                yield piece
            said_no_more.set()
            while not (go_on.is_set() and ctx.closed):
                await ctx.sleep(0.001)
            yield b" end"

        return pieces()

    client = peer(serve(app)).send(b"POST /echo HTTP/1.1\r\nHost: t\r\nContent-Length: 2\r\n\r\nhi")
    assert said_no_more.wait(PATIENCE_S)
    client.says_no_more()
    go_on.set()
    assert client.answer().body == b"begin hi end"


def test_requests_behind_a_streamed_body_are_answered_in_order(serve, peer, app):
    client = peer(serve(app))
    client.send(NEXT + declared(5) + b"fi")
    assert client.answer().text == "hello"
    assert collected(app, 2) == b"fi"
    client.send(b"rst" + NEXT + CHUNKED + b"5\r\nother\r\n0\r\n\r\n" + NEXT)
    assert [client.answer().text for _ in range(4)] == ["first", "hello", "other", "hello"]


def test_two_tasks_that_read_one_body_are_told_apart(peer, app):
    @app.post("/two", stream=True)
    async def two(ctx):
        first = asyncio.create_task(ctx.stream.read())
        await asyncio.sleep(0)
        try:
            await ctx.stream.read()
        except RuntimeError as error:
            app.state.seen.put(str(error))
        return await first

    limits = Limits(body_s=60.0)
    with AsyncServer(app, limits=limits) as server:
        client = peer(server)
        client.send(b"POST /two HTTP/1.1\r\nHost: t\r\nContent-Length: 2\r\n\r\n")
        assert "let one of them read" in told(app)
        (here,) = server._running.clients
        assert here.connection.waits_for == "body"  # the first one still does
        assert client.send(b"hi").answer().text == "hi"


# ---------------------------------------------------------------------- bodies that break off


def test_a_body_declared_too_large_is_refused_before_its_handler_is_called(serve, peer, app):
    client = peer(serve(app, limits=Limits(stream_bytes=1000))).send(declared(1001))
    assert client.answer().status == 413
    assert client.rest() == b""
    assert app.state.seen.empty()


def test_a_body_may_be_larger_than_one_kept_in_memory(serve, peer, app):
    client = peer(serve(app, limits=Limits(body_bytes=10))).send(declared(1000) + b"x" * 1000)
    assert client.answer().body == b"x" * 1000


BROKEN = {
    "too large": (CHUNKED + b"5\r\nfirst\r\n", b"fff\r\n", 413),
    "no size of a chunk": (CHUNKED + b"5\r\nfirst\r\n", b"zz\r\n", 400),
    "longer than its size": (CHUNKED + b"5\r\nfirst\r\n", b"2\r\nlong\r\n", 400),
    "half-closed": (declared(10) + b"first", None, 400),
    "half-closed in chunks": (CHUNKED + b"5\r\nfirst\r\n", None, 400),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_body_that_breaks_off_is_told_to_handler_and_client(serve, peer, app, name):
    begun, wrong, status = BROKEN[name]
    server = serve(app, limits=Limits(stream_bytes=1000))
    client = peer(server).send(begun)
    assert collected(app, 5) == b"first"
    if wrong is None:
        client.says_no_more()
    else:
        client.send(wrong + NEXT)
    answer = client.answer()
    assert (answer.status, answer.headers["connection"]) == (status, "close")
    assert client.rest() == b""
    left = [told(app) for _ in range(2)] if name != "longer than its size" else []
    assert [getattr(what, "status", what) for what in left] == ([status, "end"] if left else [])
    assert server.errors == []


@pytest.mark.usefixtures("fast_sweeps")
def test_a_body_too_slow_is_told_to_handler_and_client(serve, peer, app):
    server = serve(app, limits=Limits(body_s=0.05))
    client = peer(server).send(declared(10) + b"first")
    answer = client.answer()
    assert (answer.status, answer.headers["connection"]) == (408, "close")
    assert client.rest() == b""
    assert collected(app, 5) == b"first"
    assert [getattr(told(app), "status", "end") for _ in range(2)] == [408, "end"]
    assert server.errors == []


@pytest.mark.usefixtures("fast_sweeps")
def test_a_handler_may_answer_a_broken_body_as_it_likes_and_the_connection_ends(serve, peer, app):
    @app.post("/patient", stream=True)
    async def patient(ctx):
        try:
            return await ctx.stream.read()
        except HTTPError as error:
            return f"I know: {error.status}"

    client = peer(serve(app, limits=Limits(body_s=0.05)))
    client.send(b"POST /patient HTTP/1.1\r\nHost: t\r\nContent-Length: 10\r\n\r\nfirst")
    answer = client.answer()
    assert (answer.status, answer.text) == (200, "I know: 408")
    assert client.rest() == b""


@pytest.mark.parametrize("head", [declared(10), CHUNKED + b"a\r\n"], ids=["a length", "chunks"])
def test_a_handler_whose_client_vanishes_in_the_body_is_told(serve, peer, app, kind, head):
    server = serve(app)
    client = peer(server).send(head + b"first")
    assert collected(app, 5) == b"first"
    client.vanish()
    if kind in THREADED:
        assert told(app).status == 400
    assert told(app) == "end"
    eventually(lambda: server.stats()["connections"] == 0)
    assert server.errors == []


def test_a_client_that_vanishes_in_its_echo_is_no_failure_of_the_app(serve, peer, app):
    begun = threading.Event()

    @app.post("/echo", stream=True)
    async def echo(ctx):
        async def pieces():
            try:
                async for piece in ctx.stream:
                    begun.set()
                    yield piece
            finally:
                app.state.seen.put("end")

        return pieces()

    server = serve(app)
    client = peer(server).send(b"POST /echo HTTP/1.1\r\nHost: t\r\nContent-Length: 9\r\n\r\nhi")
    assert begun.wait(PATIENCE_S)
    client.vanish()
    assert told(app) == "end"
    eventually(lambda: server.stats()["connections"] == 0)
    assert server.errors == []


def test_a_body_that_breaks_off_in_its_echo_resets_and_is_no_failure_of_the_app(serve, peer, app):
    @app.post("/echo", stream=True)
    async def echo(ctx):
        return ctx.stream

    server = serve(app)
    client = peer(server).send(b"POST /echo HTTP/1.1\r\nHost: t\r\nContent-Length: 9\r\n\r\nhi")
    while client.socket.recv(1) != b"h":
        pass
    client.says_no_more()
    with pytest.raises(ConnectionError):
        client.rest()
    eventually(lambda: server.stats()["connections"] == 0)
    assert server.errors == []


def test_a_task_that_reads_on_when_its_handler_is_gone_is_told_too(peer, app):
    @app.post("/task", stream=True)
    async def detach(ctx):
        async def read():
            try:
                await ctx.stream.read()
            except HTTPError as error:
                app.state.seen.put(error.status)

        app.state.task = asyncio.create_task(read())
        app.state.seen.put("begun")
        await ctx.sleep(3600)

    with AsyncServer(app) as server:
        client = peer(server)
        client.send(b"POST /task HTTP/1.1\r\nHost: t\r\nContent-Length: 9\r\n\r\nhi")
        assert told(app) == "begun"
        client.vanish()
        assert told(app) == 400
