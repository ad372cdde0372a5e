"""The process that runs an exercise, from outside: its lines, its output, its end.

Rule: it is believed only what it has sealed, it is waited for only so long, and when it is left
nothing it has started is left either. How it ends means nothing.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import secrets
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

import psutil

from asyncweb.grading.seal import KEY_BYTES, LINE_BYTES, Seal

MARK = "ASYNCWEB_GRADING"  # by this variable its descendants are known where no reaper is
KEPT_BYTES = 32_768  # of the output at its beginning, and as much at its end
LOOK_S = 0.2
END_S = 5.0
SWEEPS = 100  # for what goes on starting others while it is being ended
_PACKAGE = Path(__file__).resolve().parents[2]
_HAS_REAPER = sys.platform == "linux"
_REAPER = [sys.executable, "-I", "-S", str(Path(__file__).with_name("reaper.py"))]
_CHILD = [sys.executable, "-P", "-m", "asyncweb.grading.child"]
_FOREIGN = ("PYTEST_", "PYTHON", "COV_")  # settings of whoever grades, not of what is graded


class GivenUp(Exception):
    """Nobody wants to know any more what comes of the tests."""


class Process:
    """One run of the tests in `folder`; to be used as a context.

    `is_given_up` is asked a few times each second whether to raise GivenUp.
    """

    def __init__(
        self,
        folder: Path,
        order: Mapping[str, Any],
        loop: str = "",
        is_given_up: Callable[[], bool] = lambda: False,
    ):
        self._is_given_up = is_given_up
        key = secrets.token_bytes(KEY_BYTES)
        self._mark = secrets.token_hex(8)
        self._lines: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
        self._output = _Output()
        self._process = subprocess.Popen(
            [*_REAPER, *_CHILD] if _HAS_REAPER else _CHILD,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=folder,
            env=_environment(self._mark, loop),
            start_new_session=True,
        )
        self._readers: list[threading.Thread] = []
        try:
            self._begin({**order, "key": key.hex()}, Seal(key))
        except BaseException:  # Ctrl-C: nobody has the process yet who could end it
            self.__exit__(None, None, None)
            raise

    def _begin(self, order: Mapping[str, Any], seal: Seal) -> None:
        for read, args in (
            (self._read_lines, (self._process.stdout, seal)),
            (self._output.read, (self._process.stderr,)),
        ):
            reader = threading.Thread(target=read, args=args, daemon=True)
            reader.start()
            self._readers.append(reader)
        with contextlib.suppress(OSError), self._process.stdin as stdin:  # type: ignore[union-attr]
            stdin.write(json.dumps(order).encode() + b"\n")

    def line(self, patience_s: float) -> dict[str, Any] | None:
        """The next thing that is told; None when there is no more. Raises queue.Empty: too late."""
        for _ in range(int(patience_s / LOOK_S)):
            if self._is_given_up():
                raise GivenUp
            ended = self._process.poll() is not None
            with contextlib.suppress(queue.Empty):  # on a busy machine the reader comes later
                return self._lines.get(timeout=END_S if ended else LOOK_S)
            if ended:  # though a process that it has forked may still hold the pipe
                return None
        raise queue.Empty

    @property
    def output(self) -> str:
        """What was printed: its beginning and its end."""
        return self._output.text

    def _read_lines(self, stream: IO[bytes], seal: Seal) -> None:
        with stream:
            for line in iter(lambda: stream.readline(LINE_BYTES), b""):
                if line.strip() and (values := seal.read(line)) is not None:
                    self._lines.put(values)
        self._lines.put(None)

    def __enter__(self) -> Process:
        return self

    def __exit__(self, *error: object) -> None:
        """Ends the process and all it has started."""
        if not (_HAS_REAPER and self._reaped()):
            self._kill()
        for reader in self._readers:
            reader.join(END_S)

    def _reaped(self) -> bool:
        """Whether the reaper has ended everything; the student's program may have killed it."""
        self._process.terminate()
        try:
            return self._process.wait(END_S) == 0
        except subprocess.TimeoutExpired:
            return False

    def _kill(self) -> None:
        """Ends the process, its group, and whoever has our mark."""
        if hasattr(os, "killpg"):
            with contextlib.suppress(OSError):
                os.killpg(self._process.pid, signal.SIGKILL)
        for _ in range(SWEEPS):
            for process in (marked := _marked(self._mark)):
                with contextlib.suppress(psutil.Error):
                    process.kill()
            if not marked:
                break
        self._process.kill()
        self._process.wait(END_S)


class _Output:
    """The beginning and the end of what was printed; the rest is counted."""

    def __init__(self) -> None:
        self._head, self._tail, self._left_out = b"", b"", 0

    def read(self, stream: IO[bytes]) -> None:
        """Reads on whatever comes, so that printing without end only costs its own time."""
        with stream:
            while piece := os.read(stream.fileno(), 65_536):
                self._keep(piece)

    def _keep(self, piece: bytes) -> None:
        room = KEPT_BYTES - len(self._head)
        self._head += piece[:room]
        tail = self._tail + piece[room:]
        self._left_out += max(len(tail) - KEPT_BYTES, 0)
        self._tail = tail[-KEPT_BYTES:]

    @property
    def text(self) -> str:
        between = f"\n... {self._left_out:,} bytes ...\n".encode() if self._left_out else b""
        return (self._head + between + self._tail).decode(errors="replace")


def _environment(mark: str, loop: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_FOREIGN)}
    paths = [str(_PACKAGE), os.environ.get("PYTHONPATH", "")]
    return {
        **kept,
        **({"ASYNCWEB_LOOP": loop} if loop else {}),
        MARK: mark,
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONPATH": os.pathsep.join(filter(None, paths)),
        "PYTHONUNBUFFERED": "1",
        "PYTHONUTF8": "1",
    }


def _marked(mark: str) -> Sequence[psutil.Process]:
    """Every process that was started with our mark and still runs."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            is_ours = process.environ().get(MARK) == mark
            if is_ours and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
    return found
