"""slowhttptest against one of our servers, while a probe asks whether others are still served.

Rule: an attack is bounded in connections and in seconds, and tells three things: how long others
had to wait, what the attackers were told, and how long the last of them stayed.
"""

from __future__ import annotations

import contextlib
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from asyncweb import App
from asyncweb.servers.base import Server
from tests.outside.raw import statuses, talk
from tests.outside.tap import Tap

CONNECTIONS = 200
PROBE_EVERY_S = 0.05
PROBE = b"GET /probe HTTP/1.1\r\nHost: judge\r\nConnection: close\r\n\r\n"
PIECE = b"slow" * 16_384
PIECES = 256  # 16 MiB: more than the system keeps on both sides of a connection

ATTACKS = {
    "slow heads": ["-H", "-i", "1", "-x", "10"],
    "slow bodies": ["-B", "-i", "1", "-s", "8192", "-x", "10"],
    "ranges": ["-R", "-a", "5", "-b", "1500"],
    "slow reading": ["-X", "-w", "64", "-y", "512", "-n", "1", "-z", "32", "-k", "1"],
}


@dataclass
class Aftermath:
    """What an attack has done."""

    waits_s: list[float] = field(default_factory=list)  # of those who are no attackers
    refused: int = 0  # of those, how many got no answer
    told: Counter[str] = field(default_factory=Counter)  # how many attackers got which status
    stayed_s: float = 0.0  # until all attackers were gone, seen from the server

    def __str__(self) -> str:
        slowest = max(self.waits_s, default=0.0)
        return (
            f"{len(self.waits_s)} probes, {self.refused} in vain, the slowest {slowest:.2f} s; "
            f"attackers were told {dict(self.told)} and stayed {self.stayed_s:.1f} s"
        )


def target() -> App:
    """An app with something to send for those who read slowly."""
    app = App()

    @app.get("/probe")
    def probe(ctx):
        return "here"

    @app.route("/", ("GET", "POST", "HEAD"))
    def large(ctx):
        for _ in range(PIECES):
            yield PIECE

    return app


def attack(program: str, name: str, server: Server, seconds: int, folder: Path) -> Aftermath:
    """Lets slowhttptest attack the server for at most so many seconds."""
    aftermath = Aftermath()
    with Tap(server.port) as tap, _probing(server, aftermath):
        # A tap would itself read eagerly: who reads slowly is connected to the server outright.
        port = server.port if name == "slow reading" else tap.port
        options = [*ATTACKS[name], "-c", str(CONNECTIONS), "-r", "200", "-l", str(seconds)]
        subprocess.run(
            [program, *options, "-p", "3", "-u", f"http://127.0.0.1:{port}/"],
            cwd=folder, stdout=subprocess.DEVNULL, timeout=seconds + 30, check=False,
        )  # fmt: skip
        aftermath.told = Counter(line.status for line in tap.lines)
    return aftermath


@contextlib.contextmanager
def _probing(server: Server, aftermath: Aftermath) -> Iterator[None]:
    over = threading.Event()
    thread = threading.Thread(target=_probe, args=(server, aftermath, over), name="probe")
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _probe(server: Server, aftermath: Aftermath, over: threading.Event) -> None:
    began = time.monotonic()
    while not over.wait(PROBE_EVERY_S):
        asked = time.monotonic()
        answered = False
        with contextlib.suppress(OSError):
            answered = statuses(talk(server.port, [PROBE])[1]) == [200]
        aftermath.refused += not answered
        aftermath.waits_s.append(time.monotonic() - asked)
        if server.stats()["connections"] > 2:  # the probe's own may not be forgotten yet
            aftermath.stayed_s = time.monotonic() - began
