"""Exercise 18: a reverse proxy that does not drown, and does not let its upstream drown.

`await fetch(path)` asks the upstream and gives the body of its answer, as bytes. That takes as long
as it likes; when the upstream cannot be reached, it raises ConnectionError. An answer of your proxy
is a pair of status and body.
"""

import asyncio

PLACES = 4  # so many questions the upstream can bear at the same time
PATIENCE_S = 5  # so long one of them may take


class TokenBucket:
    """Lets through `rate` requests a second, and `burst` at once after a rest."""

    def __init__(self, rate, burst, now):
        self.rate = rate
        self.burst = burst
        self.now = now  # now() is the time, in seconds
        self.tokens = burst
        self.filled_at = now()

    def take(self):
        """Whether there is a token, which is then taken. Meanwhile `rate` a second have run in."""
        raise NotImplementedError("Task 18.1: fill and empty a bucket of tokens")


async def ask(fetch, path):
    """200 and what the upstream says; 504 when that takes longer than PATIENCE_S, 502 if it fails.

    However this ends, the question to the upstream has ended too.
    """
    raise NotImplementedError("Task 18.2: ask the upstream, but not for ever")


class Proxy:
    """Answers with what the upstream says, at the rate of `bucket`, PLACES questions at a time."""

    def __init__(self, fetch, bucket):
        self.fetch = fetch
        self.bucket = bucket

    async def answer(self, path):
        """What `ask` answers, as soon as there is a place; at once 429 when there is no token."""
        raise NotImplementedError("Task 18.3: let in as many as the upstream can bear")


async def pass_on(source, client):
    """Writes to `client` each piece of `source`, an asynchronous generator, as fast as it reads.

    `client.write(piece)` puts the piece into a buffer and never waits. `await client.drain()` waits
    until that has room, and raises ConnectionError when the client has gone; that goes on to the
    caller. However this ends, `source` is closed.
    """
    raise NotImplementedError("Task 18.4: pass a long answer on, piece by piece")
