"""Very many connections on one core: each is answered, waits with all the others, and is answered
again.

    python -m tests.benchmarks.many [--connections N] [--workers N] [--json FILE]

The worker processes of `asyncweb serve --workers` share one port and one core; the clients are
processes on the other cores, each with a loopback address of its own: a process may open only so
many files and an address has only so many ports. Memory is USS, all processes together, and counts
from when each worker has answered once. Linux only: other systems have one loopback address.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import math
import resource
import sys
import tempfile
import time
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import psutil

from asyncweb.servers.child import Pipe
from tests.benchmarks.running import Running
from tests.benchmarks.servers import APPS, PYTHON, Entry
from tests.load.address import connected
from tests.load.player import Player, play

PER_CLIENT = 12_500  # connections of one process
AT_ONCE = 256  # that are being made
SPARE_FILES = 500
REQUEST = b"GET / HTTP/1.1\r\nhost: many\r\n\r\n"
ANSWERS_S = 60.0
CONFIG = "[limits]\nconnections = 100000\nconnections_per_client = 100000\nidle_s = 300\n"


class Guest(asyncio.Protocol):
    """One connection: asks when it is told to, and counts what is right."""

    def __init__(self, crowd: Crowd):
        self._crowd = crowd
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def ask(self) -> None:
        self.transport.write(REQUEST)

    def data_received(self, data: bytes) -> None:
        self._received += data
        if self._received.endswith(b"Hello World"):
            is_right = self._received.startswith(b"HTTP/1.1 200 ")
            self._received = b""
            self._crowd.answered(is_right)

    def connection_lost(self, error: Exception | None) -> None:
        self._crowd.lost += 1


class Crowd:
    """All connections of one process."""

    def __init__(self) -> None:
        self._guests: list[Guest] = []
        self._right = self._wrong = self.lost = 0
        self._all_answered = asyncio.Event()

    def answered(self, is_right: bool) -> None:
        """One more answer."""
        self._right += is_right
        self._wrong += not is_right
        if self._right + self._wrong == len(self._guests):
            self._all_answered.set()

    async def come(self, source: str, port: int, count: int) -> int:
        """Connects all of them."""
        gate = asyncio.Semaphore(AT_ONCE)

        async def connect() -> None:
            async with gate:
                sock = await connected(source, port)
                loop = asyncio.get_running_loop()
                _, guest = await loop.create_connection(lambda: Guest(self), sock=sock)
                self._guests.append(guest)

        await asyncio.gather(*(connect() for _ in range(count)))
        return len(self._guests)

    async def ask(self) -> dict[str, Any]:
        """Each asks once; what came of it when all are answered, or patience is over."""
        self._right = self._wrong = 0
        self._all_answered.clear()
        began = time.perf_counter()
        for number, guest in enumerate(self._guests):
            guest.ask()
            if number % AT_ONCE == 0:
                await asyncio.sleep(0)
        with suppress(TimeoutError):
            await asyncio.wait_for(self._all_answered.wait(), ANSWERS_S)
        missing = len(self._guests) - self._right - self._wrong
        return {
            "right": self._right,
            "errors": self._wrong + missing + self.lost,
            "seconds": time.perf_counter() - began,
        }


def crowd(pipe: Pipe) -> None:
    """The part of a client process."""
    play(pipe, Crowd)


def measure(connections: int, workers: int) -> dict[str, Any]:
    """Holds so many connections at so many workers on one core."""
    cores = sorted(psutil.Process().cpu_affinity())
    with tempfile.TemporaryDirectory() as folder, ExitStack() as leaving:
        config = Path(folder, "many.toml")
        config.write_text(CONFIG)
        entry = Entry("asyncweb serve", lambda port, shape: _serve(port, workers, config))
        server = leaving.enter_context(Running(entry, core=cores[0]))
        psutil.Process().cpu_affinity(cores[1:] or cores)  # and so the clients that come after
        players = [
            leaving.enter_context(Player("tests.benchmarks.many:crowd"))
            for _ in range(math.ceil(connections / PER_CLIENT))
        ]
        _warm(server, workers)
        before, began = server.memory_bytes(), time.perf_counter()
        for number, player in enumerate(players):
            count = min(PER_CLIENT, connections - number * PER_CLIENT)
            player.tell("come", f"127.0.0.{number + 2}", server.port, count)
        connected_s = time.perf_counter() - began
        first = [player.tell("ask") for player in players]
        grown = server.memory_bytes() - before
        second = [player.tell("ask") for player in players]
        return {
            "connections": connections,
            "workers": workers,
            "connected_s": connected_s,
            "answered": [_together(first), _together(second)],
            "bytes_per_connection": grown / connections,
            "memory_mb": server.memory_bytes() / 1e6,
        }


def _serve(port: int, workers: int, config: Path) -> list[str]:
    command = [PYTHON, "-m", "asyncweb", "serve", f"{APPS}.serve:app", "--port", str(port)]
    return [*command, "--workers", str(workers), "--config", str(config)]


def _warm(server: Running, workers: int) -> None:
    """The kernel spreads connections by their ports: so many reach every worker."""
    for _ in range(50 * workers):
        server.ask(server.shape).close()


def _together(answered: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "right": sum(one["right"] for one in answered),
        "errors": sum(one["errors"] for one in answered),
        "seconds": sum(one["seconds"] for one in answered),  # one process after the other
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0], prog="many")
    parser.add_argument("--connections", type=int, default=50_000)
    parser.add_argument("--workers", type=int)
    parser.add_argument("--json", metavar="FILE", type=Path)
    options = parser.parse_args()
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    workers = options.workers or math.ceil(1.2 * options.connections / (files - SPARE_FILES))
    found = measure(options.connections, workers)
    text = json.dumps(found, indent=2)
    print(text)
    if options.json:
        options.json.write_text(text + "\n")
    return 1 if any(answered["errors"] for answered in found["answered"]) else 0


if __name__ == "__main__":
    sys.exit(main())
