"""What a pool has lent: how many connections it opened, and how long people waited for one.

Rule: several threads may write at once.
"""

from __future__ import annotations

import threading
from collections import deque
from statistics import fmean

from asyncweb.errors import LessonError

LAST = 10_000  # waits that are remembered


class Ledger:
    """The account of one pool.

    >>> ledger = Ledger()
    >>> ledger.opened(), ledger.waited(0.25), ledger.waited(0.75)
    (None, None, None)
    >>> ledger.connections, ledger.mean_wait_s
    (1, 0.5)
    """

    def __init__(self) -> None:
        self.connections = 0  # opened, in all
        self._waits_s: deque[float] = deque(maxlen=LAST)
        self._counting = threading.Lock()

    def opened(self) -> None:
        """A connection was made."""
        with self._counting:
            self.connections += 1

    def waited(self, seconds: float) -> None:
        """Somebody got a connection after `seconds`."""
        self._waits_s.append(seconds)

    @property
    def mean_wait_s(self) -> float:
        """The mean over the last ten thousand, in seconds; 0 when nobody has asked yet."""
        return fmean(tuple(self._waits_s) or (0.0,))


def checked_size(size: object) -> int:
    """`size` of a pool. Raises LessonError when it is none.

    >>> checked_size(0)
    Traceback (most recent call last):
    asyncweb.errors.LessonError: size=0: a pool holds a whole number of connections, 1 or more
    """
    if type(size) is not int or size < 1:
        raise LessonError(f"size={size!r}: a pool holds a whole number of connections, 1 or more")
    return size
