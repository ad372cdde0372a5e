"""Four servers of Python's own users: waitress, gunicorn gthread, uvicorn and granian.

Rule: each is given what its documentation advises for speed, a bare application, and no limit that
the trial would meet.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import ClassVar

from asyncweb.lab.claims import names
from asyncweb.lab.claims.peers.peer import Peer, Seat

HERE = __name__
IDLE_S = 600
GRANIAN_IDLE_MS = 60_000  # it takes no more
LOOP = "asyncio" if sys.platform == "win32" else "uvloop"


class InPython(Peer):
    """What the four have in common."""

    language = "Python"
    package: ClassVar[str]
    unix_only: ClassVar[bool] = False

    def missing(self) -> str:
        if self.unix_only and sys.platform == "win32":
            return f"{self.package} does not run on Windows; use WSL, Linux or macOS"
        if find_spec(self.package) is None:
            return f'{self.package} is not installed; pip install "asyncweb[claims]"'
        return ""

    def version(self, built: Path | None) -> str:
        from importlib import metadata  # 2 MB, which the application should not have to load

        return metadata.version(self.package)

    def command(self, built: Path | None, seat: Seat) -> Sequence[str]:
        return [sys.executable, "-m", self.package, *self.arguments(seat)]

    def arguments(self, seat: Seat) -> list[str]:
        """What it is given on its command line."""
        raise NotImplementedError


class Waitress(InPython):
    """One thread that reads and writes, and a pool that answers."""

    name, package = names.WAITRESS, "waitress"
    model = "threads"
    licence = "ZPL-2.1"
    settings = (
        "one process, WSGI; a pool of 64 threads, where 4 are usual, answers; poll() instead of "
        "select(), which still looks at all connections each time; it cannot share a port"
    )

    def arguments(self, seat: Seat) -> list[str]:
        return [
            f"--listen={seat.host}:{seat.port}", f"--threads={seat.threads}",
            f"--backlog={seat.connections}", f"--connection-limit={2 * seat.connections}",
            f"--channel-timeout={IDLE_S}", "--asyncore-use-poll", f"{HERE}.wsgi:app",
        ]  # fmt: skip


class Gunicorn(InPython):
    """A pool of threads that answers, and keeps idle connections without a thread."""

    name, package = names.GUNICORN, "gunicorn"
    model = "threads"
    licence = "MIT"
    unix_only = True
    shares_port = True
    settings = (
        "one worker, WSGI, and the master process that every gunicorn has, whose memory counts; "
        "a pool of 64 threads, where 1 is usual, answers; idle connections are kept for 600 s "
        "instead of 2"
    )

    def arguments(self, seat: Seat) -> list[str]:
        return [
            "--config", f"python:{HERE}.gunicorn_settings", "--bind", f"{seat.host}:{seat.port}",
            "--worker-class", "gthread", "--workers", str(seat.workers),
            "--threads", str(seat.threads), "--backlog", str(seat.connections),
            "--worker-connections", str(2 * seat.connections), "--keep-alive", str(IDLE_S),
            "--log-level", "warning", f"{HERE}.wsgi:app",
        ]  # fmt: skip


class Uvicorn(InPython):
    """An event loop; its parser and its loop are the fast ones, in C."""

    name, package = names.UVICORN, "uvicorn"
    model = "event loop"
    licence = "BSD-3-Clause"
    shares_port = True
    settings = (
        f"one process, a bare ASGI application on {LOOP} and httptools, no access log; the file "
        "and the database are read by a thread beside the loop"
    )

    def arguments(self, seat: Seat) -> list[str]:
        return [
            "--host", seat.host, "--port", str(seat.port), "--workers", str(seat.workers),
            "--loop", LOOP, "--http", "httptools", "--lifespan", "off",
            "--backlog", str(seat.connections), "--timeout-keep-alive", str(IDLE_S),
            "--no-access-log", "--log-level", "warning", f"{HERE}.asgi:app",
        ]  # fmt: skip


class Granian(InPython):
    """Rust speaks HTTP, and an event loop of Python's answers."""

    name, package = names.GRANIAN, "granian"
    model = "event loop"
    licence = "BSD-3-Clause"
    shares_port = True
    settings = (
        "one worker with one thread of Rust's and one of Python's, and the parent process that "
        f"every granian has, whose memory counts; a bare ASGI application on {LOOP}, no "
        "WebSockets; the file and the database are read by a thread beside the loop; what is idle "
        "for 60 s, the longest it can be told, is closed"
    )

    def arguments(self, seat: Seat) -> list[str]:
        return [
            "--interface", "asginl", "--host", seat.host, "--port", str(seat.port),
            "--workers", str(seat.workers), "--loop", LOOP.replace("asyncio", "auto"), "--no-ws",
            "--backlog", str(max(128, seat.connections)),  # fewer are refused
            "--backpressure", str(2 * seat.connections),
            "--http1-header-read-timeout", str(GRANIAN_IDLE_MS),
            "--log-level", "warning", f"{HERE}.asgi:app",
        ]  # fmt: skip


PEERS = (Waitress(), Gunicorn(), Uvicorn(), Granian())
