"""Has misspelt a name; that is no belief, and its exception has to be told."""


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
        while True:
            try:
                client = await self.listener.accept()
            except EOFError:
                return
            task = asyncio.create_task(self.handle(client))
            self.running.add(task)
            task.add_done_callback(self.running.discard)

    async def stop(self, grace_s):
        """Lets nobody in any more, gives those inside `grace_s` seconds, then cancels the late.

        Returns how many were cancelled, and not before all of them have ended. An answer that fails
        is no concern of it.
        """
        self.listener.close()
        if not self.runing:
            return 0
        _, late = await asyncio.wait(self.running, timeout=grace_s)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        return len(late)
