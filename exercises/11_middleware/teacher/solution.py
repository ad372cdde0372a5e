"""Exercise 11: middleware, an onion around every request.

A middleware is given the Context of a request, `ctx`, and `next`. `await next(ctx)` goes further in
and gives the Response of whatever is inside; what the middleware returns goes further out. It may
return what a handler may: `"text"`, `("text", status)`, `("text", status, headers)`, a Response.

Many requests are inside of it at once: as tasks of an event loop, or each in a thread of its own.
"""

### BEGIN SOLUTION
import threading

### END SOLUTION
import time

KEY = "open sesame"
clock = time.perf_counter  # seconds; the tests put another clock here


def write_line(line):
    """Writes to a disk that is slow. The tests put another one here."""
    time.sleep(0.2)
    print(line)


async def timing(ctx, next):
    """Adds the header server-timing, such as `app;dur=12.5`: the milliseconds spent inside."""
    ### BEGIN SOLUTION Task 11.1: say how long it took
    began = clock()
    response = await next(ctx)
    response.headers["server-timing"] = f"app;dur={1000 * (clock() - began):.1f}"
    return response
    ### END SOLUTION


async def guard(ctx, next):
    """Answers 401 and "who are you?" to whoever does not send KEY in the header x-key."""
    ### BEGIN SOLUTION Task 11.2: let in only those who have the key
    if ctx.headers.get("x-key") != KEY:
        return "who are you?", 401
    return await next(ctx)
    ### END SOLUTION


async def unavailable(ctx, next):
    """Turns a ConnectionError from inside into 503 "try again later", with retry-after: 1."""
    ### BEGIN SOLUTION Task 11.3: turn an error into an answer
    try:
        return await next(ctx)
    except ConnectionError:
        return "try again later", 503, {"retry-after": "1"}
    ### END SOLUTION


async def audit(ctx, next):
    """Calls write_line with method, path and status, `GET /tea 200`, before the answer goes out."""
    ### BEGIN SOLUTION Task 11.4: write to a slow disk, and hold up nobody
    response = await next(ctx)
    await ctx.offload(write_line, f"{ctx.method} {ctx.path} {response.status}")
    return response
    ### END SOLUTION


class Visits:
    """How many requests each path has had: `app.middleware(visits.count)`, then `visits.counts`."""

    def __init__(self):
        self.counts = {}
        ### BEGIN SOLUTION
        self._lock = threading.Lock()
        ### END SOLUTION

    async def count(self, ctx, next):
        """Counts the request, and lets it pass."""
        ### BEGIN SOLUTION Task 11.5: count for all requests together
        with self._lock:
            self.counts[ctx.path] = self.counts.get(ctx.path, 0) + 1
        return await next(ctx)
        ### END SOLUTION
