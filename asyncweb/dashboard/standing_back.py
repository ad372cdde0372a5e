"""How a thread that only looks and draws leaves the cores to those it looks at.

Rule: it never keeps a request waiting, and still has its share where all cores are busy. A policy
for idle times would give it none then.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import platform
import sys
import threading

NICENESS = 10  # a tenth of the share of others, where there is not enough for all
LEAST = 19  # what Linux knows as the last of all
SLICE_NS = 5_000_000  # longer than that of others, which is 3 ms at most
# Python has no name for sched_setattr(2), nor have most C libraries.
SCHED_SETATTR = {"x86_64": 314, "aarch64": 274}
KEEP_POLICY = 0x08


def stand_back() -> None:
    """From now on the calling thread has a core when nobody else wants it, on Linux.

    Elsewhere priorities belong to whole processes, and the kernel of a notebook keeps its own.
    """
    if sys.platform != "linux":
        return
    with contextlib.suppress(OSError):
        thread = threading.get_native_id()
        niceness = min(os.getpriority(os.PRIO_PROCESS, thread) + NICENESS, LEAST)
        os.setpriority(os.PRIO_PROCESS, thread, niceness)
        _take_long_slices(thread, niceness)


def _take_long_slices(thread: int, niceness: int) -> None:
    """Lets everybody who wakes up take the core at once, from Linux 6.12 on; before, it is no news.

    Niceness alone does not: who has a core keeps it to the end of its slice, but for those whose
    own slices are shorter.
    """
    number = SCHED_SETATTR.get(platform.machine())
    if number is None or sys.maxsize < 2**32:
        return
    wish = _Wish(ctypes.sizeof(_Wish), 0, KEEP_POLICY, niceness, 0, SLICE_NS, 0, 0)
    ctypes.CDLL(None).syscall(number, thread, ctypes.byref(wish), 0)


class _Wish(ctypes.Structure):
    """Its first version: struct sched_attr."""

    _fields_ = (
        ("size", ctypes.c_uint32),
        ("policy", ctypes.c_uint32),
        ("flags", ctypes.c_uint64),
        ("nice", ctypes.c_int32),
        ("priority", ctypes.c_uint32),
        ("slice_ns", ctypes.c_uint64),
        ("deadline_ns", ctypes.c_uint64),
        ("period_ns", ctypes.c_uint64),
    )
