"""Exercise 15: a chat room for WebSockets, some of which do not read.

`await ws.send(text)` waits until the network of this member has room; of one that sleeps, for ever.
`async for text in ws` gives what the member says, until it leaves; when its network breaks, it
raises ConnectionError.
"""

import asyncio

QUEUE = 8  # so many messages may wait for one member


async def echo(ws):
    """Sends back to `ws` whatever it says, until it leaves."""
    raise NotImplementedError("Task 15.1: say back what is said")


class Room:
    """All in it hear what any of them says."""

    def __init__(self):
        self.queues = {}  # by ws: an asyncio.Queue of the messages that wait for this member

    def say(self, text):
        """Puts `text` into the queue of every member, and waits for nobody.

        Where a queue is full, its oldest message gives way.
        """
        raise NotImplementedError("Task 15.2: say it to all, and wait for nobody")

    async def take_part(self, ws):
        """Lets `ws` hear what is said, and says what it says, until it leaves.

        No more than QUEUE messages wait for it. When it has left, nothing of it is left here.
        """
        raise NotImplementedError("Task 15.3: let a member take part")


async def deliver(queue, ws):
    """Sends to `ws` what is put into `queue`, one after the other, until it is cancelled."""
    while True:
        await ws.send(await queue.get())


def announce(loop, room, text):
    """Says `text` in `room`. This runs in a thread of its own; the members live on `loop`."""
    raise NotImplementedError("Task 15.4: say something from a thread")
