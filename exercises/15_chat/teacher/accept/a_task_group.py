"""Lets a TaskGroup deliver; a network that breaks comes out of it in a group."""


class Room:
    """All in it hear what any of them says."""

    def __init__(self):
        self.queues = {}  # by ws: an asyncio.Queue of the messages that wait for this member

    def say(self, text):
        """Puts `text` into the queue of every member, and waits for nobody.

        Where a queue is full, its oldest message gives way.
        """
        for queue in self.queues.values():
            if queue.full():
                queue.get_nowait()
            queue.put_nowait(text)

    async def take_part(self, ws):
        """Lets `ws` hear what is said, and says what it says, until it leaves.

        No more than QUEUE messages wait for it. When it has left, nothing of it is left here.
        """
        queue = self.queues[ws] = asyncio.Queue(QUEUE)
        try:
            async with asyncio.TaskGroup() as group:
                delivery = group.create_task(deliver(queue, ws))
                async for text in ws:
                    self.say(text)
                delivery.cancel()
        finally:
            del self.queues[ws]
