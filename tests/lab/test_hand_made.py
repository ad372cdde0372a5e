"""A server made by hand ends when it is told to, wherever its code waits."""

import asyncio
import selectors
import socket
import threading
import warnings
from contextlib import ExitStack, suppress

import pytest
import uvloop

from asyncweb.lab import hand_made
from asyncweb.lab.hand_made import start, stop_all
from tests.conftest import PATIENCE_S, eventually, is_free


@pytest.fixture(autouse=True)
def all_stopped():
    yield
    stop_all()


def echo(connection):
    with connection:
        while data := connection.recv(1024):
            connection.sendall(data)


def blocking(listener):
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        echo(connection)


def threaded(listener):
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=echo, args=(connection,), daemon=True).start()


def selecting(listener):
    with selectors.DefaultSelector() as selector, ExitStack() as connections:

        def accept(listener):
            connection = connections.enter_context(listener.accept()[0])
            selector.register(connection, selectors.EVENT_READ, answer)

        def answer(connection):
            data = connection.recv(1024)
            if data:
                connection.sendall(data)
            else:
                selector.unregister(connection)

        selector.register(listener, selectors.EVENT_READ, accept)
        with suppress(OSError):
            while True:
                for key, _ in selector.select():
                    key.data(key.fileobj)


async def awaiting(listener):
    loop = asyncio.get_running_loop()
    listener.setblocking(False)

    async def echo(connection):
        with connection:
            while data := await loop.sock_recv(connection, 1024):
                await loop.sock_sendall(connection, data)

    async with asyncio.TaskGroup() as clients:
        while True:
            try:
                connection, _ = await loop.sock_accept(listener)
            except OSError:
                return
            clients.create_task(echo(connection))


def on_asyncio(listener):
    with asyncio.Runner() as runner:
        runner.run(awaiting(listener))


def on_uvloop(listener):
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(awaiting(listener))


EVERY_KIND = pytest.mark.parametrize(
    "serve", [blocking, threaded, selecting, on_asyncio, on_uvloop], ids=lambda kind: kind.__name__
)


def connect(server):
    return socket.create_connection(server.address, PATIENCE_S)


def said(client, data=b"hello"):
    client.sendall(data)
    return client.recv(1024)


@EVERY_KIND
def test_it_serves_and_then_ends_while_nobody_is_there(serve):
    server = start(serve)
    with connect(server) as client:
        assert said(client) == b"hello"
    server.stop()
    assert not server.is_running and server.error is None
    assert is_free(server.address[1])
    assert "stopped" in repr(server)


@EVERY_KIND
def test_it_ends_while_a_client_is_there_and_silent(serve):
    server = start(serve)
    with connect(server) as client:
        assert said(client) == b"hello"
        server.stop()
        assert not server.is_running
        assert client.recv(1024) == b""


@EVERY_KIND
def test_run_again_it_has_the_same_address_and_the_old_one_is_gone(serve):
    old = start(serve)
    new = start(serve)
    assert new.address == old.address
    assert not old.is_running and new.is_running
    with connect(new) as client:
        assert said(client) == b"hello"


def test_no_thread_and_no_connection_is_left():
    before = threading.active_count()
    server = start(threaded)
    clients = [connect(server) for _ in range(5)]
    assert [said(client) for client in clients] == [b"hello"] * 5
    server.stop()
    for client in clients:
        client.close()
    eventually(lambda: threading.active_count() == before)


def test_two_names_are_two_servers():
    one, other = start(blocking, name="one"), start(blocking, name="other")
    assert one.address != other.address
    stop_all()
    assert not (one.is_running or other.is_running)


def test_a_port_that_is_taken_meanwhile_is_given_up():
    server = start(blocking)
    server.stop()
    with socket.create_server(server.address):
        assert start(blocking).address != server.address


def test_the_arguments_are_handed_on():
    found = []
    start(lambda listener, *arguments: found.append(arguments), 1, "two").wait()
    assert found == [(1, "two")]


def test_what_ends_it_is_shown_and_escaped():
    def fail(listener):
        raise ValueError("no <b>method</b>")

    server = start(fail)
    server.wait()
    assert repr(server) == "<HandMade fail: ended by ValueError: no <b>method</b>>"
    assert "no &lt;b&gt;method&lt;/b&gt;" in server._repr_html_()


def test_a_group_of_errors_is_shown_by_its_cause():
    def fail(listener):
        raise ExceptionGroup("two tasks", [ExceptionGroup("one", [KeyError("tea")]), OSError()])

    server = start(fail)
    server.wait()
    assert repr(server) == "<HandMade fail: ended by KeyError: 'tea'>"


def test_a_notebook_shows_its_link():
    with start(blocking) as server:
        assert f'href="{server.url}"' in server._repr_html_()
    assert "stopped" in server._repr_html_()


def test_one_that_does_not_return_is_named_by_its_line(monkeypatch):
    monkeypatch.setattr(hand_made, "END_S", 0.01)
    go_on = threading.Event()

    def stubborn(listener):
        go_on.wait()

    server = start(stubborn)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        server.stop()
    go_on.set()
    server.wait(PATIENCE_S)
    assert "stubborn has not ended" in str(caught[0].message)
    assert not server.is_running


def test_an_error_after_the_stop_is_not_held_against_it():
    server = start(lambda listener: listener.accept(), name="plain")
    server.stop()
    assert server.error is None


def test_a_connection_that_nobody_closed_is_closed_by_the_stop(monkeypatch):
    monkeypatch.setattr(hand_made, "HANGUP_S", 0.01)
    kept = []

    def forgetful(listener):
        with pytest.raises(OSError):
            while True:
                kept.append(listener.accept()[0])

    server = start(forgetful)
    with connect(server) as client:
        eventually(lambda: kept)
        server.stop()
        assert kept[0].fileno() == -1
        assert client.recv(1) == b""
