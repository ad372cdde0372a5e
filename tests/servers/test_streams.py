"""Answers that come in pieces, and clients that leave in the middle of them."""

import threading
from contextvars import ContextVar

import pytest

from asyncweb import App, Response
from tests.conftest import PATIENCE_S, eventually, nobody_can_end

ENDING = "how a connection ends is for the host to say"
HOSTS_EXCUSED = {
    "test_a_stream_that_raises_never_looks_complete_to_http_1_0": ENDING,
    "test_a_stream_cut_by_a_stop_never_looks_complete_to_http_1_0": ENDING,
    "test_head_of_a_stream_begins_no_stream": "hosts do not tell HEAD how GET would be framed",
    "KeyboardInterrupt": "a host takes it for its own",
}


def stream_of(pieces, path="/"):
    app = App()

    @app.get(path)
    def stream(ctx):
        return pieces(ctx)

    return app


def test_each_piece_is_sent_when_it_is_there(serve, peer):
    first_was_read = threading.Event()

    async def pieces(ctx):
        yield "first"
        while not first_was_read.is_set():
            await ctx.sleep(0.001)
        yield "second"

    client = peer(serve(stream_of(pieces))).send(b"GET / HTTP/1.1\r\nHost: t\r\n\r\n")
    head = b""
    while not head.endswith(b"5\r\nfirst\r\n"):
        head += client.socket.recv(1)
    assert b"second" not in head
    first_was_read.set()
    assert client.rest_of_chunks() == b"second"


def test_a_stream_of_declared_length_needs_no_chunks(serve, peer):
    def pieces(ctx):
        return Response(iter([b"12", b"345"]), headers={"content-length": "5"})

    answer = peer(serve(stream_of(pieces))).get("/")
    assert answer.headers["content-length"] == "5"
    assert answer.body == b"12345"


@pytest.mark.parametrize("declared", [3, 9])
def test_a_stream_of_another_length_than_declared_is_broken_off(serve, peer, declared):
    def pieces(ctx):
        return Response(iter([b"12", b"345"]), headers={"content-length": str(declared)})

    server = serve(stream_of(pieces))
    with pytest.raises((ConnectionError, AssertionError)):
        assert peer(server).get("/").body == b"x" * declared
    assert "Content-Length" in server.errors[0].error


def test_a_stream_that_raises_is_broken_off_and_kept_in_errors(serve, peer):
    def pieces(ctx):
        yield "first"
        raise ValueError("no more")

    server = serve(stream_of(pieces))
    with pytest.raises((ConnectionError, ValueError)):
        peer(server).get("/")
    eventually(lambda: server.errors)
    assert server.errors[0].error == "ValueError: no more"
    assert 'raise ValueError("no more")' in server.errors[0].traceback


def test_a_stream_that_raises_never_looks_complete_to_http_1_0(serve, peer):
    def pieces(ctx):
        yield "first"
        raise ValueError("no more")

    client = peer(serve(stream_of(pieces))).send(b"GET / HTTP/1.0\r\n\r\n")
    with pytest.raises(ConnectionError):
        client.rest()


def test_a_stream_that_yields_neither_text_nor_bytes_is_an_error_that_says_so(serve, peer):
    server = serve(stream_of(lambda ctx: iter([7])))
    with pytest.raises((ConnectionError, ValueError)):
        peer(server).get("/")
    eventually(lambda: server.errors)
    assert "may yield bytes or str" in server.errors[0].error


@pytest.mark.parametrize("waits", [False, True], ids=["def", "async def"])
def test_a_stream_is_closed_when_its_client_leaves(serve, peer, waits):
    closed = threading.Event()

    def plain(ctx):
        try:
            while True:
                yield b"x" * 100_000
        finally:
            closed.set()

    async def waiting(ctx):
        try:
            while True:
                yield b"x" * 100_000
                await ctx.sleep(0.001)
        finally:
            closed.set()

    server = serve(stream_of(waiting if waits else plain))
    client = peer(server).send(b"GET / HTTP/1.1\r\nHost: t\r\n\r\n")
    client.socket.recv(1000)
    client.vanish()
    assert closed.wait(PATIENCE_S)
    eventually(lambda: server.stats()["in_flight"] == 0)
    assert server.errors == []


def test_a_stream_waits_for_a_slow_reader(serve, peer):
    """What the handler is ahead of its client is bounded: by the sockets, not by the stream."""
    produced = []

    def pieces(ctx):
        for _ in range(1000):
            produced.append(1)
            yield b"x" * 100_000

    server = serve(stream_of(pieces))
    client = peer(server).send(b"GET / HTTP/1.1\r\nHost: t\r\n\r\n")
    client.socket.recv(1000)
    eventually(lambda: produced and peer(server).get("/nowhere").status == 404)
    assert len(produced) < 1000


def test_head_of_a_stream_begins_no_stream(serve, peer):
    begun = []

    def pieces(ctx):
        begun.append(1)
        yield "x"

    client = peer(serve(stream_of(pieces))).send(b"HEAD / HTTP/1.1\r\nHost: t\r\n\r\n")
    assert client.answer(has_body=False).headers["transfer-encoding"] == "chunked"
    assert client.get("/").text == "x"
    assert begun == [1]


def test_a_stream_cut_by_a_stop_never_looks_complete_to_http_1_0(serve, peer, kind):
    begun, go_on = threading.Event(), threading.Event()

    async def pieces(ctx):
        yield "first"
        begun.set()
        while not go_on.is_set():
            await ctx.sleep(0.001)
        yield "second"

    server = serve(stream_of(pieces))
    client = peer(server).send(b"GET / HTTP/1.0\r\n\r\n")
    assert begun.wait(PATIENCE_S)
    with nobody_can_end(kind):
        server.stop(drain_s=0.0)
    go_on.set()
    with pytest.raises(ConnectionError):
        client.rest()


class Closable:
    """Pieces that tell when they are closed."""

    def __init__(self):
        self.closed = threading.Event()

    def __iter__(self):
        return self

    def __next__(self):
        raise StopIteration

    def close(self):
        self.closed.set()


def test_what_gave_a_stream_nobody_wants_is_closed(serve, peer):
    pieces = Closable()
    client = peer(serve(stream_of(lambda ctx: pieces)))
    client.send(b"HEAD / HTTP/1.1\r\nHost: t\r\n\r\n").answer(has_body=False)
    assert pieces.closed.wait(PATIENCE_S)


def test_what_gave_a_stream_is_closed_though_nobody_is_left_to_take_its_head(serve, peer):
    pieces, begun, has_left = Closable(), threading.Event(), threading.Event()

    def stream(ctx):
        begun.set()
        has_left.wait(PATIENCE_S)
        return pieces

    client = peer(serve(stream_of(stream))).send(b"GET / HTTP/1.1\r\nHost: t\r\n\r\n")
    assert begun.wait(PATIENCE_S)
    client.vanish()
    has_left.set()
    assert pieces.closed.wait(PATIENCE_S)


@pytest.mark.parametrize("method", [b"GET", b"HEAD"])
@pytest.mark.parametrize("waits", [False, True], ids=["close", "aclose"])
def test_a_stream_that_raises_when_it_is_closed_is_broken_off(serve, peer, method, waits):
    class Pieces:
        def __iter__(self):
            return iter(["one"])

        def __next__(self):
            raise StopIteration

        def close(self):
            raise LookupError("in close")

    class Waiting:
        async def __aiter__(self):
            yield "one"

        async def aclose(self):
            raise LookupError("in close")

    server = serve(stream_of(lambda ctx: (Waiting if waits else Pieces)()))
    client = peer(server).send(method + b" / HTTP/1.1\r\nHost: t\r\n\r\n")
    with pytest.raises((ConnectionError, ValueError, AssertionError)):
        client.answer(has_body=method == b"GET")
        client.get("/nowhere")
    eventually(lambda: server.errors)
    assert server.errors[0].error == "LookupError: in close"
    assert peer(server).get("/nowhere").status == 404


@pytest.mark.parametrize("error", [SystemExit, KeyboardInterrupt, MemoryError, FileNotFoundError])
@pytest.mark.parametrize("waits", [False, True], ids=["def", "async def"])
def test_nothing_a_stream_raises_ends_the_server_and_all_is_kept(serve, peer, error, waits):
    def plain(ctx):
        yield "first"
        raise error

    async def waiting(ctx):
        yield "first"
        await ctx.sleep(0.001)
        raise error

    server = serve(stream_of(waiting if waits else plain))
    other = peer(server)
    assert other.get("/nowhere").status == 404
    with pytest.raises((ConnectionError, ValueError)):
        peer(server).get("/")
    eventually(lambda: server.errors)
    assert error.__name__ in server.errors[0].error
    assert other.get("/nowhere").status == 404


def test_context_variables_of_a_stream_are_not_seen_by_the_next_request(serve, peer):
    seen = ContextVar("seen", default="nothing")

    def pieces(ctx):
        yield seen.get()
        seen.set("something")
        yield ""

    client = peer(serve(stream_of(pieces)))
    assert [client.get("/").text for _ in range(8)] == ["nothing"] * 8
