"""The systems that the article's code is tried on: the real hyperlane, and both of our servers.

Rule: each is asked the same; what one can be told about its clients' patience, it is told.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar

from asyncweb import __version__
from asyncweb.lab.claims.names import HYPERLANE, HYPERLANE_NOW, OUR_LOOP, OUR_THREADS
from asyncweb.lab.claims.peers.peer import Peer, Seat
from asyncweb.lab.claims.peers.rust import Rust

CRATES = Path(__file__).parent / "crates"
PROBED = "asyncweb.lab.claims.article.python.probed:app"
PATIENCE_S = 1
FEW_FILES = 'ulimit -n "$0" && exec "$@"'


class Hyperlane(Rust):
    """The article's framework at the version of its month."""

    name = f"{HYPERLANE}, the article's code"
    licence = "MIT"
    sources = CRATES
    crate = "article"
    settings = (
        "set up as its README advises: nodelay, no linger, buffers of 4 KiB, the answer sent by a "
        "response middleware; it has no limits and no timeouts that could be set"
    )
    mode: ClassVar[str] = "readme"

    def command(self, built: Path | None, seat: Seat) -> Sequence[str]:
        return [*super().command(built, seat), str(seat.port), self.mode]

    def environment(self, built: Path | None, seat: Seat) -> Mapping[str, str]:
        return {"RUST_BACKTRACE": "0"}


class Bare(Hyperlane):
    """The article's handlers without middleware, as they stand there, on one thread."""

    settings = "one worker thread, which is what the article praises; nothing sends for a handler"
    mode = "bare"

    def environment(self, built: Path | None, seat: Seat) -> Mapping[str, str]:
        return {**super().environment(built, seat), "TOKIO_WORKER_THREADS": "1"}


class Today(Hyperlane):
    """The framework as it is today, with the limits that it has by itself."""

    name = f"{HYPERLANE_NOW}, the article's code"
    crate = "article_today"
    settings = (
        "its defaults, limits and all; nodelay; the answer sent by a response middleware; against "
        "it: no hooks for errors, which could answer where it closes without a word"
    )


class Ours(Peer):
    """One of our servers, with the App that is probed."""

    language = "Python"
    licence = "MIT"
    is_ours = True
    settings = f"limits as they are, but {PATIENCE_S} s of patience, so that a probe need not wait"
    engine: ClassVar[str]

    def version(self, built: Path | None) -> str:
        return __version__

    def command(self, built: Path | None, seat: Seat) -> Sequence[str]:
        settings = seat.folder / "settings.json"
        patience = {"head_s": PATIENCE_S, "body_s": PATIENCE_S}
        settings.write_text(json.dumps({"limits": patience}))
        return [
            sys.executable, "-m", "asyncweb", "serve", PROBED, "--engine", self.engine,
            "--host", seat.host, "--port", str(seat.port), "--config", str(settings),
        ]  # fmt: skip


class OurLoop(Ours):
    """AsyncServer."""

    name = OUR_LOOP
    model = "event loop"
    engine = "async"


class OurThreads(Ours):
    """ThreadServer."""

    name = OUR_THREADS
    model = "threads"
    engine = "threads"


class Few(Peer):
    """Another system that may open few files; POSIX only."""

    name = "few files"

    def __init__(self, peer: Peer, files: int):
        self._peer, self._files = peer, files

    def version(self, built: Path | None) -> str:
        return self._peer.version(built)

    def command(self, built: Path | None, seat: Seat) -> Sequence[str]:
        return ["sh", "-c", FEW_FILES, str(self._files), *self._peer.command(built, seat)]

    def environment(self, built: Path | None, seat: Seat) -> Mapping[str, str]:
        return self._peer.environment(built, seat)


SYSTEMS: tuple[Peer, ...] = (Hyperlane(), Today(), OurLoop(), OurThreads())
WITHOUT_WEBSOCKET = (Today,)
