"""Sends what waits for many clients of an event loop, whoever has put it there.

Rule: a few per turn of the loop, so that those who wait for something else wait a moment longer
and not until all are served; and one wake-up of the loop, however many threads bring however much.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from asyncweb.http.bytestream import Watcher

PER_TURN = 64


class Flusher:
    """Calls `flush` of watchers on the loop's thread. Any thread may add some."""

    def __init__(self, loop: asyncio.AbstractEventLoop):
        self._loop = loop
        self._waiting: deque[Watcher] = deque()
        self._is_due = False  # the loop knows that some wait

    def add(self, watchers: Iterable[Watcher]) -> None:
        """Flushes `watchers` soon; never, if the loop is closed."""
        self._waiting.extend(watchers)
        if not self._is_due:
            self._is_due = True
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._flush_some)

    def _flush_some(self) -> None:
        self._is_due = False  # first: who adds one from here on makes it due again
        for _ in range(min(PER_TURN, len(self._waiting))):
            self._waiting.popleft().flush()
        if self._waiting and not self._is_due:
            self._is_due = True
            self._loop.call_soon(self._flush_some)
