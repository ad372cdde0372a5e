"""Who may come in: how many clients there are, and from where.

Rule: who is turned away is told why, and is not counted.
"""

from __future__ import annotations

import threading
from collections import Counter
from typing import Protocol

from asyncweb.app import App
from asyncweb.engine import Engine
from asyncweb.errors import ProtocolError
from asyncweb.http.limits import Limits

RETRY_AFTER_S = 1
TOLD_AT_ONCE = 256  # clients that are being told; beyond them the door is shut without a word


class Guest(Protocol):
    """A client, as far as it is let in or not."""

    address: tuple[str, int]

    def turn_away(self, refusal: ProtocolError) -> None:
        """Answers nothing but `refusal`, then closes."""


class Host(Engine, Protocol):
    """An engine, as far as it asks its app who may stay."""

    app: App


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
            # Without a host it comes over a Unix socket, from a proxy that stands for many.
            if host and self._of_host[host] >= self._limits.connections_per_client:
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


async def ask_app(guest: Guest, engine: Host) -> None:
    """Lets the app's hooks say whether `guest`, who has just connected, may stay."""
    refusal = await engine.app.greet(guest.address, engine)
    if refusal is not None:
        guest.turn_away(refusal)
