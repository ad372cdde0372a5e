"""One lock for all visits, which stands in the module."""

lock = threading.Lock()


class Visits:
    """Counts visits; any thread may `add` one at any time."""

    def __init__(self):
        self.count = 0

    def add(self):
        """Counts one visit more."""
        with lock:
            self.count += 1
