"""More of the same: a network that breaks, any number of members, and what they hear."""

import random

from asyncweb.grading import believes, same, task


@task("15.1", label="once")
def test_an_echo_is_right_for_any_messages(work, given, run, seed):
    dice = random.Random(seed)
    says = [f"message {dice.randrange(1000)}" for _ in range(dice.randrange(2, 9))]

    async def main():
        ws = given.WebSocket(*says)
        ws.leaves()
        await work.echo(ws)
        return ws.heard

    heard = run(main())
    with believes("once", said=f"{len(says)} things", heard=f"{len(heard)} of them"):
        assert len(heard) != 1
    same(heard, says)


@task("15.3")
def test_all_hear_all_in_the_same_order(work, given, run, seed):
    dice = random.Random(seed)

    async def main():
        members = [given.WebSocket() for _ in range(dice.randrange(2, 7))]
        said = []
        async with given.Party(work.Room(), *members):
            for number in range(20):
                dice.choice(members).says(number)
                said.append(number)
                await given.settle()
        return said, [ws.heard for ws in members]

    said, heard = run(main())
    for each in heard:
        same(each, said)


@task("15.3")
def test_a_member_whose_network_breaks_is_forgotten(work, given, run):
    async def main():
        room, ws, other = work.Room(), given.WebSocket(), given.WebSocket()
        async with given.Party(room, other):
            before = len(given.others())
            ws.leaves(ConnectionResetError("the network is gone"))
            try:
                await room.take_part(ws)
            except* ConnectionError:
                pass
            await given.settle()
            return ws in room.queues, len(given.others()) - before

    stays, tasks = run(main())
    with believes("left", how="its network broke", rest="its queue is still in the room"):
        assert not stays
    with believes("left", how="its network broke", rest="the task that delivers still waits"):
        assert tasks == 0
