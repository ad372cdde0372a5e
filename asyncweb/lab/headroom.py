"""What a machine has left for everybody on it: threads and memory.

Rule: a crowd that nobody can house is stopped before the machine is out of what all others need.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from pathlib import Path

import psutil

LIMITS = ("/proc/sys/kernel/threads-max", "/proc/sys/kernel/pid_max", "/sys/fs/cgroup/pids.max")
THERE = "/proc/loadavg"  # "0.20 0.18 0.12 1/80 11206": 80 threads, of all processes
LEAST_FREE = 0.1  # of the memory; and of the threads that the system allows


def most_threads(limits: Sequence[str] = LIMITS) -> int | None:
    """The smallest of the system's limits; None where there is none to read.

    >>> most_threads(["/nowhere"]) is None
    True
    """
    found = []
    for name in limits:
        with contextlib.suppress(OSError, ValueError):  # not there, or "max"
            found.append(int(Path(name).read_text()))
    return min(found, default=None)


def threads_there() -> int | None:
    """Of all processes; None where the system does not tell."""
    try:
        return int(Path(THERE).read_text().split()[3].partition("/")[2])
    except (OSError, ValueError, LookupError):
        return None


def is_short() -> bool:
    """Whether less than a tenth of the memory, or of the threads, is left."""
    memory = psutil.virtual_memory()
    if memory.available < LEAST_FREE * memory.total:
        return True
    most, there = most_threads(), threads_there()
    return most is not None and there is not None and most - there < LEAST_FREE * most
