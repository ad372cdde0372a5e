"""Counts, but not by path."""


class Visits:
    """How many requests each path has had: `app.middleware(visits.count)`, then `visits.counts`."""

    def __init__(self):
        self.counts = {}
        self._lock = threading.Lock()

    async def count(self, ctx, next):
        """Counts the request, and lets it pass."""
        with self._lock:
            self.counts["/tea"] = self.counts.get("/tea", 0) + 1
        return await next(ctx)
