"""One server at work, in processes of its own, and what the system says that they have cost.

Rule: whatever is asked of a server is asked from outside, and of all its processes together.
"""

from __future__ import annotations

import os
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import psutil

from asyncweb.lab.claims.program import NotRunning, free_port, pinned
from tests.benchmarks.servers import Entry
from tests.benchmarks.shapes import HELLO, Shape

ROOT = Path(__file__).parents[2]
# What is installed is compiled once, and so shall be what is run from here.
ENVIRONMENT = {name: value for name, value in os.environ.items() if "BYTECODE" not in name}
START_S, STOP_S, ANSWER_S = 30.0, 10.0, 10.0


class Running:
    """Starts a server for one shape, waits for its first right answer, and stops it at the end."""

    def __init__(self, entry: Entry, shape: Shape = HELLO, core: int | None = None):
        self.entry, self.shape = entry, shape
        self.port = free_port()
        command = [*pinned(core), *entry.command(self.port, shape.name)]
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `stop`
        began = time.perf_counter()
        self._process = subprocess.Popen(
            command, cwd=ROOT, env=ENVIRONMENT, stdout=self._said, stderr=subprocess.STDOUT
        )
        self._account = psutil.Process(self._process.pid)
        try:
            self.connect_first(began + START_S)
            self.first_answer_s = time.perf_counter() - began
        except BaseException:
            self.stop()
            raise

    def __enter__(self) -> Running:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def connect_first(self, deadline: float) -> None:
        """Asks until the server answers."""
        while True:
            try:
                return self.ask(self.shape).close()
            except ConnectionError:
                if self._process.poll() is not None or time.perf_counter() > deadline:
                    raise NotRunning(f"{self.entry.name} does not start: {self._told()}") from None
                time.sleep(0.001)

    def ask(self, shape: Shape, client: socket.socket | None = None) -> socket.socket:
        """Asks once, and checks the answer; the connection, which is kept unless it closes."""
        client = client or socket.create_connection(("127.0.0.1", self.port), ANSWER_S)
        fields = "".join(f"{name}: {value}\r\n" for name, value in shape.headers.items())
        head = f"{shape.method} {shape.path} HTTP/1.1\r\nhost: 127.0.0.1\r\n{fields}\r\n"
        client.sendall(head.encode() + b"x" * shape.body_bytes)
        answered = b""
        while not answered.endswith(shape.answer):
            if not (piece := client.recv(256 * 1024)):
                raise ConnectionResetError(f"closed after {answered[:200]!r}")
            answered += piece
            if not b"HTTP/1.1 200 ".startswith(answered[:13]):
                raise NotRunning(f"{self.entry.name} answers {answered[:300]!r} to {head!r}")
        return client

    def cpu_s(self) -> float:
        """Seconds of CPU of all its processes, from their beginning."""
        return sum(sum(process.cpu_times()[:2]) for process in self._processes())

    def memory_bytes(self) -> int:
        """USS of all its processes: what would be free if they ended."""
        return sum(process.memory_full_info().uss for process in self._processes())

    def stop(self) -> None:
        """Ends all its processes."""
        processes = self._processes()
        self._process.terminate()
        _, alive = psutil.wait_procs(processes, STOP_S)
        for process in alive:
            process.kill()
        self._process.wait()
        self._said.close()

    def _processes(self) -> list[psutil.Process]:
        try:
            return [self._account, *self._account.children(recursive=True)]
        except psutil.NoSuchProcess:
            return []

    def _told(self) -> str:
        self._said.seek(0)
        return self._said.read().decode(errors="replace").strip().rpartition("\n")[2]
