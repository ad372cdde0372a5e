"""More of the same: clients at the same time, a handler that fails, an error in the coroutine."""

import asyncio
import contextlib

import pytest

from asyncweb.errors import NotTogether
from asyncweb.grading import believes, same, task
from asyncweb.instruments import Rendezvous


@task("5.1")
def test_the_connection_is_closed_when_the_handler_fails(work, given, run):
    writer = given.Writer()
    with contextlib.suppress(ZeroDivisionError):
        run(given.converse(work, given.get(b"/"), handle=lambda request: 1 / 0, writer=writer))
    with believes("open", why="the handler has raised an exception"):
        assert not writer.is_open


@task("5.2")
def test_clients_are_served_at_the_same_time(work, given, run):
    meeting = Rendezvous(2, give_up_s=given.GIVE_UP_S)

    def handle(request):
        with contextlib.suppress(NotTogether):
            meeting.wait()
        return given.echo(request)

    async def main():
        with given.all_awaited():
            server = await given.started(work, handle)
            requests = given.get(b"/1"), given.get(b"/2")
            came = await asyncio.gather(*(given.ask(server, request) for request in requests))
            server.close()
        return came

    came = run(main())
    with believes("M16", clients=2):
        assert meeting.reached
    same(came, [b"[/1]", b"[/2]"])


@task("5.3")
def test_what_the_coroutine_raises_comes_out(work):
    async def fails():
        return 1 / 0

    with believes("swallowed", pytest.fail.Exception), pytest.raises(ZeroDivisionError):
        work.run_anywhere(fails)
