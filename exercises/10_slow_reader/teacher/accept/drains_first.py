"""Waits for room before each piece, reads one row ahead, and asks before it puts."""


async def send_all(pieces, writer):
    """Sends each of `pieces` (bytes) by `writer`, an asyncio.StreamWriter, as fast as it is read.

    Raises ConnectionResetError when the client has gone.
    """
    for piece in pieces:
        await writer.drain()
        writer.write(piece)
    await writer.drain()


async def copy(rows, send):
    """Sends what `rows` (an asynchronous iterator) gives, each by `await send(row)`, in order.

    The next rows are read while one is being sent, but no more than ROOM of them wait. When `send`
    raises, this raises it too (alone or in a group), and none of its tasks is left. No row is None.
    """
    ahead = asyncio.ensure_future(anext(rows, None))
    try:
        while (row := await ahead) is not None:
            ahead = asyncio.ensure_future(anext(rows, None))
            await send(row)
    finally:
        ahead.cancel()
        await asyncio.wait([ahead])


def tell(inboxes, message):
    """Puts `message` into each of `inboxes`, a dict of names and asyncio.Queues. Waits for none.

    The result is the list of the names that had no room for it, in their order.
    """
    asleep = [name for name, inbox in inboxes.items() if inbox.full()]
    for name in inboxes.keys() - set(asleep):
        inboxes[name].put_nowait(message)
    return asleep
