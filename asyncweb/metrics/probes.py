"""What the machine says about a process: memory, threads and CPU, looked at from outside.

Rule: the process that is measured does not notice. What cannot be measured is None, never 0.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import psutil

USS_EVERY_S = 1.0  # the kernel walks all pages of the process for it


@dataclass(frozen=True, slots=True)
class ProcessUse:
    """What a process uses at one moment."""

    rss_bytes: int  # resident: what of it is in memory, shared libraries included
    uss_bytes: int | None  # unique: what would be freed if it ended now
    threads: int
    cpu_percent: float | None  # of one core, since the sample before; None in the first
    cpu_seconds: float  # since the process began
    vms_bytes: int  # virtual: what has an address, the stacks of all threads included


@dataclass(frozen=True, slots=True)
class MachineTimes:
    """What all processors of this machine have spent until some moment, in seconds.

    >>> MachineTimes(100.0, 1.0).stolen_share(MachineTimes(120.0, 6.0))
    0.25
    >>> MachineTimes.now().stolen_share(MachineTimes.now()) <= 1
    True
    """

    all_s: float
    stolen_s: float  # that a hypervisor gave to other machines; 0 where nobody says so

    @classmethod
    def now(cls) -> MachineTimes:
        """Those of this moment. Source: psutil; only Linux knows what was stolen."""
        times = psutil.cpu_times()
        # The time of guests is a part of user and nice already.
        guests_s = getattr(times, "guest", 0.0) + getattr(times, "guest_nice", 0.0)
        return cls(sum(times) - guests_s, getattr(times, "steal", 0.0))

    def stolen_share(self, later: MachineTimes) -> float:
        """How much of the time until `later` was stolen, 0 to 1."""
        spent_s = later.all_s - self.all_s
        return max(later.stolen_s - self.stolen_s, 0.0) / spent_s if spent_s > 0 else 0.0


class ProcessProbe:
    """Samples one process. Source: psutil, which reads /proc on Linux."""

    def __init__(self, pid: int, clock: Callable[[], float] = time.monotonic):
        self._clock = clock
        self._before: tuple[float, float] | None = None  # (moment, CPU seconds)
        self._uss_bytes: int | None = None
        self._uss_due = clock()
        try:
            self._process: psutil.Process | None = psutil.Process(pid)
        except psutil.NoSuchProcess:
            self._process = None

    def sample(self) -> ProcessUse | None:
        """What the process uses now; None when it has ended. USS is measured once a second."""
        if self._process is None:
            return None
        try:
            with self._process.oneshot():
                if self._process.status() == psutil.STATUS_ZOMBIE:
                    return None
                memory = self._process.memory_info()
                threads = self._process.num_threads()
                times = self._process.cpu_times()
            self._measure_uss(self._process)
        except psutil.Error:
            return None
        cpu_seconds = times.user + times.system
        percent = self._cpu_percent(cpu_seconds)
        return ProcessUse(memory.rss, self._uss_bytes, threads, percent, cpu_seconds, memory.vms)

    def _measure_uss(self, process: psutil.Process) -> None:
        now = self._clock()
        if now < self._uss_due:
            return
        self._uss_due = now + USS_EVERY_S
        try:
            self._uss_bytes = process.memory_full_info().uss
        except psutil.AccessDenied:
            self._uss_bytes = None

    def _cpu_percent(self, cpu_seconds: float) -> float | None:
        now = self._clock()
        before, self._before = self._before, (now, cpu_seconds)
        if before is None or now <= before[0]:
            return None
        return 100 * (cpu_seconds - before[1]) / (now - before[0])


def slope(points: Sequence[tuple[float, float]]) -> float | None:
    """How much y grows with each x, by least squares: bytes per connection of (connections, bytes).

    None when the points have fewer than two different x.

    >>> slope([(0, 1000), (10, 1500), (20, 2000)])
    50.0
    """
    if len({x for x, _ in points}) < 2:
        return None
    mean_x = sum(x for x, _ in points) / len(points)
    mean_y = sum(y for _, y in points) / len(points)
    spread = sum((x - mean_x) ** 2 for x, _ in points)
    return sum((x - mean_x) * (y - mean_y) for x, y in points) / spread
