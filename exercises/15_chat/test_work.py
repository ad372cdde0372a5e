"""What your work.py has to do. You may read this; the points come from a copy of it."""

import asyncio

from asyncweb.grading import Mistake, believes, same, task


@task("15.1")
def test_what_is_said_comes_back(work, given, run):
    async def main():
        ws = given.WebSocket("tea")
        ws.leaves()
        await work.echo(ws)
        return ws.heard

    heard = run(main())
    if heard == []:
        raise Mistake("M02", said="tea", heard="nothing")
    same(heard, ["tea"])


@task("15.1")
def test_everything_that_is_said_comes_back(work, given, run):
    async def main():
        ws = given.WebSocket("tea", "and", "cake")
        ws.leaves()
        await work.echo(ws)
        return ws.heard

    heard = run(main())
    with believes("once", said="tea, and, cake", heard=", ".join(heard)):
        assert len(heard) != 1
    same(heard, ["tea", "and", "cake"])


@task("15.2")
def test_a_message_waits_for_every_member(work, given, run):
    async def main():
        room = work.Room()
        ann, bob = given.WebSocket(asleep=True), given.WebSocket(asleep=True)
        room.queues = {ws: asyncio.Queue(work.QUEUE) for ws in (ann, bob)}
        room.say("tea")
        return [given.taken_from(queue) for queue in room.queues.values()]

    waiting = run(main())
    with believes("past", said="tea", waiting="no"):
        assert waiting != [[], []]
    same(waiting, [["tea"], ["tea"]])


@task("15.2")
def test_where_a_queue_is_full_the_oldest_gives_way(work, given, run):
    async def main():
        room = work.Room()
        queue = asyncio.Queue(2)
        room.queues = {given.WebSocket(asleep=True): queue}
        queue.put_nowait("one")
        queue.put_nowait("two")
        with believes("full", asyncio.QueueFull, waiting=2, why="put_nowait raised QueueFull."):
            room.say("three")
        return given.taken_from(queue)

    waiting = run(main())
    with believes("full", waiting=2, why=f"now {waiting} wait, and the newest is not heard."):
        assert waiting[-1:] == ["three"]
    same(waiting, ["two", "three"])


@task("15.3")
def test_who_only_listens_hears_the_others(work, given, run):
    async def main():
        ann, bob = given.WebSocket(), given.WebSocket()
        async with given.Party(work.Room(), ann, bob) as room:
            ann.says("tea")
            await given.settle()
            return list(bob.heard), room.queues[bob].qsize()

    heard, waiting = run(main())
    with believes("turns" if waiting else "M04", said="tea", heard="nothing"):
        assert heard
    same(heard, ["tea"])


@task("15.3")
def test_one_who_sleeps_holds_up_nobody_and_costs_little(work, given, run):
    async def main():
        ann, bob = given.WebSocket(), given.WebSocket(asleep=True)
        async with given.Party(work.Room(), ann, bob) as room:
            for number in range(100):
                room.say(number)
                await given.settle()
            bob.wakes()
            await given.settle()
        return ann.heard, bob.heard

    awake, asleep = run(main())
    same(awake, list(range(100)))
    most = work.QUEUE + 1  # and one was on its way
    if len(asleep) > most:
        raise Mistake("M15", at="Queue(", said=100, kept=len(asleep))
    same(asleep[-work.QUEUE :], list(range(100 - work.QUEUE, 100)))


@task("15.3")
def test_a_member_hears_to_the_end_whenever_python_clears_up(work, given, run):
    async def main():
        ws = given.WebSocket(asleep=True)
        async with given.Party(work.Room(), ws) as room:
            room.say("one")
            room.say("two")
            await given.settle()
            given.clear_up()
            ws.wakes()
            await given.settle()
        return ws.heard

    heard = run(main())
    with believes("M12", heard=len(heard), said=2):
        assert heard
    same(heard, ["one", "two"])


@task("15.3")
def test_a_member_who_leaves_is_forgotten(work, given, run):
    async def main():
        room, ws = work.Room(), given.WebSocket()
        async with given.Party(room, ws):
            pass
        return len(room.queues), len(given.others())

    queues, tasks = run(main())
    with believes("left", how="it said goodbye", rest="its queue is still in the room"):
        assert queues == 0
    with believes("left", how="it said goodbye", rest="the task that delivers still waits"):
        assert tasks == 0


@task("15.4")
def test_what_a_thread_says_is_heard(work, given, run):
    async def main():
        loop, room = asyncio.get_running_loop(), work.Room()
        loop.set_debug(True)  # it then looks whether a thread reaches into it
        queue = room.queues[given.WebSocket()] = asyncio.Queue(work.QUEUE)
        with believes("M31", RuntimeError, why="it refuses that, when it is asked to look."):
            await asyncio.to_thread(work.announce, loop, room, "closing time")
        await given.settle()
        return given.taken_from(queue)

    same(run(main()), ["closing time"])


@task("15.4", label="M31")
def test_a_message_is_said_on_the_loop_of_the_members(work, run):
    class Room:
        async def _here(self):
            return asyncio.get_running_loop()

        def say(self, text):
            try:
                at = asyncio.get_running_loop()
            except RuntimeError:
                raise Mistake("M31", why="room.say ran in the thread.") from None
            if at is not self.home:
                raise Mistake("M27", why="room.say ran on the other.")
            self.said = text

    async def main():
        room = Room()
        room.home = asyncio.get_running_loop()
        await asyncio.to_thread(work.announce, room.home, room, "last orders")
        await asyncio.sleep(0)
        return room.said

    same(run(main()), "last orders")
