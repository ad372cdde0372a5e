"""One RLock for all, which stands in the class."""


class Visits:
    """How often each path was visited, in a server with many threads."""

    _lock = threading.RLock()

    def __init__(self):
        self.count = {}  # by path

    def add(self, path):
        """Counts one visit of `path`; the number of this visit, 1 for the first."""
        with self._lock:
            self.count[path] = self.count.get(path, 0) + 1
            return self.count[path]
