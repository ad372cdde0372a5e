"""Takes everybody in, and has one worker."""


class Proxy:
    """Answers with what the upstream says, at the rate of `bucket`, PLACES questions at a time."""

    def __init__(self, fetch, bucket):
        self.fetch = fetch
        self.bucket = bucket
        self.questions = asyncio.Queue()
        self.worker = None

    async def answer(self, path):
        """What `ask` answers, as soon as there is a place; at once 429 when there is no token."""
        if not self.bucket.take():
            return 429, b"too many requests, come again later"
        self.worker = self.worker or asyncio.create_task(self._work())
        answer = asyncio.get_running_loop().create_future()
        self.questions.put_nowait((path, answer))
        return await answer

    async def _work(self):
        while True:
            path, answer = await self.questions.get()
            answer.set_result(await ask(self.fetch, path))
