"""How many connections a crowd has, over its time, and the tasks that keep them.

Rule: no clock; whoever changes the number says when.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from itertools import pairwise
from math import inf
from typing import Any


class Attendance:
    """As many tasks as connections are wanted: each runs `visit()`, which keeps one of them."""

    def __init__(self, visit: Callable[[], Coroutine[Any, Any, None]]):
        self._visit = visit
        self._visits: list[asyncio.Task[None]] = []
        self._changes: list[tuple[float, int]] = []  # since when, how many

    @property
    def most(self) -> int:
        """The largest number so far."""
        return max(connections for _, connections in self._changes)

    def resize(self, connections: int, at: float) -> None:
        """There shall be so many from then on: more come, or the last are cancelled."""
        self._changes.append((at, connections))
        for _ in range(connections - len(self._visits)):
            self._visits.append(asyncio.get_running_loop().create_task(self._visit()))
        for visit in self._visits[connections:]:
            visit.cancel()
        del self._visits[connections:]

    def spent_s(self, start: float, end: float) -> float:
        """The seconds of all connections together, between two moments."""
        spans = pairwise([*self._changes, (inf, 0)])
        return sum(
            connections * max(min(until, end) - max(since, start), 0.0)
            for (since, connections), (until, _) in spans
        )

    async def end(self) -> None:
        """Cancels all that are left, and waits until they are gone."""
        for visit in self._visits:
            visit.cancel()
        await asyncio.gather(*self._visits, return_exceptions=True)
