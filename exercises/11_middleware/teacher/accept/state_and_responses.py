"""Keeps the beginning in ctx.state, returns whole Responses, and counts in a Counter."""

from collections import Counter
from functools import partial
from threading import Lock

from asyncweb import Response


async def timing(ctx, next):
    """Adds the header server-timing, such as `app;dur=12.5`: the milliseconds spent inside."""
    ctx.state.began = clock()
    response = await next(ctx)
    took_ms = 1000 * (clock() - ctx.state.began)
    response.headers.add("server-timing", f"app;dur={took_ms:.1f}")
    return response


async def guard(ctx, next):
    """Answers 401 and "who are you?" to whoever does not send KEY in the header x-key."""
    if ctx.headers.get("x-key") == KEY:
        return await next(ctx)
    return Response("who are you?", 401)


async def unavailable(ctx, next):
    """Turns a ConnectionError from inside into 503 "try again later", with retry-after: 1."""
    response = Response("try again later", 503, {"retry-after": "1"})
    try:
        response = await next(ctx)
    except OSError as error:
        if not isinstance(error, ConnectionError):
            raise
    return response


async def audit(ctx, next):
    """Calls write_line with method, path and status, `GET /tea 200`, before the answer goes out."""
    response = await next(ctx)
    await ctx.offload(partial(write_line, f"{ctx.method} {ctx.path} {response.status}"))
    return response


class Visits:
    """How many requests each path has had: `app.middleware(visits.count)`, then `visits.counts`."""

    def __init__(self):
        self.counts = Counter()
        self._lock = Lock()

    async def count(self, ctx, next):
        """Counts the request, and lets it pass."""
        self._lock.acquire()
        try:
            self.counts[ctx.path] += 1
        finally:
            self._lock.release()
        return await next(ctx)
