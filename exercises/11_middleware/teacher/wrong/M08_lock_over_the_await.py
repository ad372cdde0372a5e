"""Holds a lock of threads while it awaits what is inside."""


class Visits:
    """How many requests each path has had: `app.middleware(visits.count)`, then `visits.counts`."""

    def __init__(self):
        self.counts = {}
        self._lock = threading.Lock()

    async def count(self, ctx, next):
        """Counts the request, and lets it pass."""
        with self._lock:
            self.counts[ctx.path] = self.counts.get(ctx.path, 0) + 1
            return await next(ctx)
