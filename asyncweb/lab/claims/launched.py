"""A server program at work, in processes of its own, and what the system says that they cost.

Rule: whatever is asked of a program is asked from outside, and of all its processes together; all
of them are gone when it is stopped.
"""

from __future__ import annotations

import contextlib
import math
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Self

import psutil

from asyncweb.errors import LessonError
from asyncweb.lab.claims.guard import guard
from asyncweb.servers.open_files import allowed_to_children

START_S, STOP_S = 180.0, 3.0
LOOK_S = 0.001
SAID_LINES = 8
CPU_CLOCK = 2  # of a whole process, as Linux numbers it; it counts threads that have ended, too


class NotRunning(LessonError):
    """A program that does not start, has ended, or answers what it should not."""


def free_port(host: str = "127.0.0.1") -> int:
    """A port that nobody has just now."""
    with socket.socket() as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


def pinned(core: int | None) -> list[str]:
    """What to put before a command that is to run on that core, where that can be said."""
    return [] if core is None or not shutil.which("taskset") else ["taskset", "-c", str(core)]


class Launched(ABC):
    """A subclass says how it is asked; `with` one, it has answered its first question."""

    def __init__(
        self, name: str, command: Sequence[str], folder: Path, environment: Mapping[str, str]
    ):
        self.name = name
        self._command, self._folder, self._environment = command, folder, environment
        self.first_answer_s = 0.0  # from exec to the end of the first right answer
        self._listed: Sequence[psutil.Process] = ()
        self._listed_at = -math.inf
        self._used_s: dict[psutil.Process, float] = {}  # CPU, also of those that have ended since

    @abstractmethod
    def ask_first(self) -> None:
        """Asks once.

        Raises OSError while there is no answer, and NotRunning when it is not the right one.
        """

    def __enter__(self) -> Self:
        with contextlib.ExitStack() as ends:
            watch = ends.enter_context(guard())
            self._said = ends.enter_context(tempfile.TemporaryFile())
            began = time.perf_counter()
            self._process = self._started()
            watch(self._process.pid)
            self._account = psutil.Process(self._process.pid)
            ends.callback(self._end)
            self._answer_first(began + START_S)
            self.first_answer_s = time.perf_counter() - began
            self._ends = ends.pop_all()
        return self

    def __exit__(self, *error: object) -> None:
        self._ends.close()

    @property
    def pid(self) -> int:
        """The id of its first process."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether its first process still runs."""
        return self._process.poll() is None

    def check_alive(self) -> None:
        """Returns when it still runs. Raises NotRunning with the last that it has said."""
        if not self.alive:
            last = self.said() or "without a word"
            raise NotRunning(f"{self.name} ended while it was measured: {last}")

    def cpu_s(self) -> float:
        """Seconds of CPU that all its processes have used since they began.

        Of one that has ended, what it had used when this was last asked.
        """
        for process in self._processes():
            with contextlib.suppress(psutil.NoSuchProcess):
                self._used_s[process] = _cpu_s(process)
        return sum(self._used_s.values())

    def uss_bytes(self) -> int:
        """Memory that would be free if all its processes ended."""
        return self._sum(lambda process: process.memory_full_info().uss)

    def rss_bytes(self, listed_s: float = 0.0) -> int:
        """Resident memory of all its processes, what they share counted in each.

        Who asks often lets them be listed only every `listed_s` seconds: that takes long.
        """
        return self._sum(lambda process: process.memory_info().rss, listed_s)

    def processes(self) -> int:
        """How many it has."""
        return len(self._processes())

    def threads(self) -> int:
        """Of all its processes."""
        return self._sum(lambda process: process.num_threads())

    def _started(self) -> subprocess.Popen[bytes]:
        with allowed_to_children():
            return subprocess.Popen(
                self._command, cwd=self._folder, env=self._environment,
                stdin=subprocess.DEVNULL, stdout=self._said, stderr=subprocess.STDOUT,
                start_new_session=sys.platform != "win32",  # Ctrl-C is not meant for it
            )  # fmt: skip

    def _end(self) -> None:
        """Ends its processes; by force those that do not end when they are asked to.

        Who has lost their parent are no children of it any more: these are left to the guard.
        """
        processes = self._processes()
        self._process.terminate()
        _, alive = psutil.wait_procs(processes, STOP_S)
        for process in alive:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        self._process.wait()

    def said(self) -> str:
        """The last lines that it has written."""
        self._said.seek(0)
        lines = self._said.read().decode(errors="replace").strip().splitlines()
        return "\n".join(lines[-SAID_LINES:])

    def _answer_first(self, deadline: float) -> None:
        while True:
            try:
                return self.ask_first()
            except OSError:
                if not self.alive or time.perf_counter() > deadline:
                    raise NotRunning(f"{self.name} does not start: {self.said()}") from None
                time.sleep(LOOK_S)

    def _sum(self, number_of: Callable[[psutil.Process], int], listed_s: float = 0.0) -> int:
        total = 0
        for process in self._processes(listed_s):
            with contextlib.suppress(psutil.NoSuchProcess):  # it has ended since it was listed
                total += number_of(process)
        return total

    def _processes(self, listed_s: float = 0.0) -> Sequence[psutil.Process]:
        """All it has, or had at most `listed_s` seconds ago."""
        now = time.monotonic()
        if now - self._listed_at >= listed_s:
            # Looks at every process of the machine: a server of 1,500 is held up for 0.2 s.
            self._listed, self._listed_at = self._family(), now
        return self._listed

    def _family(self) -> Sequence[psutil.Process]:
        try:
            return [self._account, *self._account.children(recursive=True)]
        except psutil.NoSuchProcess:
            return []


def _cpu_s(process: psutil.Process) -> float:
    """To the nanosecond where there is a clock for it; psutil counts hundredths of a second."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            return time.clock_gettime(~process.pid << 3 | CPU_CLOCK)
    return sum(process.cpu_times()[:2])
