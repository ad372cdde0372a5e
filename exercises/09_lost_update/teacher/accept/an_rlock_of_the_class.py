"""One RLock for all visits, which stands in the class."""


class Visits:
    """Counts visits; any thread may `add` one at any time."""

    _lock = threading.RLock()

    def __init__(self):
        self.count = 0

    def add(self):
        """Counts one visit more."""
        with self._lock:
            self.count += 1
