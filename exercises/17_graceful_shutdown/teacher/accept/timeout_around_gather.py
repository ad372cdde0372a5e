"""Lets a timeout cancel all that gather waits for; counts those that were."""


class Server:
    """Answers each client by `await handle(client)`, until it is stopped."""

    def __init__(self, listener, handle):
        self.listener = listener
        self.handle = handle
        self.running = set()  # the tasks of the clients that are being answered

    async def serve(self):
        """Accepts clients, and answers all of them at the same time, until the listener is closed.

        Each has a task that is in `running` as long as it runs, and no longer.
        """
        try:
            while True:
                self._start(await self.listener.accept())
        except EOFError:
            pass

    def _start(self, client):
        async def one():
            me = asyncio.current_task()
            self.running.add(me)
            try:
                await self.handle(client)
            finally:
                self.running.discard(me)

        task = asyncio.get_running_loop().create_task(one())
        self.running.add(task)

    async def stop(self, grace_s):
        """Lets nobody in any more, gives those inside `grace_s` seconds, then cancels the late.

        Returns how many were cancelled, and not before all of them have ended. An answer that fails
        is no concern of it.
        """
        self.listener.close()
        inside = list(self.running)
        try:
            async with asyncio.timeout(grace_s):
                await asyncio.gather(*inside, return_exceptions=True)
        except TimeoutError:
            pass
        return sum(task.cancelled() for task in inside)
