"""Lets one request in at a time."""

import asyncio


class Visits:
    """How many requests each path has had: `app.middleware(visits.count)`, then `visits.counts`."""

    def __init__(self):
        self.counts = {}
        self._lock = asyncio.Lock()

    async def count(self, ctx, next):
        """Counts the request, and lets it pass."""
        async with self._lock:
            self.counts[ctx.path] = self.counts.get(ctx.path, 0) + 1
            return await next(ctx)
