"""Makes a new semaphore for each request."""


class Proxy:
    """Answers with what the upstream says, at the rate of `bucket`, PLACES questions at a time."""

    def __init__(self, fetch, bucket):
        self.fetch = fetch
        self.bucket = bucket

    async def answer(self, path):
        """What `ask` answers, as soon as there is a place; at once 429 when there is no token."""
        if not self.bucket.take():
            return 429, b"too many requests, come again later"
        async with asyncio.Semaphore(PLACES):
            return await ask(self.fetch, path)
