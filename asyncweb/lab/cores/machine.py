"""What this machine can show of many cores, and what it cannot.

Rule: said from the number of cores alone, before anything is measured.
"""

from __future__ import annotations

import os
from pathlib import Path

MOST_WORKERS = 16
_QUOTA = Path("/sys/fs/cgroup/cpu.max")  # of a container on Linux: "200000 100000" is two cores


def cores(quota: Path = _QUOTA) -> int:
    """The cores that this process may use: no more than there are, and than it is allowed.

    >>> 1 <= cores() <= os.cpu_count()
    True
    """
    there = os.cpu_count() or 1
    if hasattr(os, "sched_getaffinity"):
        there = len(os.sched_getaffinity(0))
    return min(there, _allowed(quota) or there)


def _allowed(quota: Path) -> int | None:
    """How many cores the container may keep busy, at least one; None where nothing is said."""
    try:
        time, period = quota.read_text().split()
        return max(1, int(time) // int(period))
    except (OSError, ValueError):  # there is no such file, or it says "max"
        return None


def worker_counts(cores: int) -> list[int]:
    """Numbers of workers worth a measurement: powers of two, up to one step beyond the cores.

    >>> worker_counts(1), worker_counts(2), worker_counts(6), worker_counts(64)
    ([1, 2], [1, 2, 4], [1, 2, 4, 8], [1, 2, 4, 8, 16])
    """
    counts = [1]
    while counts[-1] <= cores and counts[-1] < MOST_WORKERS:
        counts.append(2 * counts[-1])
    return counts


def can_show(cores: int) -> str:
    """In words, what a machine with that many cores can show in this lesson.

    >>> print(can_show(1))
    This machine has 1 core. Workers can only take turns on it: ...
    """
    if cores == 1:
        said = (
            "This machine has 1 core. Workers can only take turns on it: no gain can be seen here, "
            "whatever you start. What can be seen is what they cost."
        )
    else:
        clean = cores - 1
        said = (
            f"This machine has {cores} cores. One of them is wanted by the load, so up to {clean} "
            f"worker{'s' * (clean > 1)} can be seen undisturbed."
        )
    if cores == 2:
        said += (
            " Two workers and their load want three cores and get two: expect less than twice, and"
            " the less the quicker the handler is. What cannot be seen here: whether 4, 8 or 16"
            " workers go on gaining, and where they stop."
        )
    elif 2 < cores < MOST_WORKERS:
        said += f" What cannot be seen here: how it goes on beyond {cores} workers."
    return said + " Nor can one machine show a network between the load and the server."
