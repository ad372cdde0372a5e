"""Listens and delivers in two tasks, until one of them ends; makes room when put fails."""


class Room:
    """All in it hear what any of them says."""

    def __init__(self):
        self.queues = {}  # by ws: an asyncio.Queue of the messages that wait for this member

    def say(self, text):
        """Puts `text` into the queue of every member, and waits for nobody.

        Where a queue is full, its oldest message gives way.
        """
        for queue in list(self.queues.values()):
            try:
                queue.put_nowait(text)
            except asyncio.QueueFull:
                queue.get_nowait()
                queue.put_nowait(text)

    async def take_part(self, ws):
        """Lets `ws` hear what is said, and says what it says, until it leaves.

        No more than QUEUE messages wait for it. When it has left, nothing of it is left here.
        """
        self.queues[ws] = asyncio.Queue(maxsize=QUEUE)
        both = [
            asyncio.ensure_future(self._listen(ws)),
            asyncio.ensure_future(deliver(self.queues[ws], ws)),
        ]
        try:
            done, _ = await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
            for each in done:
                each.result()
        finally:
            self.queues.pop(ws)
            for each in both:
                each.cancel()

    async def _listen(self, ws):
        async for text in ws:
            self.say(text)


def announce(loop, room, text):
    """Says `text` in `room`. This runs in a thread of its own; the members live on `loop`."""

    async def say():
        room.say(text)

    asyncio.run_coroutine_threadsafe(say(), loop).result()
