"""What every fault needs: a server, a crowd before it, and one who asks for himself.

Rule: whatever was started has ended when the `with` block ends, however it ends.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from typing import Any

import psutil

from asyncweb.lab.player import Player
from asyncweb.servers.base import Server
from tests.load.tally import Lost, Tally
from tests.load.target import make_server
from tests.load.watch import said, scratch, stderr_into

PATIENCE_S = 10.0


@contextlib.contextmanager
def serving(
    engine: str, stderr: list[str], workers: int | None = None, on_startup: Any = None
) -> Iterator[Server]:
    """A server in a process of its own; what it writes to its standard error is in `stderr`."""
    server = make_server(engine)
    if on_startup is not None:
        server.app.on_startup(on_startup)
    with scratch() as file:
        try:
            with stderr_into(file):
                server.start(process=True, workers=workers)
            yield server
        finally:
            server.stop()
            stderr += said(file)


@contextlib.contextmanager
def crowd(server: Server, connections: int, rate_rps: float, mix: str = "all") -> Iterator[Player]:
    """Good clients, who have begun to ask."""
    with Player("tests.load.good:main") as good:
        good.tell("gather", server.port, connections, rate_rps, mix)
        good.tell("begin", "fault")
        yield good


def ask(port: int, path: str) -> tuple[int, bytes]:
    """Status and body, by a connection of its own."""
    client = HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
    with contextlib.closing(client):
        client.request("GET", path, headers={"Connection": "close"})
        answer = client.getresponse()
        return answer.status, answer.read()


def holds_within(condition: Callable[[], Any], seconds: float = PATIENCE_S) -> bool:
    """Whether `condition()` holds some time before so many seconds are over."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def cpu_share(pid: int, seconds: float) -> float:
    """Of a core, over the next `seconds`."""
    process = psutil.Process(pid)
    before = sum(process.cpu_times()[:2])
    time.sleep(seconds)
    return (sum(process.cpu_times()[:2]) - before) / seconds


def of_good(tally: Tally, lost: list[Lost]) -> list[str]:
    """What good clients complain of, of all that was `lost` without an excuse."""
    told = [f"wrong: {fault}, {times} times" for fault, times in tally.faults.items()]
    return told + [f"lost: {one}" for one in lost[:10]]
