"""Keeps its tasks in a set, and ends a delivery by a last word."""


async def echo(ws):
    """Sends back to `ws` whatever it says, until it leaves."""
    messages = aiter(ws)
    while (text := await anext(messages, None)) is not None:
        await ws.send(text)


_KEPT = set()


class Room:
    """All in it hear what any of them says."""

    def __init__(self):
        self.queues = {}  # by ws: an asyncio.Queue of the messages that wait for this member

    def say(self, text):
        """Puts `text` into the queue of every member, and waits for nobody.

        Where a queue is full, its oldest message gives way.
        """
        for queue in self.queues.values():
            while queue.qsize() >= queue.maxsize:
                queue.get_nowait()
            queue.put_nowait(text)

    async def take_part(self, ws):
        """Lets `ws` hear what is said, and says what it says, until it leaves.

        No more than QUEUE messages wait for it. When it has left, nothing of it is left here.
        """
        queue = asyncio.Queue(QUEUE)
        self.queues[ws] = queue
        task = asyncio.get_running_loop().create_task(_deliver(queue, ws))
        _KEPT.add(task)
        task.add_done_callback(_KEPT.discard)
        try:
            async for text in ws:
                self.say(text)
        finally:
            while not queue.empty():
                queue.get_nowait()
            queue.put_nowait(None)
            self.queues.pop(ws)


async def _deliver(queue, ws):
    while (text := await queue.get()) is not None:
        await ws.send(text)
