"""One lock for all counts, which stands in the class."""


class Visits:
    """How many requests each path has had: `app.middleware(visits.count)`, then `visits.counts`."""

    _lock = threading.Lock()

    def __init__(self):
        self.counts = {}

    async def count(self, ctx, next):
        """Counts the request, and lets it pass."""
        with self._lock:
            self.counts[ctx.path] = self.counts.get(ctx.path, 0) + 1
        return await next(ctx)
