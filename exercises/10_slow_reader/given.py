"""A client that reads when it likes, behind a real StreamWriter, without a network."""

import asyncio
from collections import deque
from contextlib import asynccontextmanager

from asyncweb.grading import Mistake

HIGH = 400  # from so many bytes on, a writer is asked to wait
TOO_MANY = 1000  # nobody who waits when asked comes to hold so many
TURNS = 3  # of the loop, between two pieces that the client reads


class Client(asyncio.Transport):
    """Takes one piece in every third turn of the loop, and goes away after `leaves_after`."""

    def __init__(self, protocol, leaves_after=None):
        super().__init__()
        self.taken = []
        self._protocol = protocol
        self._leaves_after = leaves_after
        self._waiting = deque()
        self._is_paused = self._is_gone = False

    def write(self, data):
        """Puts it aside, as every transport does that cannot send."""
        if self._is_gone:
            return
        if not self._waiting:
            self._sleep(TURNS)
        self._waiting.append(bytes(data))
        if self.held > HIGH and not self._is_paused:
            self._is_paused = True
            self._protocol.pause_writing()

    @property
    def held(self):
        """How many bytes wait for it."""
        return sum(map(len, self._waiting))

    def get_write_buffer_size(self):
        """The same, by asyncio's name."""
        return self.held

    def is_closing(self):
        """Whether the client has gone."""
        return self._is_gone

    def close(self):
        """Ends it."""
        if not self._is_gone:
            self._is_gone = True
            self._protocol.connection_lost(None)

    def _sleep(self, turns):
        wakes = self._sleep if turns else self._take
        asyncio.get_running_loop().call_soon(wakes, *([turns - 1] if turns else []))

    def _take(self):
        if self._is_gone:
            return
        self.taken.append(self._waiting.popleft())
        if len(self.taken) == self._leaves_after:
            self._waiting.clear()
            self.close()
        elif self._waiting:
            self._sleep(TURNS)
        if self.held <= HIGH // 4 and self._is_paused:
            self._is_paused = False
            self._protocol.resume_writing()


class Writer(asyncio.StreamWriter):
    """A StreamWriter that sees when nobody waits for its client."""

    calls = awaits = 0

    def write(self, data):
        """As ever; but a client that is asleep must not fill the memory."""
        super().write(data)
        held = self.transport.get_write_buffer_size()
        if held > TOO_MANY and self.calls and not self.awaits:
            raise Mistake("M02", at="drain(", calls=self.calls, held=held)
        if held > TOO_MANY:
            raise Mistake("M15", held=held)

    def drain(self):
        """As ever; but calling and awaiting it are counted apart."""
        self.calls += 1
        return self._drained()

    async def _drained(self):
        self.awaits += 1
        await super().drain()


@asynccontextmanager
async def connection(leaves_after=None):
    """A Writer, and the Client that it writes to."""
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader(loop=loop)
    protocol = asyncio.StreamReaderProtocol(reader, loop=loop)
    client = Client(protocol, leaves_after)
    protocol.connection_made(client)
    try:
        yield Writer(client, protocol, reader, loop), client
    finally:
        client.close()


async def until_all_is_read(client):
    """Waits until the client has taken what there was for it."""
    while client.held:
        await asyncio.sleep(0)
