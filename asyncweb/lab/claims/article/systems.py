"""The systems that the article's code runs on: the real hyperlane, and both of our servers.

Rule: each is asked the same; what one can be told about its clients' patience, it is told.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar

from asyncweb import __version__
from asyncweb.lab.claims.names import HYPERLANE, OUR_LOOP, OUR_THREADS
from asyncweb.lab.claims.peers import workshop
from asyncweb.lab.claims.peers.peer import Peer, Seat

RUST = Path(__file__).parent / "rust"
PROBED = "asyncweb.lab.claims.article.python.probed:app"
PATIENCE_S = 1
FEW_FILES = 'ulimit -n "$0" && exec "$@"'


class Hyperlane(Peer):
    """The article's framework at the version of its month. `bare`: handlers without middleware."""

    name = f"{HYPERLANE}, the article's code"
    language = "Rust"
    model = "runtime"
    licence = "MIT"
    settings = (
        "set up as its README does; it has no limits and no timeouts that could be set; "
        "pinned with the crates it was written against, as it does not compile with newer ones"
    )
    tools: ClassVar[Mapping[str, str]] = {
        "cargo": "install Rust, as rust-lang.org/tools/install says"
    }
    sources = RUST

    def __init__(self, bare: bool = False, threads: int | None = None):
        self._mode = "bare" if bare else "readme"
        self._threads = threads  # that run handlers; None: as many as there are cores

    def version(self, built: Path | None) -> str:
        return "5.40.1"

    def build(self, into: Path) -> None:
        with workshop.workbench(RUST) as bench:
            workshop.run(["cargo", "build", "--release", "--target-dir", "target"], bench)
            (bench / "target" / "release" / _program("article")).rename(into / _program("article"))

    def command(self, built: Path | None, seat: Seat) -> Sequence[str]:
        assert built is not None, "it has sources, so it was built"
        return [str(built / _program("article")), str(seat.port), self._mode]

    def environment(self, built: Path | None, seat: Seat) -> Mapping[str, str]:
        threads = {} if self._threads is None else {"TOKIO_WORKER_THREADS": str(self._threads)}
        return {"RUST_BACKTRACE": "0", **threads}


class Ours(Peer):
    """One of our servers, with the App that is probed."""

    language = "Python"
    licence = "MIT"
    is_ours = True
    settings = f"limits as they are, but {PATIENCE_S} s of patience, so that a probe need not wait"

    def __init__(self, name: str, engine: str):
        self.name = name  # type: ignore[misc]  # two that differ in this alone
        self.model = "event loop" if engine == "async" else "threads"  # type: ignore[misc]
        self._engine = engine

    def version(self, built: Path | None) -> str:
        return __version__

    def command(self, built: Path | None, seat: Seat) -> Sequence[str]:
        settings = seat.folder / "settings.json"
        patience = {"head_s": PATIENCE_S, "body_s": PATIENCE_S}
        settings.write_text(json.dumps({"limits": patience}))
        return [
            sys.executable, "-m", "asyncweb", "serve", PROBED, "--engine", self._engine,
            "--host", seat.host, "--port", str(seat.port), "--config", str(settings),
        ]  # fmt: skip


class Few(Peer):
    """Another system that may open few files; POSIX only."""

    def __init__(self, peer: Peer, files: int):
        self._peer, self._files = peer, files
        self.name = peer.name  # type: ignore[misc]

    def version(self, built: Path | None) -> str:
        return self._peer.version(built)

    def command(self, built: Path | None, seat: Seat) -> Sequence[str]:
        return ["sh", "-c", FEW_FILES, str(self._files), *self._peer.command(built, seat)]

    def environment(self, built: Path | None, seat: Seat) -> Mapping[str, str]:
        return self._peer.environment(built, seat)


def _program(name: str) -> str:
    return f"{name}.exe" if sys.platform == "win32" else name


SYSTEMS: tuple[Peer, ...] = (Hyperlane(), Ours(OUR_LOOP, "async"), Ours(OUR_THREADS, "threads"))
