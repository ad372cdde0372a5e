"""Who stands back is the last to get a core, and the first to lose it."""

import ctypes
import os
import platform
import sys
import threading

import pytest

from asyncweb.dashboard import standing_back
from asyncweb.dashboard.standing_back import NICENESS, SLICE_NS, stand_back

SCHED_GETATTR = {"x86_64": 315, "aarch64": 275}
ON_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has such threads")


def kernel():
    """The version of Linux, as (6, 18)."""
    return tuple(int(part) for part in platform.release().split(".")[:2] if part.isdigit())


def attributes(look):
    """What the system says of a thread that has stood back; `look` is called in it first."""
    told = standing_back._Wish()

    def ask():
        look()
        number = SCHED_GETATTR[platform.machine()]
        assert not ctypes.CDLL(None).syscall(number, 0, ctypes.byref(told), ctypes.sizeof(told), 0)

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
    return told


@ON_LINUX
@pytest.mark.skipif(platform.machine() not in SCHED_GETATTR, reason="not on this processor")
def test_who_stands_back_is_nice_and_lets_all_with_shorter_slices_go_first():
    before = attributes(lambda: None)
    told = attributes(stand_back)
    assert (told.policy, told.nice) == (before.policy, min(before.nice + NICENESS, 19))
    if kernel() >= (6, 12):
        assert before.slice_ns < told.slice_ns == SLICE_NS


@ON_LINUX
def test_a_processor_whose_calls_are_not_known_has_nice_threads_all_the_same(monkeypatch):
    monkeypatch.setattr(standing_back, "SCHED_SETATTR", {})
    told = []

    def stand():
        before = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
        stand_back()
        told.append((os.getpriority(os.PRIO_PROCESS, threading.get_native_id()), before))

    thread = threading.Thread(target=stand)
    thread.start()
    thread.join()
    ((after, before),) = told
    assert after == min(before + NICENESS, 19)
