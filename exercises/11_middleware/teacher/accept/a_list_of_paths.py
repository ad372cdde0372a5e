"""Writes each path down, in one step that no thread can interrupt, and counts when it is asked."""

import collections


class Visits:
    """How many requests each path has had: `app.middleware(visits.count)`, then `visits.counts`."""

    def __init__(self):
        self._paths = collections.deque()

    @property
    def counts(self):
        """By path."""
        return collections.Counter(self._paths)

    async def count(self, ctx, next):
        """Counts the request, and lets it pass."""
        response = await next(ctx)
        self._paths.append(ctx.path)
        return response
