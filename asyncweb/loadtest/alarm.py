"""Calls at a moment: a loop's own timers count whole milliseconds, and a load is due between them.

Rule: it rings once for each `set`, and sleeps until then. A loop that is kept awake to look at the
clock is busy: it looks like the limit of the run, and the system puts others before it.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import os
import sys
import time
from collections.abc import Callable
from functools import cache

CLOCK_MONOTONIC, ABSOLUTE = 1, 1  # that of time.perf_counter, as Linux numbers it
GRAIN_S = 0.001  # of a loop's timers


class LoopAlarm:
    """An alarm by the loop's own timer, where there is none of the system: 1 ms early or late."""

    def __init__(self, loop: asyncio.AbstractEventLoop, ring: Callable[[], None]):
        self._loop, self._ring = loop, ring
        self._timer: asyncio.TimerHandle | None = None

    def set(self, moment: float) -> None:
        """Rings at `moment`, by time.perf_counter, instead of any set before."""
        self.close()
        # Less than its grain is no time for a loop: it would come back at once, again and again.
        self._timer = self._loop.call_later(max(moment - time.perf_counter(), GRAIN_S), self._ring)

    def close(self) -> None:
        """Rings no more."""
        if self._timer is not None:
            self._timer.cancel()


class SystemAlarm:
    """An alarm by a timer of Linux that a loop can wait for as for a socket (timerfd_create(2))."""

    def __init__(self, loop: asyncio.AbstractEventLoop, ring: Callable[[], None]):
        self._loop, self._ring = loop, ring
        self._setting = _Setting()
        self._at = ctypes.byref(self._setting)
        self._file = _checked(_c().timerfd_create(CLOCK_MONOTONIC, os.O_NONBLOCK))
        self._set = _c().timerfd_settime
        loop.add_reader(self._file, self._wake)

    def set(self, moment: float) -> None:
        """Rings at `moment`, by time.perf_counter, instead of any set before."""
        seconds = int(moment)
        self._setting.first_s = seconds
        self._setting.first_ns = int((moment - seconds) * 1e9) or 1  # set to 0, it never rings
        _checked(self._set(self._file, ABSOLUTE, self._at, None))

    def close(self) -> None:
        """Rings no more."""
        if self._file >= 0:
            self._loop.remove_reader(self._file)
            os.close(self._file)
            self._file = -1

    def _wake(self) -> None:
        try:
            os.read(self._file, 8)
        except BlockingIOError:  # set anew since the loop heard of it
            return
        self._ring()


Alarm = LoopAlarm | SystemAlarm


def new_alarm(loop: asyncio.AbstractEventLoop, ring: Callable[[], None]) -> Alarm:
    """The most exact alarm there is here; its `ring` is called on `loop`."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):  # no file is left for it
            return SystemAlarm(loop, ring)
    return LoopAlarm(loop, ring)


class _Setting(ctypes.Structure):
    """How often it rings, and when first: struct itimerspec."""

    _fields_ = tuple(
        (name, ctypes.c_long) for name in ("every_s", "every_ns", "first_s", "first_ns")
    )


@cache
def _c() -> ctypes.CDLL:
    # Python has these functions itself, but only from 3.13 on.
    return ctypes.CDLL(None, use_errno=True)


def _checked(found: int) -> int:
    if found < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return found
