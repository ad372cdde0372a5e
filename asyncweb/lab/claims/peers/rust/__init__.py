"""The three systems in Rust: hyperlane as it was praised, hyperlane today, and what it stands on.

Rule: they are built as hyperlane itself is released, and read the same file and row by the same
lines, in `crates/material`.
"""

from __future__ import annotations

import os
import shutil
import sys
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar

from asyncweb.lab.claims.names import HYPERLANE, HYPERLANE_NOW, TOKIO
from asyncweb.lab.claims.peers.peer import Peer, Seat
from asyncweb.lab.claims.peers.workshop import run, workbench
from asyncweb.loadtest.cache import cache_folder

RELEASE = "release build, LTO, one codegen unit, no log; a worker thread for each core it may use"
LIMITS = "its processes share no port; out of file descriptors it ends, and reports success"
SUFFIX = ".exe" if sys.platform == "win32" else ""


class Rust(Peer):
    """What the three have in common. Each is a crate of its own, so that none can fail another."""

    language = "Rust"
    model = "runtime"
    tools: ClassVar[Mapping[str, str]] = {
        "cargo": "install Rust by rustup (see rust-lang.org/tools/install), "
        "and a C compiler, which SQLite is built with"
    }
    sources = Path(__file__).parent / "crates"
    crate: ClassVar[str]  # its folder in `sources`

    def version(self, built: Path | None) -> str:
        """As its manifest pins it.

        >>> HyperlaneNow().version(None)
        '22.1.0'
        """
        return self._pinned("hyperlane")

    def build(self, into: Path) -> None:
        # What the three have in common is compiled once, and cargo lets one build at a time in
        # there; the programs come to the benches, where nobody else can replace them.
        common = {"CARGO_BUILD_BUILD_DIR": str(cache_folder() / "peers" / "cargo")}
        with workbench(self.sources) as bench:
            command = ["cargo", "build", "--release", "--target-dir", "target"]
            run(command, bench / self.crate, {**os.environ, **common})
            shutil.copy2(bench / self.crate / "target" / "release" / self._program, into)
            shutil.copy2(bench / self.crate / "Cargo.lock", into)  # what it was really built of

    def command(self, built: Path | None, seat: Seat) -> Sequence[str]:
        assert built is not None  # as it has sources
        return [str(built / self._program)]

    def _pinned(self, dependency: str) -> str:
        with (self.sources / self.crate / "Cargo.toml").open("rb") as file:
            pin = tomllib.load(file)["dependencies"][dependency]
        version: str = pin if isinstance(pin, str) else pin["version"]
        return version.removeprefix("=")

    @property
    def _program(self) -> str:
        return f"claims-{self.crate.replace('_', '-')}{SUFFIX}"


class Hyperlane(Rust):
    """The framework as of July 2025, of which the article speaks."""

    name = HYPERLANE
    licence = "MIT"
    crate = "hyperlane"
    settings = (
        f"{RELEASE}; as its README advises: nodelay, no linger, buffers of 4 KiB, the answer sent "
        "by a response middleware; its author's own crates are of its day, what these stand on is "
        "today's; in its favour: no limits, no timeouts, and one header of ours where its README "
        f"sets four; against it: {LIMITS}"
    )


class HyperlaneNow(Rust):
    """The newest one that builds."""

    name = HYPERLANE_NOW
    licence = "MIT"
    crate = "hyperlane_today"
    settings = (
        f"{RELEASE}; nodelay; its limits of low security, which end no idle connection, where its "
        f"default ends one after 6 s; in its favour: one header of ours; against it: {LIMITS}"
    )


class Tokio(Rust):
    """The runtime under hyperlane, with the HTTP of hyper and nothing else."""

    name = TOKIO
    licence = "MIT"
    crate = "tokio"
    shares_port = True
    settings = (
        f"{RELEASE}; nodelay; in its favour: no framework at all, three paths compared by hand; "
        "against it: hyper sends a Date with each answer, as hyperlane does not"
    )

    def version(self, built: Path | None) -> str:
        """Of both.

        >>> Tokio().version(None)
        '1.54.1 (hyper 1.12.0)'
        """
        return f"{self._pinned('tokio')} (hyper {self._pinned('hyper')})"


PEERS = (Hyperlane(), HyperlaneNow(), Tokio())
