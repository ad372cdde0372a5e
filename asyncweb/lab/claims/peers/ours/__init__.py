"""Our own two servers, as `asyncweb serve` starts them."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from asyncweb import __version__
from asyncweb.lab.claims.peers.peer import Peer, Seat

APP = "asyncweb.lab.claims.peers.ours.app:app"
BLOCK = "/block"  # the handler that C9 is tried on: what it must find to hold up the others
IDLE_S = 600
_RAISED = (
    "in its favour: all that we know of it, its limits of connections raised, and idle ones kept "
    f"for {IDLE_S} s instead of 25"
)


class Ours(Peer):
    """What both have in common."""

    language = "Python"
    licence = "MIT"
    is_ours = True
    shares_port = True
    engine: ClassVar[str]

    def version(self, built: Path | None) -> str:
        return __version__

    def command(self, built: Path | None, seat: Seat) -> Sequence[str]:
        settings = seat.folder / "settings.json"
        most = 2 * seat.connections
        limits = {"connections": most, "connections_per_client": most, "idle_s": IDLE_S}
        settings.write_text(json.dumps({"limits": limits}))
        workers = ["--workers", str(seat.workers)] if seat.workers > 1 else []
        return [
            sys.executable, "-m", "asyncweb", "serve", APP, "--engine", self.engine,
            "--host", seat.host, "--port", str(seat.port), "--config", str(settings), *workers,
        ]  # fmt: skip


class OurLoop(Ours):
    """AsyncServer."""

    name = "asyncweb async"
    model = "event loop"
    engine = "async"
    blocks = BLOCK
    settings = (
        "one process, one thread; the file and the database are read by a thread beside it; "
        f"{_RAISED}"
    )


class OurThreads(Ours):
    """ThreadServer, a thread for each connection."""

    name = "asyncweb threads"
    model = "threads"
    engine = "threads"
    settings = (
        f"one process, a thread for each connection; {_RAISED}; against it: Python's own turns of "
        "5 ms, for which each of thousands of threads that all want to compute wakes up so often "
        "that little else is done"
    )


PEERS = (OurLoop(), OurThreads())
