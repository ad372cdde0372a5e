"""One system at work, in processes of its own, and what the system says that they cost.

Rule: whatever is asked of a program is asked from outside, and of all its processes together; all
of them are gone when it is stopped.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Self

import psutil

from asyncweb.errors import LessonError
from asyncweb.lab.claims.material import BODIES, HELLO
from asyncweb.lab.claims.peers.peer import Peer, Seat
from asyncweb.servers.open_files import allowed_to_children

START_S, STOP_S, ANSWER_S = 180.0, 3.0, 10.0
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


class Program:
    """`with Program(peer, built, seat) as program:` it has answered its first question then."""

    def __init__(self, peer: Peer, built: Path | None, seat: Seat, core: int | None = None):
        self.name, self.seat, self.blocks = peer.name, seat, peer.blocks
        self._command = [*pinned(core), *peer.command(built, seat)]
        own = peer.environment(built, seat)
        self._environment = {**os.environ, **_ours(), **seat.variables, **own}
        self.first_answer_s = 0.0  # from exec to the end of the first right answer

    def __enter__(self) -> Self:
        self._said = tempfile.TemporaryFile()
        began = time.perf_counter()
        with allowed_to_children():
            self._process = subprocess.Popen(
                self._command, cwd=self.seat.folder, env=self._environment,
                stdin=subprocess.DEVNULL, stdout=self._said, stderr=subprocess.STDOUT,
                start_new_session=sys.platform != "win32",  # Ctrl-C is not meant for it
            )  # fmt: skip
        self._account = psutil.Process(self._process.pid)
        try:
            self._answer_first(began + START_S)
            self.first_answer_s = time.perf_counter() - began
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *error: object) -> None:
        self.stop()

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

    def url(self, path: str = HELLO) -> str:
        """Where it answers `path`."""
        return f"http://{self.seat.host}:{self.seat.port}{path}"

    def ask(self, path: str = HELLO, client: socket.socket | None = None) -> socket.socket:
        """Asks once, and checks the answer; the connection, which the caller closes.

        Raises NotRunning for another answer, ConnectionError when there is none.
        """
        client = client or socket.create_connection((self.seat.host, self.seat.port), ANSWER_S)
        try:
            client.sendall(f"GET {path} HTTP/1.1\r\nHost: {self.seat.host}\r\n\r\n".encode())
            received = b""
            while not received.endswith(BODIES[path]):
                if not (piece := client.recv(256 * 1024)):
                    raise ConnectionResetError(f"closed after {received[:200]!r}")
                received += piece
                if not b"HTTP/1.1 200".startswith(received[:12]) or _is_another(received, path):
                    raise NotRunning(f"{self.name} answers {received[:300]!r} to {path}")
        except BaseException:
            client.close()
            raise
        return client

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

    def stop(self) -> None:
        """Ends all its processes; by force those that do not end when they are asked to."""
        processes = self._processes()
        self._process.terminate()
        _, alive = psutil.wait_procs(processes, STOP_S)
        for process in alive:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        if sys.platform != "win32":  # who had lost their parent were no children of its any more
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._said.close()

    def said(self) -> str:
        """The last lines that it has written."""
        self._said.seek(0)
        lines = self._said.read().decode(errors="replace").strip().splitlines()
        return "\n".join(lines[-SAID_LINES:])

    def _answer_first(self, deadline: float) -> None:
        while True:
            try:
                return self.ask().close()
            except OSError:
                if not self.alive or time.perf_counter() > deadline:
                    raise NotRunning(f"{self.name} does not start: {self.said()}") from None
                time.sleep(LOOK_S)

    def _processes(self) -> Sequence[psutil.Process]:
        try:
            return [self._account, *self._account.children(recursive=True)]
        except psutil.NoSuchProcess:
            return []


def _is_another(received: bytes, path: str) -> bool:
    """Whether an answer that says its length is whole, and not the one to `path`."""
    head, _, body = received.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
    return length is not None and len(body) >= int(length[1]) and body != BODIES[path]


def _cpu_s(process: psutil.Process) -> float:
    """To the nanosecond where there is a clock for it; psutil counts hundredths of a second."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            return time.clock_gettime(~process.pid << 3 | CPU_CLOCK)
    return sum(process.cpu_times()[:2])


def _ours() -> dict[str, str]:
    """A program in Python shall find this very asyncweb, also when it was never installed."""
    return {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
