"""Swallows the error of a client that has gone, and reads the rest of the rows."""


async def copy(rows, send):
    """Sends what `rows` (an asynchronous iterator) gives, each by `await send(row)`, in order.

    The next rows are read while one is being sent, but no more than ROOM of them wait. When `send`
    raises, this raises it too (alone or in a group), and none of its tasks is left. No row is None.
    """
    queue = asyncio.Queue(ROOM)

    async def read():
        async for row in rows:
            await queue.put(row)
        await queue.put(None)

    async with asyncio.TaskGroup() as group:
        group.create_task(read())
        while (row := await queue.get()) is not None:
            try:
                await send(row)
            except ConnectionResetError:
                continue
