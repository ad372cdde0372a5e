"""How much of the patience with one client is used up.

Rule: the clock runs only while the client is waited for; a handler's time is not the client's.
"""

from __future__ import annotations

import time
from collections.abc import Hashable

LINGER_S = 2.0  # how long a refused client may take to read why


class Patience:
    """Seconds spent waiting for one thing; another thing begins at 0. None is waiting for nobody.

    An engine that knows when each wait begins and ends calls `spend`; one that only looks now and
    then calls `sample`, and the wait is at most one look shorter than it was.
    """

    __slots__ = ("_looked", "_spent_s", "_what")

    def __init__(self) -> None:
        self._what: Hashable = None
        self._spent_s = 0.0
        self._looked = time.monotonic()

    def spend(self, what: Hashable, seconds: float) -> float:
        """All seconds spent on `what`, `seconds` more among them."""
        if what != self._what:
            self._what, self._spent_s = what, 0.0
        self._spent_s += seconds
        return self._spent_s

    def sample(self, what: Hashable, now: float) -> float:
        """All seconds spent on `what`, those since the last look among them."""
        since, self._looked = now - self._looked, now
        if what is None:
            return 0.0
        return self.spend(what, since if what == self._what else 0.0)

    def earn(self, seconds: float) -> None:
        """The client has done something: so much is given back."""
        self._spent_s = max(self._spent_s - seconds, 0.0)
