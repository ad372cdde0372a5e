"""The server's process, watched from outside: memory, CPU, threads, open files, and its stderr.

Rule: the server does not notice; what it says where nobody listens is kept.
"""

from __future__ import annotations

import contextlib
import os
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

import psutil

EVERY_S = 0.5
MIB = 1024**2


@dataclass(frozen=True, slots=True)
class Sample:
    """One look."""

    at: float  # by time.monotonic
    rss_mib: float
    threads: int
    cpu_seconds: float
    queued_seconds: float  # all its threads, ready to run, while others had the cores


@dataclass(frozen=True, slots=True)
class Belongings:
    """What a process holds when nobody is there."""

    files: int
    threads: int
    rss_mib: float


class Watch:
    """Samples one process until the end of the `with` block."""

    def __init__(self, pid: int):
        self._process = psutil.Process(pid)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look_on, name="siege-watch", daemon=True)
        self.samples: list[Sample] = []

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _look_on(self) -> None:
        with contextlib.suppress(psutil.Error):
            while not self._over.wait(EVERY_S):
                with self._process.oneshot():
                    times, rss = self._process.cpu_times(), self._process.memory_info().rss
                    threads = self._process.num_threads()
                cpu_seconds = times.user + times.system
                queued_s = _queued_seconds(self._process.pid)
                self.samples.append(
                    Sample(time.monotonic(), rss / MIB, threads, cpu_seconds, queued_s)
                )

    def belongings(self) -> Belongings:
        """What it holds now."""
        process = self._process
        return Belongings(process.num_fds(), process.num_threads(), process.memory_info().rss / MIB)

    def story(self, began: float, ended: float) -> dict[str, Any]:
        """Memory and CPU between two moments: their thirds, the peak, the share of a core."""
        seen = [sample for sample in self.samples if began <= sample.at <= ended]
        if len(seen) < 3:
            return {}
        third = len(seen) // 3
        spent_s = seen[-1].cpu_seconds - seen[0].cpu_seconds
        return {
            "rss_first_third_mib": statistics.median(sample.rss_mib for sample in seen[:third]),
            "rss_last_third_mib": statistics.median(sample.rss_mib for sample in seen[-third:]),
            "rss_peak_mib": max(sample.rss_mib for sample in seen),
            "cpu": spent_s / max(seen[-1].at - seen[0].at, 1e-9),
            "queued": (seen[-1].queued_seconds - seen[0].queued_seconds)
            / max(seen[-1].at - seen[0].at, 1e-9),
            "threads_peak": max(sample.threads for sample in seen),
            "rss_mib": [round(sample.rss_mib, 1) for sample in seen[:: max(len(seen) // 30, 1)]],
        }


def _queued_seconds(pid: int) -> float:
    """How long the system let its threads wait for a core. Source: proc(5), schedstat."""
    delays = 0
    for task in Path(f"/proc/{pid}/task").iterdir():
        with contextlib.suppress(OSError):  # it has just ended
            delays += int((task / "schedstat").read_text().split()[1])
    return delays / 1e9


def as_dict(belongings: Belongings) -> dict[str, Any]:
    return asdict(belongings)


@contextlib.contextmanager
def stderr_into(file: IO[str]) -> Iterator[None]:
    """What processes that are started meanwhile write to their standard error goes to `file`."""
    ours = os.dup(2)
    os.dup2(file.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(ours, 2)
        os.close(ours)


def scratch() -> IO[str]:
    """A file for it, without a name."""
    return tempfile.TemporaryFile("w+")


def said(file: IO[str]) -> list[str]:
    """The lines that were written."""
    file.seek(0)
    return file.read().splitlines()
