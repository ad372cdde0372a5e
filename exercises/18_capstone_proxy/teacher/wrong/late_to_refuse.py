"""Waits for a place before it asks for a token."""


class Proxy:
    """Answers with what the upstream says, at the rate of `bucket`, PLACES questions at a time."""

    def __init__(self, fetch, bucket):
        self.fetch = fetch
        self.bucket = bucket
        self.places = asyncio.Semaphore(PLACES)

    async def answer(self, path):
        """What `ask` answers, as soon as there is a place; at once 429 when there is no token."""
        async with self.places:
            if not self.bucket.take():
                return 429, b"too many requests, come again later"
            return await ask(self.fetch, path)
