"""Trusts that += 1 is one step."""


class Visits:
    """Counts visits; any thread may `add` one at any time."""

    def __init__(self):
        self.count = 0

    def add(self):
        """Counts one visit more."""
        self.count += 1
