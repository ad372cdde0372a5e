"""A client and a server by script: any cut, a reset, a half-close and a stall arrive as told."""

import socket
import threading
from contextlib import contextmanager

import pytest

from asyncweb import App
from asyncweb.errors import ClientGone, InstrumentError
from asyncweb.instruments import ScriptedClient, ScriptedPeer
from asyncweb.instruments.scripted_end import ScriptedEnd, every_cut
from tests.conftest import eventually

GET = b"GET /tea HTTP/1.1\r\nHost: test\r\n\r\n"
HELLO = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"


def path_of(ctx):
    return ctx.path


@contextmanager
def talking_to(script):
    """A client of a peer that does `script`."""
    with ScriptedPeer(script) as peer, ScriptedClient(peer.port) as client:
        yield client


@pytest.fixture
def server(serve):
    app = App()
    app.get("/tea")(path_of)
    return serve(app)


@pytest.mark.parametrize("size", [None, 1, 7])
def test_a_request_in_any_cut_is_answered(server, size):
    with ScriptedClient(server.port) as client:
        assert client.send(GET, size=size).answer().text == "/tea"


def test_answers_are_read_one_by_one(server):
    with ScriptedClient(f"http://127.0.0.1:{server.port}/") as client:
        client.send(GET * 3)
        assert [client.answer().status for _ in range(3)] == [200, 200, 200]


def test_after_a_half_close_the_rest_is_still_heard(server):
    with ScriptedClient(server.port) as client:
        assert client.send(GET).half_close().rest().endswith(b"/tea")


def test_an_answer_of_each_frame_is_read():
    chunked = (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n"
    )
    closed = b"HTTP/1.1 200 OK\r\n\r\nhello"
    empty = b"HTTP/1.1 204 No Content\r\n\r\n"
    with talking_to(lambda end: end.send(empty + HELLO + chunked + closed)) as client:
        assert client.answer().status == 204
        assert [client.answer().text for _ in range(3)] == ["hello"] * 3


def test_what_is_no_answer_is_told_as_it_came():
    told = pytest.raises(InstrumentError, match=r"expected an answer of HTTP/1.1, got 'hello")
    with talking_to(lambda end: end.send(b"hello\r\n")) as client, told:
        client.answer()


def test_what_ends_too_soon_is_told_as_far_as_it_came():
    told = pytest.raises(ClientGone, match=r"expected b'lo', .* ended after b'hel'")
    with talking_to(lambda end: end.send(b"hel")) as client, told:
        client.read_until(b"lo")


def test_a_reset_of_the_client_is_no_error_of_the_script():
    heard = threading.Event()

    def listen(end):
        try:
            end.rest()
        finally:
            heard.set()

    with ScriptedPeer(listen) as peer:
        ScriptedClient(peer.port).send(b"x").reset()
        assert heard.wait(10)
    assert peer.errors == []


def test_a_reset_of_the_peer_arrives_as_one():
    def reset(end):
        end.read(1)  # else the client may not be connected yet
        end.reset()

    with talking_to(reset) as client, pytest.raises(ConnectionResetError):
        client.send(b"?")
        client.rest()


def test_a_stall_ends_with_the_block_and_leaves_no_thread():
    before = threading.active_count()
    with ScriptedPeer(ScriptedEnd.stall) as peer:
        clients = [ScriptedClient(peer.port) for _ in range(5)]
        eventually(lambda: peer.came == 5)
    assert threading.active_count() == before
    assert [client.rest() for client in clients] == [b""] * 5
    for client in clients:
        client.close()


def test_after_its_block_nobody_listens():
    with ScriptedPeer(ScriptedEnd.stall) as peer:
        pass
    with pytest.raises(ConnectionRefusedError):
        ScriptedClient(peer.port)


def test_a_script_that_fails_is_kept():
    def wrong(end):
        assert end.read_until(b"\r\n\r\n") == HELLO

    with ScriptedPeer(wrong) as peer, ScriptedClient(peer.port) as client:
        client.send(GET).rest()
    assert [type(error) for error in peer.errors] == [AssertionError]


def test_every_cut_is_the_whole():
    cuts = list(every_cut(GET))
    assert len(cuts) == len(GET) + 1
    assert {b"".join(pieces) for pieces in cuts} == {GET}


def test_closing_twice_is_closing():
    ours, theirs = socket.socketpair()
    with theirs, ScriptedEnd(ours) as end:
        end.close()
