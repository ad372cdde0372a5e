"""Node.js: its own `http` module, in one process or in a cluster.

Rule: the server is JavaScript as its users write it, and nothing in the way between it and Node.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar

from asyncweb.lab.claims import names
from asyncweb.lab.claims.peers import workshop
from asyncweb.lab.claims.peers.peer import Peer, Seat

HERE = Path(__file__).parent
OLDEST = 20
_WAY_OUT = f"install Node.js {OLDEST} or newer: apt install nodejs npm, or https://nodejs.org"


class Node(Peer):
    """One thread runs JavaScript on an event loop; four more of libuv's read files."""

    name = names.NODE
    language = "JavaScript"
    model = "event loop"
    licence = "MIT"
    settings = (
        "one process, the http module without a framework, idle connections kept for 600 s instead "
        "of 5; better-sqlite3 12.11.1 asks the database on the event loop itself, which is quick "
        "for one row and holds up all others; several workers are a cluster, whose parent accepts"
    )
    tools: ClassVar[Mapping[str, str]] = {"node": _WAY_OUT, "npm": _WAY_OUT}
    shares_port = True
    sources = HERE

    def missing(self) -> str:
        if reason := super().missing():
            return reason
        version = self.version(None)
        is_old = int(version.split(".")[0]) < OLDEST
        return f"Node.js {version} is too old; {_WAY_OUT}" if is_old else ""

    def version(self, built: Path | None) -> str:
        return workshop.run(["node", "--version"], self.sources).strip().removeprefix("v")

    def build(self, into: Path) -> None:
        with workshop.workbench(self.sources) as bench:
            npm = shutil.which("npm") or "npm"  # npm.cmd, on Windows
            workshop.run([npm, "install", "--no-package-lock", "--no-audit", "--no-fund"], bench)
            shutil.copytree(bench, into, symlinks=True, dirs_exist_ok=True)

    def command(self, built: Path | None, seat: Seat) -> Sequence[str]:
        return ["node", f"{built}/server.js"]


PEERS = (Node(),)
