"""Keeps the rows in a deque, counts the places, and cancels by hand."""

from collections import deque


async def copy(rows, send):
    """Sends what `rows` (an asynchronous iterator) gives, each by `await send(row)`, in order.

    The next rows are read while one is being sent, but no more than ROOM of them wait. When `send`
    raises, this raises it too (alone or in a group), and none of its tasks is left. No row is None.
    """
    waiting, places, there = deque(), asyncio.Semaphore(ROOM), asyncio.Semaphore(0)

    async def read():
        async for row in rows:
            await places.acquire()
            waiting.append(row)
            there.release()
        waiting.append(None)
        there.release()

    reading = asyncio.create_task(read())
    try:
        while True:
            await there.acquire()
            row = waiting.popleft()
            if row is None:
                break
            places.release()
            await send(row)
        await reading
    finally:
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)
