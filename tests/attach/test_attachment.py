"""Who knows the token is told the figures; who does not is told nothing at all."""

import contextlib
import os
import socket
import threading

import pytest

from asyncweb import App, AsyncServer
from asyncweb.attach import asking, attachment, place
from asyncweb.attach.asking import ask
from asyncweb.attach.attachment import attached, open_attachment
from asyncweb.errors import ServerError
from asyncweb.metrics.recorder import Recorder
from tests.conftest import PATIENCE_S, is_free

ME = os.getpid()
LONG = b"x" * 100_000


def said_to(said):
    """What the door of this process answers to `said`."""
    with socket.create_connection(("127.0.0.1", place.find(ME).port), 10) as client:
        client.sendall(said)
        client.shutdown(socket.SHUT_WR)
        return client.makefile("rb").read()


def test_who_knows_the_token_is_told(door):
    door(lambda: {"requests": 7, "statuses": {200: 7}, "each": {12: {"statuses": {}}}})
    assert ask(ME) == {"requests": 7, "statuses": {200: 7}, "each": {12: {"statuses": {}}}}


@pytest.mark.parametrize("said", [b"", b"\n", b"0" * 64 + b"\n", b"GET / HTTP/1.1\r\n\r\n", LONG])
def test_who_does_not_know_the_token_is_told_nothing(door, said):
    door(lambda: {"requests": 7})
    with contextlib.suppress(OSError):  # it has said more than anybody reads
        assert said_to(said) == b""
    assert ask(ME) == {"requests": 7}


def test_a_token_with_something_behind_it_is_none(door):
    door(lambda: {"requests": 7})
    assert said_to(place.find(ME).token.encode()) == b""


def test_who_says_nothing_keeps_the_others_waiting_for_a_moment_only(door, monkeypatch):
    monkeypatch.setattr(attachment, "PATIENCE_S", 0.05)
    door(lambda: {"requests": 7})
    with socket.create_connection(("127.0.0.1", place.find(ME).port), 10):
        assert ask(ME) == {"requests": 7}


def test_a_door_is_reached_from_this_machine_only(door):
    opened = door(dict)
    assert opened._listener.getsockname()[0] == "127.0.0.1"


def test_a_door_that_is_closed_leaves_no_file_and_no_listener(door, runtime):
    opened = door(dict)
    port = place.find(ME).port
    opened.close()
    opened.close()
    assert ask(ME) is None and place.pids() == [] and is_free(port)


@contextlib.contextmanager
def no_files_left():
    """Within, this process cannot open anything."""
    resource = pytest.importorskip("resource")
    usual, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, most))
    try:
        with pytest.raises(OSError, match="Too many open files"):
            socket.socket()
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (usual, most))


def test_a_door_is_closed_at_once_also_where_no_file_can_be_opened_any_more(door):
    opened = door(dict)
    closing = threading.Thread(target=opened.close, daemon=True)
    with no_files_left():
        closing.start()
        closing.join(PATIENCE_S)
    assert not closing.is_alive() and place.pids() == []


def test_who_comes_where_no_file_can_be_opened_is_told_when_one_can(door):
    door(lambda: {"requests": 7})
    with socket.socket() as client:
        client.settimeout(PATIENCE_S)
        found = place.find(ME)
        with no_files_left():
            client.connect(("127.0.0.1", found.port))
            client.sendall(f"{found.token}\n".encode())
        assert client.makefile("rb").read() == b'{"requests": 7}'


def test_a_server_that_cannot_tell_says_why(door):
    def tell():
        raise ServerError("it is ending")

    door(tell)
    with pytest.raises(ServerError, match=f"process {ME}: it is ending"):
        ask(ME)


def test_histograms_come_through_the_door(door):
    recorder = Recorder()
    recorder.ended("/tea", 200, 0.25)
    recorder.lagged(0.5)
    door(lambda: {"each": {12: recorder.counts()}})
    assert recorder.tell(ask(ME)["each"][12]) == recorder.stats()


def test_more_figures_than_are_read_are_told_to_be_too_many(door, monkeypatch):
    monkeypatch.setattr(asking, "MOST_BYTES", 100)
    door(lambda: {"name": "x" * 200})
    with pytest.raises(ServerError, match=f"process {ME} tells more than 100 bytes of figures"):
        ask(ME)


def test_figures_as_another_release_tells_them_are_told_to_be_just_that(door):
    door(lambda: {"requests": 7, "routes": {"/tea": {"count": 1, "p99": 0.25}}})
    with pytest.raises(ServerError, match=f"process {ME} tells its figures in a way unknown here"):
        ask(ME)


def test_a_file_that_a_killed_server_left_is_no_door():
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    place.leave(ME, place.Door(port, "old"))
    assert ask(ME) is None


def test_without_a_place_for_it_a_server_serves_all_the_same(runtime, monkeypatch, caplog):
    def refuse(*_):
        raise PermissionError("not yours alone")

    monkeypatch.setattr(place, "leave", refuse)
    assert open_attachment(dict) is None
    assert "cannot look at this process: not yours alone" in caplog.text
    with AsyncServer(App()) as server, attached(server):
        assert server.is_running


def test_a_server_tells_what_it_is_called_and_where_it_is():
    with AsyncServer(App(), name="fast") as server, attached(server):
        told = ask(ME)
    assert (told["name"], told["engine"], told["url"]) == ("fast", "async", server.url)
    assert told["requests"] == 0
