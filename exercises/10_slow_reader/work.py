"""Exercise 10: a reader who is asleep.

A client may read slowly, or not at all. What it has not read yet waits in its inbox, in a queue, or
in the buffer of its connection: always in the memory of your server.
"""

import asyncio

ROOM = 4  # so many rows may wait for a client


async def send_all(pieces, writer):
    """Sends each of `pieces` (bytes) by `writer`, an asyncio.StreamWriter, as fast as it is read.

    Raises ConnectionResetError when the client has gone.
    """
    raise NotImplementedError("Task 10.1: send as fast as the client reads")


async def copy(rows, send):
    """Sends what `rows` (an asynchronous iterator) gives, each by `await send(row)`, in order.

    The next rows are read while one is being sent, but no more than ROOM of them wait. When `send`
    raises, this raises it too (alone or in a group), and none of its tasks is left. No row is None.
    """
    raise NotImplementedError("Task 10.2: read ahead, but not without end")


def tell(inboxes, message):
    """Puts `message` into each of `inboxes`, a dict of names and asyncio.Queues. Waits for none.

    The result is the list of the names that had no room for it, in their order.
    """
    raise NotImplementedError("Task 10.3: tell everybody, and wait for nobody")
