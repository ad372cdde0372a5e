"""The heartbeat of an event loop that is somebody else's.

Rule: it leaves nothing in the loop that has to be ended before the loop may end: a timer is
forgotten with its loop, where a task would be complained about.
"""

from __future__ import annotations

import asyncio
import sys
import threading
import time
from types import CodeType, FrameType

from asyncweb.loopless import is_asyncio, is_own
from asyncweb.servers.garbage import Pauses
from asyncweb.servers.observer import Observer
from asyncweb.servers.watchdog import Watchdog

BEAT_S = 0.05


class Heart:
    """Tells `observer` how late the running loop is, and what holds it up. Made on that loop."""

    def __init__(self, observer: Observer):
        self.loop = asyncio.get_running_loop()
        self._observer = observer
        self._beaten_at = time.monotonic()
        self._over = False
        self._watchdog = Watchdog(threading.current_thread(), self._last_beat, observer.blocked)
        self._pauses = Pauses(observer.collected)
        self.loop.call_soon(self._know_runner)  # before the loop can be idle
        self.loop.call_later(BEAT_S, self._beat)

    @property
    def beats(self) -> bool:
        """Whether its loop still runs, and it has not been stopped."""
        return not self._over and self.loop.is_running()

    def stop(self) -> None:
        """Beats no more; can be called from any thread, and twice."""
        if not self._over:
            self._over = True
            self._watchdog.stop()
            self._pauses.close()

    def _beat(self) -> None:
        if self._over:
            return
        now = time.monotonic()
        late_s = max(now - self._beaten_at - BEAT_S, 0.0)
        while late_s >= 0:  # each beat that was missed meanwhile was late too
            self._observer.lagged(late_s)
            late_s -= BEAT_S
        self._beaten_at = now
        self.loop.call_later(BEAT_S, self._beat)

    def _know_runner(self) -> None:
        self._watchdog.beneath = _runner(sys._getframe())

    def _last_beat(self) -> float:
        # A loop that does not run is held up by nobody.
        return self._beaten_at if self.beats else time.monotonic()


def _runner(callback: FrameType | None) -> CodeType | None:
    """The code of who runs the loop that has called `callback`: uvicorn, or the main module."""
    while callback is not None and (is_own(callback) or is_asyncio(callback)):
        callback = callback.f_back
    return callback.f_code if callback is not None else None
