"""A thread that watches one event loop: when the loop does not come to its heartbeat, it says why.

Rule: it only looks. What it costs is a look at the clock ten times a second.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import CodeType

    from asyncweb.servers.blocking import Block

LOOK_S = 0.1
BLOCKED_S = 0.15  # since the last heartbeat; a busy machine alone makes it late by less


class Watchdog:
    """Tells `tell` of each block of the loop in the thread `watched`: while it lasts, and after.

    `beaten_at` says when the loop last came to its heartbeat, by time.monotonic.
    """

    def __init__(
        self,
        watched: threading.Thread,
        beaten_at: Callable[[], float],
        tell: Callable[[Block], None],
    ):
        self._watched = watched
        self._beaten_at = beaten_at
        self._tell = tell
        self.beneath: CodeType | None = None  # what runs the loop, if that is somebody else's
        self._block: Block | None = None  # the present one
        self._since = 0.0  # the heartbeat before it
        self._over = threading.Event()
        self._thread = threading.Thread(
            target=self._watch, name=f"{watched.name}-watchdog", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """Ends the thread."""
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(LOOK_S):
            self.look(time.monotonic())

    def look(self, now: float) -> None:
        """Looks once."""
        beaten_at = self._beaten_at()
        if self._block is not None and beaten_at != self._since:
            self._tell(self._block._replace(seconds=beaten_at - self._since))
            self._block = None
        if self._block is None and now - beaten_at >= BLOCKED_S:
            self._find(beaten_at, now)
        elif self._block is not None:
            self._tell(self._block._replace(seconds=now - self._since))

    def _find(self, beaten_at: float, now: float) -> None:
        from asyncweb.servers.blocking import block_at, culprit  # loaded when it happens

        frame = culprit(sys._current_frames().get(self._watched.ident or 0), self.beneath)
        if frame is not None:
            lasts_s = now - beaten_at
            self._block, self._since = block_at(frame, time.time() - lasts_s, lasts_s), beaten_at
            self._tell(self._block)
