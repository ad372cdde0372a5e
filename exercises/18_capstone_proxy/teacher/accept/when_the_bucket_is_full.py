"""Keeps the moment at which the bucket would be full; ends its task itself."""


class TokenBucket:
    """Lets through `rate` requests a second, and `burst` at once after a rest."""

    def __init__(self, rate, burst, now):
        self.each_s = 1 / rate
        self.all_s = burst / rate
        self.now = now
        self.full_at = now()

    def take(self):
        """Whether there is a token, which is then taken. Meanwhile `rate` a second have run in."""
        now = self.now()
        full_at = max(self.full_at, now) + self.each_s
        if full_at - now > self.all_s:
            return False
        self.full_at = full_at
        return True


async def ask(fetch, path):
    """200 and what the upstream says; 504 when that takes longer than PATIENCE_S, 502 if it fails.

    However this ends, the question to the upstream has ended too.
    """
    question = asyncio.ensure_future(fetch(path))
    try:
        await asyncio.wait({question}, timeout=PATIENCE_S)
        if not question.done():
            return 504, b"late"
        return 200, await question
    except ConnectionError as error:
        return 502, str(error).encode()
    finally:
        question.cancel()
        await asyncio.gather(question, return_exceptions=True)


async def pass_on(source, client):
    """Writes to `client` each piece of `source`, an asynchronous generator, as fast as it reads.

    `client.write(piece)` puts the piece into a buffer and never waits. `await client.drain()` waits
    until that has room, and raises ConnectionError when the client has gone; that goes on to the
    caller. However this ends, `source` is closed.
    """
    try:
        while True:
            try:
                piece = await anext(source)
            except StopAsyncIteration:
                return
            client.write(piece)
            await client.drain()
    except BaseException:
        await source.aclose()
        raise
