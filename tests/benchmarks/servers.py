"""The servers that are measured: how each is started, with one worker and without a log.

Rule: each is given what its documentation advises for speed, and no limit that the load would meet.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from tests.benchmarks.shapes import SHAPES

APPS = "tests.benchmarks.apps"
HERE = Path(__file__).parent / "apps"
BACKLOG, THREADS, MOST_CONNECTIONS = 4096, 64, 5000
PYTHON = sys.executable


@dataclass(frozen=True)
class Entry:
    """One server of the table."""

    name: str
    command: Callable[[int, str], list[str]]  # of a port and the name of a shape
    package: str = ""  # whose version is told
    kind: str = "loop"  # or "threads": what it is compared with

    def missing(self) -> str:
        """Why it cannot be measured here; empty when it can."""
        program = self.command(0, "hello")[0]
        if shutil.which(program) is None:
            return f"{program} is not installed"
        return "" if not self.package or self.version() else f"{self.package} is not installed"

    def version(self) -> str:
        """The version of its package; empty when there is none."""
        try:
            return version(self.package) if self.package else ""
        except PackageNotFoundError:
            return ""


def _module(name: str, *arguments: str) -> list[str]:
    return [PYTHON, "-m", name, *arguments]


def _ours(*words: str) -> Callable[[int, str], list[str]]:
    return lambda port, shape: [PYTHON, "-m", f"{APPS}.ours", str(port), *words]


def _limit(port: int, shape: str) -> list[str]:
    asked = SHAPES[shape]
    manner = "closes" if asked.closes else f"{asked.wait_s:g}"
    return [PYTHON, str(HERE / "limit.py"), str(port), asked.answer.decode(), manner]


def _serve(port: int, shape: str) -> list[str]:
    return _module("asyncweb", "serve", f"{APPS}.serve:app", "--port", str(port))


def _uvicorn(app: str) -> Callable[[int, str], list[str]]:
    return lambda port, shape: _module(
        "uvicorn", f"{APPS}.{app}:app", "--port", str(port), "--loop", "uvloop",
        "--http", "httptools", "--backlog", str(BACKLOG), "--lifespan", "off" if app == "asgi" else
        "on", "--no-access-log", "--log-level", "warning",
    )  # fmt: skip


def _granian(port: int, shape: str) -> list[str]:
    return _module(
        "granian", "--interface", "asginl", "--port", str(port), "--workers", "1", "--loop",
        "uvloop", "--backlog", str(BACKLOG), "--no-ws", "--log-level", "warning",
        f"{APPS}.asgi:app",
    )  # fmt: skip


def _hypercorn(port: int, shape: str) -> list[str]:
    return _module(
        "hypercorn", "--bind", f"127.0.0.1:{port}", "--worker-class", "uvloop", "--backlog",
        str(BACKLOG), "--log-level", "warning", f"{APPS}.asgi:app",
    )  # fmt: skip


def _aiohttp(port: int, shape: str) -> list[str]:
    return _module(f"{APPS}.with_aiohttp", str(port))


def _sanic(port: int, shape: str) -> list[str]:
    return _module(
        "sanic", f"{APPS}.with_sanic:app", "--port", str(port), "--single-process",
        "--no-access-logs", "--no-motd",
    )  # fmt: skip


def _waitress(port: int, shape: str) -> list[str]:
    return _module(
        "waitress", f"--listen=127.0.0.1:{port}", f"--threads={THREADS}", f"--backlog={BACKLOG}",
        f"--connection-limit={MOST_CONNECTIONS}", "--asyncore-use-poll", f"{APPS}.wsgi:app",
    )  # fmt: skip


def _cheroot(port: int, shape: str) -> list[str]:
    return _module(
        "cheroot", f"{APPS}.wsgi:app", "--bind", f"127.0.0.1:{port}", "--threads", str(THREADS),
        "--request-queue-size", str(BACKLOG),
    )  # fmt: skip


def _gunicorn(port: int, shape: str) -> list[str]:
    return _module(
        "gunicorn", f"{APPS}.wsgi:app", "--bind", f"127.0.0.1:{port}", "--worker-class", "gthread",
        "--workers", "1", "--threads", str(THREADS), "--backlog", str(BACKLOG),
        "--worker-connections", str(MOST_CONNECTIONS), "--keep-alive", "30",
        "--log-level", "warning",
    )  # fmt: skip


def _node(port: int, shape: str) -> list[str]:
    return ["node", str(HERE / "node.js"), str(port)]


LIMIT, OURS, AGAIN = "limit", "asyncweb", "asyncweb again"
SERVERS = {
    entry.name: entry
    for entry in (
        Entry(LIMIT, _limit, "uvloop"),
        Entry(OURS, _ours("async")),
        Entry(AGAIN, _ours("async")),
        Entry("asyncweb serve", _serve),
        Entry("asyncweb, no observer", _ours("async", "nothing")),
        Entry("asyncweb, three middlewares", _ours("async", "onion")),
        Entry("granian", _granian, "granian"),
        Entry("uvicorn", _uvicorn("asgi"), "uvicorn"),
        Entry("hypercorn", _hypercorn, "hypercorn"),
        Entry("blacksheep", _uvicorn("with_blacksheep"), "blacksheep"),
        Entry("aiohttp", _aiohttp, "aiohttp"),
        Entry("sanic", _sanic, "sanic"),
        Entry("node", _node),
        Entry("asyncweb threads", _ours("threads"), kind="threads"),
        Entry("asyncweb pool", _ours("pool"), kind="threads"),
        Entry("waitress", _waitress, "waitress", "threads"),
        Entry("cheroot", _cheroot, "cheroot", "threads"),
        Entry("gunicorn gthread", _gunicorn, "gunicorn", "threads"),
    )
}
