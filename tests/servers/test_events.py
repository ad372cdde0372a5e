"""Server-sent events from both engines: at once, with signs of life, until the client leaves."""

import threading

import pytest

from asyncweb import App, Event, EventStream, Limits
from tests.conftest import PATIENCE_S, THREADED, eventually

HOSTS = ("asgi",)  # a WSGI host can send no heartbeat: its thread waits for the next event
HOSTS_EXCUSED = {"test_a_slow_reader_of_events_is_cut_off": "patience is the host's"}

GET = b"GET / HTTP/1.1\r\nHost: t\r\n\r\n"


def streaming(source, **options):
    app = App()

    @app.get("/")
    async def events(ctx):
        return EventStream(source(ctx), **options)

    return app


def heard(client, until):
    data = b""
    while until not in data:
        piece = client.socket.recv(1)
        assert piece, data
        data += piece
    return data


def test_an_event_is_sent_when_it_is_there(serve, peer):
    go = threading.Event()

    async def source(ctx):
        yield {"number": 1}
        while not go.is_set():
            await ctx.sleep(0.001)
        yield Event("two", event="last", id="2")

    client = peer(serve(streaming(source, retry_s=3))).send(GET)
    first = heard(client, b'data: {"number":1}\n\n')
    assert b"\r\ncontent-type: text/event-stream\r\n" in first
    assert b"retry: 3000\n\n" in first
    go.set()
    assert heard(client, b"data: two\n\n").endswith(b"event: last\nid: 2\ndata: two\n\n")


@pytest.mark.parametrize("version", [b"1.1", b"1.0"])
def test_a_silent_source_shows_signs_of_life(kind, serve, peer, fast_sweeps, version):
    go = threading.Event()

    def waits(ctx):
        yield "first"
        assert go.wait(PATIENCE_S)
        yield "last"

    async def awaits(ctx):
        yield "first"
        while not go.is_set():
            await ctx.sleep(0.001)
        yield "last"

    is_blocking = kind in THREADED
    server = serve(streaming(waits if is_blocking else awaits, heartbeat_s=0.01))
    client = peer(server).send(GET.replace(b"1.1", version))
    heard(client, b"data: first\n\n")
    for _ in range(3):
        heard(client, b":\n\n" if version == b"1.0" else b"3\r\n:\n\n\r\n")
    go.set()
    heard(client, b"data: last\n\n")
    assert not server.errors


def test_a_heartbeat_is_never_in_the_middle_of_an_event(serve, peer, fast_sweeps):
    async def source(ctx):
        for number in range(200):
            yield f"{number} " + "x" * 20_000
            await ctx.sleep(0.001)

    server = serve(streaming(source, heartbeat_s=0.0001))
    answer = peer(server).send(GET).answer()
    events = [event for event in answer.text.split("\n\n") if event not in ("", ":")]
    assert [event.split()[1] for event in events] == [str(number) for number in range(200)]
    assert all(len(event) > 20_000 for event in events)
    assert not server.errors


def test_the_source_is_closed_when_the_client_leaves(serve, peer):
    closed = threading.Event()

    async def source(ctx):
        try:
            while True:
                yield "tick"
                await ctx.sleep(0.001)
        finally:
            closed.set()

    server = serve(streaming(source))
    client = peer(server).send(GET)
    heard(client, b"tick")
    client.vanish()
    assert closed.wait(PATIENCE_S)
    eventually(lambda: server.stats()["connections"] == 0)
    assert not server.errors


def test_a_client_that_comes_back_says_what_it_heard_last(serve, peer):
    def source(ctx):
        yield Event(str(ctx.last_event_id), id="é")

    server = serve(streaming(source))
    answer = peer(server).send(GET[:-2] + "Last-Event-ID: é7\r\n\r\n".encode()).answer()
    assert answer.text == "id: é\ndata: é7\n\n"
    assert peer(server).get("/").text == "id: é\ndata: None\n\n"


def test_a_head_asks_for_no_events(serve, peer):
    closed = []

    def source(ctx):
        closed.append(ctx)
        yield "x"

    client = peer(serve(streaming(source, heartbeat_s=1))).send(GET.replace(b"GET", b"HEAD"))
    assert client.answer(has_body=False).headers["content-type"] == "text/event-stream"
    assert not closed


def test_a_slow_reader_of_events_is_cut_off(serve, peer, fast_sweeps):
    closed = threading.Event()

    def source(ctx):
        try:
            while True:
                yield "x" * 65536
        finally:
            closed.set()

    server = serve(streaming(source), limits=Limits(write_s=0.05))
    peer(server).send(GET)
    assert closed.wait(PATIENCE_S)
