"""Members whose network is in the hands of the test, and a loop that is run as far as it goes."""

import asyncio
import gc
import weakref

TURNS = 50  # more than any message here needs from one member to another


async def settle():
    """Lets everything run that can run without news from outside."""
    for _ in range(TURNS):
        await asyncio.sleep(0)


def taken_from(queue):
    """All that waits in `queue`, which is empty then."""
    return [queue.get_nowait() for _ in range(queue.qsize())]


def clear_up():
    """What Python does from time to time: it takes away what nobody holds."""
    gc.collect()


class WebSocket:
    """A member. It hears at once, or sleeps and hears nothing; what it says the test decides."""

    def __init__(self, *says, asleep=False):
        self.heard = []
        self._asleep = asleep
        self._says = asyncio.Queue()
        self._wakes = lambda: None
        for text in says:
            self._says.put_nowait(text)

    def says(self, text):
        """Says one thing more."""
        self._says.put_nowait(text)

    def leaves(self, error=None):
        """Closes the WebSocket, or breaks it off with `error`."""
        self._says.put_nowait(error or StopAsyncIteration())

    def wakes(self):
        """Begins to read."""
        self._asleep = False
        waiting = self._wakes()
        if waiting is not None and not waiting.done():
            waiting.set_result(None)

    async def send(self, text):
        """Returns when the member's network has taken `text`."""
        if self._asleep:
            room = asyncio.get_running_loop().create_future()
            # Held weakly, as the loop holds its tasks: who waits here lives only if somebody else
            # keeps it.
            self._wakes = weakref.ref(room)
            await room
        self.heard.append(text)

    def __aiter__(self):
        return self

    async def __anext__(self):
        said = await self._says.get()
        if isinstance(said, Exception):
            raise said
        return said


class Party:
    """Members who take part in a room, each in a task that is kept; at the end all leave."""

    def __init__(self, room, *members):
        self._room = room
        self._members = members
        self._tasks = []

    async def __aenter__(self):
        self._tasks = [asyncio.create_task(self._room.take_part(ws)) for ws in self._members]
        await settle()
        self._check()
        return self._room

    async def __aexit__(self, *error):
        for ws in self._members:
            ws.leaves()
        await settle()
        self._check()

    def _check(self):
        for task in self._tasks:
            if task.done() and not task.cancelled():
                task.result()


def others():
    """The tasks that are running beside the test's own."""
    return [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
