"""A server program at work, in processes of its own, and what the system says that they cost.

Rule: whatever is asked of a program is asked from outside, and of all its processes together; all
of them are gone when it is stopped.
"""

from __future__ import annotations

import contextlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
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
        """Seconds of CPU that all its processes have used since they began."""
        return sum(_cpu_s(process) for process in self._processes())

    def uss_bytes(self) -> int:
        """Memory that would be free if all its processes ended."""
        return sum(process.memory_full_info().uss for process in self._processes())

    def rss_bytes(self) -> int:
        """Resident memory of all its processes, what they share counted in each."""
        return sum(process.memory_info().rss for process in self._processes())

    def processes(self) -> int:
        """How many it has."""
        return len(self._processes())

    def threads(self) -> int:
        """Of all its processes."""
        return sum(process.num_threads() for process in self._processes())

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

    def _processes(self) -> Sequence[psutil.Process]:
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
