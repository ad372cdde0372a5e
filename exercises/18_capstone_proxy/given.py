"""An upstream that counts, a bucket with so many tokens, and a client that reads slowly."""

import asyncio


class Clock:
    """A time that stands still until it is told."""

    def __init__(self):
        self.seconds = 1000.0

    def __call__(self):
        """The time, in seconds."""
        return self.seconds


class Upstream:
    """Takes `takes_s` seconds for an answer, and `tidies_s` to end when it is cancelled."""

    def __init__(self, takes_s=1, tidies_s=0, error=None):
        self.inside = self.most = 0
        self._askers = set()  # the tasks that have asked
        self._takes_s, self._tidies_s, self._error = takes_s, tidies_s, error

    async def __call__(self, path):
        """The page of that path. Raises `error`, if there is one, when the time is over."""
        self.inside += 1
        self._askers.add(asyncio.current_task())
        self.most = max(self.most, self.inside)
        try:
            await asyncio.sleep(self._takes_s)
            if self._error:
                raise self._error
            return f"page of {path}".encode()
        except asyncio.CancelledError:
            await asyncio.sleep(self._tidies_s)
            raise
        finally:
            self.inside -= 1

    @property
    def askers(self):
        """How many tasks have asked, so far."""
        return len(self._askers)


class Bucket:
    """Has so many tokens, and no more run in."""

    def __init__(self, tokens=1000):
        self._tokens = tokens

    def take(self):
        """Whether there was one."""
        self._tokens -= 1
        return self._tokens >= 0


def now():
    """The second of the test's clock, which jumps."""
    return round(asyncio.get_running_loop().time())


async def together(proxy, count):
    """The answers to `count` clients who come at the same time."""
    return await asyncio.gather(*(proxy.answer(f"/{number}") for number in range(count)))


class Source:
    """A long answer, piece by piece; it knows how many it has given, and whether it was closed."""

    def __init__(self, *pieces):
        self.sent = 0
        self.is_closed = False
        self.pieces = self._pieces(pieces)

    async def _pieces(self, pieces):
        try:
            for piece in pieces:
                await asyncio.sleep(0)
                self.sent += 1
                yield piece
        finally:
            self.is_closed = True


class Client:
    """Reads one byte a turn; goes when it has had enough."""

    def __init__(self, source, goes_after=None):
        self.heard = b""
        self.most = 0  # bytes in its buffer
        self.seen = None  # how many pieces there had been when the first was written
        self._source = source
        self._buffer = b""
        self._goes_after = goes_after

    def write(self, piece):
        """Puts `piece` into the buffer."""
        if self.seen is None:
            self.seen = self._source.sent
        self._buffer += piece
        self.most = max(self.most, len(self._buffer))

    async def drain(self):
        """Returns when the buffer is empty."""
        while self._buffer:
            await asyncio.sleep(0)
            self.heard += self._buffer[:1]
            self._buffer = self._buffer[1:]
            if self._goes_after is not None and len(self.heard) >= self._goes_after:
                raise ConnectionResetError("the client has gone")

    @property
    def got(self):
        """All that was written, read or not."""
        return self.heard + self._buffer
