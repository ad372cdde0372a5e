"""Sets a timer that cancels the late; then waits until nobody is inside."""


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
        late = []

        def time_is_up():
            for task in self.running:
                late.append(task)
                task.cancel()

        timer = asyncio.get_running_loop().call_later(grace_s, time_is_up)
        while self.running:
            await asyncio.wait(self.running)
        timer.cancel()
        return len(late)


async def answer(client, page):
    """Sends the client what `await page()` gives, and closes it in any case.

    When this is cancelled, the client is sent SORRY, and the cancel goes on to whoever waits.
    """
    is_sent = False
    try:
        text = await page()
        await client.send(text)
        is_sent = True
    except BaseException as error:
        if isinstance(error, asyncio.CancelledError) and not is_sent:
            await client.send(SORRY)
        raise
    finally:
        client.close()
