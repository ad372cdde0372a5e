"""What your work.py has to do. You may read this; the points come from a copy of it.

Those that stop a server run on a clock that jumps: a minute takes a moment.
"""

import asyncio
import contextlib

from asyncweb.errors import NotTogether
from asyncweb.grading import Mistake, believes, same, task
from asyncweb.instruments import Rendezvous, run_in_virtual_time


@task("17.1")
def test_all_clients_are_answered_at_the_same_time(work, given):
    meeting = Rendezvous(3, insists=False)

    async def main():
        listener = given.Listener("ann", "bob", "eve")
        serving = asyncio.create_task(work.Server(listener, meeting).serve())
        await asyncio.sleep(1)
        listener.close()
        await serving
        await given.settle()

    with believes("M16", NotTogether, at="handle", came=3, inside=1):
        run_in_virtual_time(main())
        assert meeting.most > 1
    same(meeting.most, 3)


@task("17.1")
def test_an_answer_survives_when_python_clears_up(work, given, run):
    async def main():
        listener, door = given.Listener("ann", "bob"), given.Door()
        server = work.Server(listener, door)
        serving = asyncio.create_task(server.serve())
        await given.settle()
        given.clear_up()
        door.open()
        await given.settle()
        listener.close()
        await serving
        return door.passed

    passed = run(main())
    with believes("M12", answered=passed, came=2):
        same(passed, 2)


@task("17.1")
def test_a_task_that_is_done_is_not_kept(work, given, run):
    async def main():
        listener, door = given.Listener("ann", "bob", "eve"), given.Door()
        server = work.Server(listener, door)
        serving = asyncio.create_task(server.serve())
        await given.settle()
        inside = len(server.running)
        door.open()
        await given.settle()
        after = len(server.running)
        listener.close()
        await serving
        return inside, after

    inside, after = run(main())
    with believes("forgotten", came=3, kept=after):
        assert after == 0
    same(inside, 3)


@task("17.2")
def test_a_client_hears_its_page_and_is_closed(work, given, run):
    client = given.Client()

    async def page():
        return "hello"

    run(work.answer(client, page))
    same(client.heard, ["hello"])
    with believes("open", how="the page was sent"):
        assert client.is_closed


@task("17.2")
def test_a_client_whose_answer_is_cancelled_hears_sorry(work, given, run):
    client, task = cancelled(work, given, run)
    with believes("base", heard="nothing"):
        assert client.heard
    same(client.heard, [work.SORRY])
    with believes("swallowed"):
        assert task.cancelled()


@task("17.2")
def test_a_client_whose_answer_is_cancelled_is_closed(work, given, run):
    client, _ = cancelled(work, given, run)
    with believes("open", how="it was cancelled"):
        assert client.is_closed


@task("17.2")
def test_a_client_whose_page_fails_is_closed(work, given, run):
    client = given.Client()

    async def page():
        raise OSError("the disk is full")

    with contextlib.suppress(OSError):
        run(work.answer(client, page))
    with believes("open", how="its page raised an exception"):
        assert client.is_closed


def cancelled(work, given, run):
    """A client whose answer was cancelled in the middle, and the task of that."""

    async def main():
        client = given.Client()
        task = asyncio.create_task(work.answer(client, asyncio.Event().wait))
        await given.settle()
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        return client, task

    return run(main())


def stopped(work, given, clients, grace_s, **more):
    """What is seen when `stop(grace_s)` has returned."""
    return run_in_virtual_time(given.Stopped.after(work.Server, clients, grace_s, **more))


@task("17.3")
def test_who_is_inside_is_answered_to_the_end(work, given):
    seen = stopped(work, given, [3, 5], grace_s=10)
    for client in (3, 5):
        what, at = seen.answers.of(client)
        with believes("cut", needed=client, grace=10, second=at):
            assert what != "cancelled"
        same(what, "answered")
    same(seen.cancelled, 0)
    same(seen.at, 5)


@task("17.3")
def test_nobody_is_let_in_any_more(work, given):
    seen = stopped(work, given, [3], grace_s=10, late_guest=4)
    with believes("guest"):
        same(seen.answers.of(4), (None, None))


@task("17.3")
def test_the_late_are_cancelled_when_the_grace_is_over(work, given):
    seen = stopped(work, given, [3, 600], grace_s=10)
    what, at = seen.answers.of(600)
    if what == "answered" or (at or 0) > 10:
        raise Mistake("patient", needed=600, grace=10, second=seen.at)
    same((what, at), ("cancelled", 10))
    same(seen.cancelled, 1)


@task("17.3")
def test_stop_waits_for_those_it_has_cancelled(work, given):
    seen = stopped(work, given, [600], grace_s=10, tidies_s=7)
    with believes("M13", needed=7):
        assert seen.inside == 0
    same(seen.at, 17)


@task("17.3")
def test_an_answer_that_fails_is_no_concern_of_stop(work, given):
    seen = stopped(work, given, [-2, 5], grace_s=10)
    how = "it raised that itself" if seen.error else "it returned"
    with believes("M30", error="ValueError", how=how):
        assert seen.inside == 0
    if seen.error:
        raise seen.error
    same(seen.cancelled, 0)


@task("17.3")
def test_a_server_without_clients_stops_at_once(work, given):
    with believes("empty", ValueError):
        seen = stopped(work, given, [], grace_s=10)
    same((seen.cancelled, seen.at), (0, 0))
