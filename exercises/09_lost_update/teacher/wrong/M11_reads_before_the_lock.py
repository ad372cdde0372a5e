"""Reads before it takes the lock."""


class Visits:
    """Counts visits; any thread may `add` one at any time."""

    def __init__(self):
        self.count = 0
        self._lock = threading.Lock()

    def add(self):
        """Counts one visit more."""
        count = self.count
        with self._lock:
            self.count = count + 1
