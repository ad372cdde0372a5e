"""More of the same: an answer that fails, real connections, other numbers."""

import contextlib
import random
import socket

from asyncweb.grading import Mistake, believes, same, task
from asyncweb.instruments import ScriptedClient


def broken(request):
    """A handler with a fault."""
    raise ZeroDivisionError("a fault of the handler")


@task("3.1")
def test_the_connection_is_closed_when_the_answer_fails(work, given):
    connection = given.Connection(given.get(b"/"))
    with contextlib.suppress(ZeroDivisionError):
        work.serve_one(connection, broken)
    with believes("open", why="the answer has raised an exception"):
        assert not connection.is_open


@task("3.2")
def test_a_handler_that_fails_costs_the_others_nothing(work, given):
    clients = [given.Connection(given.get(path)) for path in (b"/bad", b"/good")]
    ended = given.serve(
        work,
        *clients,
        answer=lambda request: (broken if b"bad" in request else given.echo)(request),
    )
    with believes("fragile", what="A handler has raised ZeroDivisionError"):
        assert clients[1].sent or not isinstance(ended, ZeroDivisionError)
    same(clients[1].sent, b"[/good]")


@task("3.2")
def test_real_clients_that_wait_in_the_backlog_are_answered(work, given):
    """They are connected, and have sent, before the server has called accept at all."""
    with contextlib.ExitStack() as stack:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            port = listener.getsockname()[1]
            clients = [stack.enter_context(ScriptedClient(port)) for _ in range(4)]
            for number, client in enumerate(clients[:3]):
                client.send(given.get(b"/%d" % number))
            clients[3].send(b"GET / HT").half_close()
            given.let_serve(work, (listener.accept() for _ in clients), given.echo)
        same([rest_of(client) for client in clients], [b"[/0]", b"[/1]", b"[/2]", b""])


def rest_of(client):
    """All that has come; nobody serves those who still wait when the listener closes."""
    try:
        return client.rest()
    except ConnectionError:
        return b""


@task("3.3")
def test_the_times_are_right_whenever_clients_come(work, seed):
    dice = random.Random(seed)
    each = dice.randrange(20, 80)
    arrivals = sorted(dice.randrange(2000) for _ in range(30))
    expected, free_at = [], 0
    for arrival in arrivals:
        free_at = max(arrival, free_at) + each
        expected.append(free_at)
    got = work.answered_at(arrivals, each)
    if got == [arrival + each for arrival in arrivals]:
        raise Mistake("M16", arrivals=arrivals, got=got, each=each)
    same(got, expected)
