"""Gives its place back after errors, and not after a cancel."""


class Proxy:
    """Answers with what the upstream says, at the rate of `bucket`, PLACES questions at a time."""

    def __init__(self, fetch, bucket):
        self.fetch = fetch
        self.bucket = bucket
        self.places = asyncio.Semaphore(PLACES)

    async def answer(self, path):
        """What `ask` answers, as soon as there is a place; at once 429 when there is no token."""
        if not self.bucket.take():
            return 429, b"too many requests, come again later"
        await self.places.acquire()
        try:
            answer = await ask(self.fetch, path)
        except Exception:
            self.places.release()
            raise
        self.places.release()
        return answer
