"""Exercise 11: middleware, an onion around every request.

A middleware is given the Context of a request, `ctx`, and `next`. `await next(ctx)` goes further in
and gives the Response of whatever is inside; what the middleware returns goes further out. It may
return what a handler may: `"text"`, `("text", status)`, `("text", status, headers)`, a Response.

Many requests are inside of it at once: as tasks of an event loop, or each in a thread of its own.
"""

import time

KEY = "open sesame"
clock = time.perf_counter  # seconds; the tests put another clock here


def write_line(line):
    """Writes to a disk that is slow. The tests put another one here."""
    time.sleep(0.2)
    print(line)


async def timing(ctx, next):
    """Adds the header server-timing, such as `app;dur=12.5`: the milliseconds spent inside."""
    raise NotImplementedError("Task 11.1: say how long it took")


async def guard(ctx, next):
    """Answers 401 and "who are you?" to whoever does not send KEY in the header x-key."""
    raise NotImplementedError("Task 11.2: let in only those who have the key")


async def unavailable(ctx, next):
    """Turns a ConnectionError from inside into 503 "try again later", with retry-after: 1."""
    raise NotImplementedError("Task 11.3: turn an error into an answer")


async def audit(ctx, next):
    """Calls write_line with method, path and status, `GET /tea 200`, before the answer goes out."""
    raise NotImplementedError("Task 11.4: write to a slow disk, and hold up nobody")


class Visits:
    """How many requests each path has had: `app.middleware(visits.count)`, then `visits.counts`."""

    def __init__(self):
        self.counts = {}

    async def count(self, ctx, next):
        """Counts the request, and lets it pass."""
        raise NotImplementedError("Task 11.5: count for all requests together")
