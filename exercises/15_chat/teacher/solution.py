"""Exercise 15: a chat room for WebSockets, some of which do not read.

`await ws.send(text)` waits until the network of this member has room; of one that sleeps, for ever.
`async for text in ws` gives what the member says, until it leaves; when its network breaks, it
raises ConnectionError.
"""

import asyncio

QUEUE = 8  # so many messages may wait for one member


async def echo(ws):
    """Sends back to `ws` whatever it says, until it leaves."""
    ### BEGIN SOLUTION Task 15.1: say back what is said
    async for text in ws:
        await ws.send(text)
    ### END SOLUTION


class Room:
    """All in it hear what any of them says."""

    def __init__(self):
        self.queues = {}  # by ws: an asyncio.Queue of the messages that wait for this member

    def say(self, text):
        """Puts `text` into the queue of every member, and waits for nobody.

        Where a queue is full, its oldest message gives way.
        """
        ### BEGIN SOLUTION Task 15.2: say it to all, and wait for nobody
        for queue in self.queues.values():
            if queue.full():
                queue.get_nowait()
            queue.put_nowait(text)
        ### END SOLUTION

    async def take_part(self, ws):
        """Lets `ws` hear what is said, and says what it says, until it leaves.

        No more than QUEUE messages wait for it. When it has left, nothing of it is left here.
        """
        ### BEGIN SOLUTION Task 15.3: let a member take part
        queue = self.queues[ws] = asyncio.Queue(QUEUE)
        delivery = asyncio.create_task(deliver(queue, ws))
        try:
            async for text in ws:
                self.say(text)
        finally:
            del self.queues[ws]
            delivery.cancel()
        ### END SOLUTION


async def deliver(queue, ws):
    """Sends to `ws` what is put into `queue`, one after the other, until it is cancelled."""
    while True:
        await ws.send(await queue.get())


def announce(loop, room, text):
    """Says `text` in `room`. This runs in a thread of its own; the members live on `loop`."""
    ### BEGIN SOLUTION Task 15.4: say something from a thread
    loop.call_soon_threadsafe(room.say, text)
    ### END SOLUTION
