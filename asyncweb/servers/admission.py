"""Who may come in: how many clients there are, and from where.

Rule: who is turned away is told why, and is not counted.
"""

from __future__ import annotations

import threading
from collections import Counter

from asyncweb.errors import ProtocolError
from asyncweb.http.limits import Limits

RETRY_AFTER_S = 1
TOLD_AT_ONCE = 256  # clients that are being told; beyond them the door is shut without a word


class Admission:
    """Counts clients in and out, for one server. Every thread may call it."""

    def __init__(self, limits: Limits):
        self._limits = limits
        self._of_host: Counter[str] = Counter()
        self._inside = 0
        self._counting = threading.Lock()

    def enter(self, host: str) -> ProtocolError | None:
        """Counts a client in, or says why it cannot stay."""
        with self._counting:
            if self._inside >= self._limits.connections:
                return overloaded("this server has as many connections as it takes")
            if self._of_host[host] >= self._limits.connections_per_client:
                return overloaded("this server has as many connections of yours as it takes")
            self._inside += 1
            self._of_host[host] += 1
        return None

    def leave(self, host: str) -> None:
        """Counts a client out that `enter` has counted in."""
        with self._counting:
            self._inside -= 1
            self._of_host[host] -= 1
            if not self._of_host[host]:
                del self._of_host[host]


def overloaded(reason: str) -> ProtocolError:
    """503: come back later, because of `reason`."""
    return ProtocolError(503, reason, {"retry-after": str(RETRY_AFTER_S)})
