"""More of the same, with other numbers."""

import asyncio
import random

from asyncweb.grading import believes, same, task


@task("10.1")
def test_pieces_of_any_size_arrive_in_order(work, given, run, seed):
    dice = random.Random(seed)
    pieces = [dice.randbytes(dice.randrange(1, 300)) for _ in range(50)]

    async def sent():
        async with given.connection() as (writer, client):
            await work.send_all(pieces, writer)
            await given.until_all_is_read(client)
            return client.taken

    same(run(sent()), pieces)


@task("10.3")
def test_whoever_has_room_gets_it_in_any_room(work, run, seed):
    dice = random.Random(seed)
    names = dice.sample(["Ada", "Bob", "Cy", "Dee", "Eve", "Fay"], 6)
    asleep = [name for name in names if dice.random() < 0.5]

    async def told():
        inboxes = {name: asyncio.Queue(1) for name in names}
        for name in asleep:
            inboxes[name].put_nowait("earlier")
        named = work.tell(inboxes, "tea?")
        return named, [inbox.get_nowait() for inbox in inboxes.values()]

    first = asleep[0] if asleep else "nobody"
    with believes("full", asyncio.QueueFull, asleep=first, awake="whoever"):
        named, messages = run(told())
    same(messages, ["earlier" if name in asleep else "tea?" for name in names])
    same(named, asleep)
