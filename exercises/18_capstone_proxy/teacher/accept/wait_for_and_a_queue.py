"""Keeps its places as tickets in a queue; leaves the limit of time to wait_for."""

from contextlib import aclosing


async def ask(fetch, path):
    """200 and what the upstream says; 504 when that takes longer than PATIENCE_S, 502 if it fails.

    However this ends, the question to the upstream has ended too.
    """
    try:
        body = await asyncio.wait_for(fetch(path), PATIENCE_S)
    except ConnectionError:
        return 502, b""
    except TimeoutError:
        return 504, b""
    return 200, body


class Proxy:
    """Answers with what the upstream says, at the rate of `bucket`, PLACES questions at a time."""

    def __init__(self, fetch, bucket):
        self.fetch = fetch
        self.bucket = bucket
        self.tickets = asyncio.Queue()
        for number in range(PLACES):
            self.tickets.put_nowait(number)

    async def answer(self, path):
        """What `ask` answers, as soon as there is a place; at once 429 when there is no token."""
        if self.bucket.take():
            ticket = await self.tickets.get()
            try:
                return await ask(self.fetch, path)
            finally:
                self.tickets.put_nowait(ticket)
        return 429, b""


async def pass_on(source, client):
    """Writes to `client` each piece of `source`, an asynchronous generator, as fast as it reads.

    `client.write(piece)` puts the piece into a buffer and never waits. `await client.drain()` waits
    until that has room, and raises ConnectionError when the client has gone; that goes on to the
    caller. However this ends, `source` is closed.
    """
    async with aclosing(source) as pieces:
        async for piece in pieces:
            client.write(piece)
            await client.drain()
