"""More of the same: handlers that fail, real connections, other paths."""

import contextlib
import random
import socket
import threading

import pytest

from asyncweb.grading import Mistake, believes, same, task
from asyncweb.instruments import Rendezvous, ScriptedClient, explore


@pytest.fixture
def quiet(monkeypatch):
    """A thread that ends by an exception is no news here."""
    monkeypatch.setattr(threading, "excepthook", lambda args: None)


def fails(connection):
    """A handler with a fault."""
    raise ZeroDivisionError("a fault of the handler")


@task("4.1")
def test_the_connection_is_closed_when_the_handler_fails(work, given, quiet):
    connection = given.Connection()
    given.begin(work, fails, connection).join()
    with believes("open", why="the handler has raised an exception"):
        assert not connection.is_open


@task("4.2", hang="place")
def test_a_handler_that_fails_gives_back_its_place(work, given, quiet):
    clients = [given.Connection() for _ in range(4)]
    before = set(threading.enumerate())
    work.serve(given.Listener(clients), fails, most=2)
    given.join_all(before)
    same([client.is_open for client in clients], [False] * 4)


@task("4.2")
def test_real_clients_are_served_at_the_same_time(work, given):
    meeting = Rendezvous(2, give_up_s=given.GIVE_UP_S)

    def handle(connection):
        meeting.wait()
        connection.sendall(connection.recv(100).upper())

    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        port = listener.getsockname()[1]
        clients = [stack.enter_context(ScriptedClient(port)) for _ in range(4)]
        for client in clients:
            client.send(b"tea")
        accepted = [listener.accept()[0] for _ in clients]
        work.serve(given.Listener(accepted), handle, most=2)
        with believes("M16", clients=4):
            assert meeting.reached
        same([client.rest() for client in clients], [b"TEA"] * 4)


@task("4.3", hang="stuck")
def test_visits_of_many_paths_are_counted_in_every_order(work, given, seed):
    paths = random.Random(seed).choices(["/a", "/b"], k=3)

    def three_visits(together):
        visits = work.Visits()
        together(*(lambda path=path: visits.add(path) for path in paths))
        expected = {path: paths.count(path) for path in set(paths)}
        if sum(visits.count.values()) != 3:
            got = f"{sum(visits.count.values())} of 3 visits are counted"
            raise Mistake("M31", at=given.counting_line(work), got=got)
        same(visits.count, expected)

    found = explore(three_visits, most=60, code=[work])
    if found.failed:
        raise found.failed.error
