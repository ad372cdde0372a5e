"""What your work.py has to do. You may read this; the points come from a copy of it."""

import asyncio
from contextlib import suppress

from asyncweb.errors import Deadlock, NotTogether
from asyncweb.grading import Mistake, believes, same, task
from asyncweb.instruments import Rendezvous, run_in_virtual_time

PIECES = [bytes([letter]) * 100 for letter in b"abcdefghijklmnopqrstuvwxyz"]


@task("10.1")
def test_a_client_that_sleeps_is_waited_for(work, given, run):
    async def sent():
        async with given.connection() as (writer, client):
            await work.send_all(iter(PIECES), writer)
            await given.until_all_is_read(client)
            return client.taken

    same(run(sent()), PIECES)


@task("10.1")
def test_a_client_that_goes_ends_the_sending(work, given, run):
    pieces = iter(PIECES)

    async def sent():
        async with given.connection(leaves_after=2) as (writer, _):
            try:
                await work.send_all(pieces, writer)
            except ConnectionResetError:
                return
            raise Mistake("gone", sent=2, taken=len(PIECES) - len(list(pieces)))

    run(sent())


@task("10.2")
def test_the_next_row_is_read_while_one_is_sent(work):
    meeting = Rendezvous(2)

    async def rows():
        yield 1
        await meeting("reads the second")
        yield 2

    async def send(row):
        if row == 1:
            await meeting("sends the first")

    with believes("M04", NotTogether):
        run_in_virtual_time(work.copy(rows(), send))
    same(meeting.most, 2)


@task("10.2")
def test_few_rows_wait_for_a_client_that_sleeps(work):
    read, sent = [], []
    at_hand = 2  # beside those that wait: one is being sent, one has just been read

    async def rows():
        for row in range(20):
            read.append(row)
            if (held := len(read) - len(sent) - at_hand) > work.ROOM:
                raise Mistake("unbounded", at="Queue(", held=held, room=work.ROOM)
            yield row

    async def send(row):
        await asyncio.sleep(60)
        sent.append(row)

    with suppress(Deadlock):  # that it does not end is the matter of another test
        run_in_virtual_time(work.copy(rows(), send))
    same(sent, list(range(20)))


@task("10.2")
def test_after_the_last_row_it_ends(work):
    sent = []

    async def rows():
        for row in "abc":
            yield row

    async def send(row):
        sent.append(row)

    with believes("ending", Deadlock, waits="get"):
        run_in_virtual_time(work.copy(rows(), send))
    same(sent, ["a", "b", "c"])


@task("10.2")
def test_a_client_that_goes_leaves_no_task_behind(work):
    taken = []

    async def rows():
        for row in range(100):
            taken.append(row)
            yield row

    async def send(row):
        await asyncio.sleep(1)
        raise ConnectionResetError("the client has gone")

    async def main():
        try:
            await work.copy(rows(), send)
        except* ConnectionResetError:
            pass
        else:
            raise Mistake("gone", sent=0, taken=len(taken))
        if left := len(asyncio.all_tasks()) - 1:
            raise Mistake("M30", left=left)

    run_in_virtual_time(main())


def room(**held):
    """An inbox for each name, with room for two, in which so many messages are already."""
    inboxes = {name: asyncio.Queue(2) for name in held}
    for name, count in held.items():
        for number in range(count):
            inboxes[name].put_nowait(f"earlier {number}")
    return inboxes


@task("10.3")
def test_who_is_awake_gets_it_although_another_sleeps(work, run):
    async def told():
        inboxes = room(Ada=0, Bob=2, Cy=1)
        with believes("full", asyncio.QueueFull, asleep="Bob", awake="Cy"):
            work.tell(inboxes, "tea?")
        return [inbox.qsize() for inbox in inboxes.values()]

    with believes("first", asleep="Bob", awake="Cy"):
        same(run(told())[2], 2)


@task("10.3")
def test_all_who_have_no_room_are_named(work, run):
    async def told():
        return work.tell(room(Ada=2, Bob=0, Cy=2), "tea?")

    try:
        got = run(told())
    except asyncio.QueueFull:
        got = []
    with believes("silent", asleep="Ada and Cy", got=got):
        same(got, ["Ada", "Cy"])


@task("10.3")
def test_nothing_is_kept_for_who_has_no_room(work, run):
    async def told():
        inboxes = room(Bob=0)
        for number in range(10):
            with suppress(asyncio.QueueFull):  # which is the matter of another test
                work.tell(inboxes, f"message {number}")
        return inboxes["Bob"].qsize() + len(asyncio.all_tasks()) - 1

    held = run(told())
    with believes("crowd", held=held, room=2):
        assert held <= 2
    same(held, 2)
