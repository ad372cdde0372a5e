"""Takes a Condition for its lock, and acquires it by hand."""


class Visits:
    """Counts visits; any thread may `add` one at any time."""

    def __init__(self):
        self.count = 0
        self._free = threading.Condition()

    def add(self):
        """Counts one visit more."""
        self._free.acquire()
        try:
            self.count = self.count + 1
        finally:
            self._free.release()
