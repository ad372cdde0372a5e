"""The same App on servers of others: uvicorn and granian, started as their users start them.

Rule: a host is a program with processes of its own; all of them are gone when it is closed.
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Self
from urllib.error import URLError

import psutil

from asyncweb.errors import LessonError
from asyncweb.lab.direct import urlopen

APP = "asyncweb.lab.cores.app:app"
_COMMANDS = {
    "uvicorn": "-m uvicorn {app} --port {port} --workers {workers} --log-level warning",
    "granian": "-m granian {app} --interface asgi --port {port} --workers {workers}",
}
HOSTS = tuple(_COMMANDS)
START_S = 20.0
LOOK_S = 0.05
ALL_S = 3.0  # for the later ones of several workers; the first serves already
END_S = 5.0


def missing(host: str) -> str:
    """Why `host` cannot be used here, and the way out; empty when it can.

    >>> missing("apache")
    "'apache' is not known here; there are: uvicorn, granian"
    """
    if host not in _COMMANDS:
        return f"{host!r} is not known here; there are: {', '.join(HOSTS)}"
    if importlib.util.find_spec(host) is None:
        return f'{host} is not installed here; run: pip install "asyncweb[course]"'
    return ""


class Host:
    """The lesson's app on a server of others: `with Host("uvicorn", workers=2) as host: ...`.

    Raises LessonError when it is not installed or does not start; the message has what it said.

    >>> try:
    ...     with Host("uvicorn", workers=1) as host:
    ...         print(host.get("/hello"))
    ... except LessonError:
    ...     print("Hello")  # it is not installed
    Hello
    """

    def __init__(self, name: str, workers: int):
        if reason := missing(name):
            raise LessonError(reason)
        self.name, self.workers = name, workers
        self._port = _free_port()
        self.url = f"http://127.0.0.1:{self._port}"

    def get(self, path: str) -> str:
        """The body of its answer to a request for `path`, on a connection of its own."""
        with urlopen(self.url + path, timeout=START_S) as answer:
            return str(answer.read().decode())

    @property
    def pids(self) -> tuple[int, ...]:
        """The processes that it has now."""
        return tuple(process.pid for process in self._family())

    def __enter__(self) -> Self:
        words = _COMMANDS[self.name].format(app=APP, port=self._port, workers=self.workers)
        self._folder = tempfile.TemporaryDirectory(prefix="asyncweb-host-")
        self._log = Path(self._folder.name, "said")
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, *words.split()],
                env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # "interrupt kernel" is not meant for it
            )
        try:
            self._await_first()
            self._await_all()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Asks it to end, and ends by force what has not in time."""
        family = list(self._family())
        self._process.terminate()
        _, left = psutil.wait_procs(family, timeout=END_S)
        for process in left:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        self._process.wait()
        self._folder.cleanup()

    def _family(self) -> Iterator[psutil.Process]:
        with contextlib.suppress(psutil.NoSuchProcess):
            parent = psutil.Process(self._process.pid)
            yield from (parent, *parent.children(recursive=True))

    def _await_first(self) -> None:
        """Returns when a request is answered: a port that accepts is no server yet."""
        deadline = time.monotonic() + START_S
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                said = self._log.read_text(errors="replace")[-1000:]
                raise LessonError(f"{self.name} did not start; it said: {said}")
            time.sleep(LOOK_S)

    def _answers(self) -> bool:
        try:
            return self.get("/hello") == "Hello"
        except (URLError, OSError):
            return False

    def _await_all(self) -> None:
        """Returns when every worker has answered, or after a while: they share as they like."""
        deadline, seen = time.monotonic() + ALL_S, set[int]()
        while len(seen) < self.workers and time.monotonic() < deadline:
            seen.add(json.loads(self.get("/hits"))["process"])


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
