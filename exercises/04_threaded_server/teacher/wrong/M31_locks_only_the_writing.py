"""Reads before it has the lock."""


class Visits:
    """How often each path was visited, in a server with many threads."""

    def __init__(self):
        self.count = {}  # by path
        self._lock = threading.Lock()

    def add(self, path):
        """Counts one visit of `path`; the number of this visit, 1 for the first."""
        number = self.count.get(path, 0) + 1
        with self._lock:
            self.count[path] = number
        return number
