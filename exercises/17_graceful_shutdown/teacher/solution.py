"""Exercise 17: stop a server without turning anybody away who was let in.

`await listener.accept()` waits for the next client; of a closed listener, it raises EOFError.
`await client.send(text)` and `client.close()` do what they say.
"""

import asyncio

SORRY = "503 the server stops, come again"


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
        ### BEGIN SOLUTION Task 17.1: answer all at the same time, and keep their tasks
        while True:
            try:
                client = await self.listener.accept()
            except EOFError:
                return
            task = asyncio.create_task(self.handle(client))
            self.running.add(task)
            task.add_done_callback(self.running.discard)
        ### END SOLUTION

    async def stop(self, grace_s):
        """Lets nobody in any more, gives those inside `grace_s` seconds, then cancels the late.

        Returns how many were cancelled, and not before all of them have ended. An answer that fails
        is no concern of it.
        """
        ### BEGIN SOLUTION Task 17.3: stop: let in nobody, wait, then cancel
        self.listener.close()
        if not self.running:
            return 0
        _, late = await asyncio.wait(self.running, timeout=grace_s)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        return len(late)
        ### END SOLUTION


async def answer(client, page):
    """Sends the client what `await page()` gives, and closes it in any case.

    When this is cancelled, the client is sent SORRY, and the cancel goes on to whoever waits.
    """
    ### BEGIN SOLUTION Task 17.2: tell a client that its time is up
    try:
        await client.send(await page())
    except asyncio.CancelledError:
        await client.send(SORRY)
        raise
    finally:
        client.close()
    ### END SOLUTION
