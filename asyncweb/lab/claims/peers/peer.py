"""A system of the trial: a real server program, how it is built, and how it is started.

Rule: its settings stand beside its figures; where it cannot be had, it says how it can.
"""

from __future__ import annotations

import shutil
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from asyncweb.lab.claims.material import Material


@dataclass(frozen=True)
class Seat:
    """Where a system shall serve, and how much it must let in."""

    port: int
    material: Material
    folder: Path  # an empty one, for what it writes while it runs
    host: str = "127.0.0.1"
    connections: int = 5_000  # at once, that it must not refuse
    workers: int = 1  # processes; more than one only for a peer that `shares_port`
    threads: int = 64  # of a pool

    @property
    def variables(self) -> dict[str, str]:
        """All of it, as every program finds it in its environment."""
        return {
            "CLAIMS_HOST": self.host,
            "CLAIMS_PORT": str(self.port),
            "CLAIMS_FILE": str(self.material.file),
            "CLAIMS_DATABASE": str(self.material.database),
            "CLAIMS_FOLDER": str(self.folder),
            "CLAIMS_CONNECTIONS": str(self.connections),
            "CLAIMS_WORKERS": str(self.workers),
            "CLAIMS_THREADS": str(self.threads),
        }


class Peer(ABC):
    """One system. A subclass for each; its instances hold no state."""

    name: ClassVar[str]  # "hyperlane 5.40.1", as the article or its users call it
    language: ClassVar[str]
    model: ClassVar[str]  # "event loop", "threads", "processes" or "runtime": many threads, tasks
    licence: ClassVar[str]  # an SPDX identifier
    settings: ClassVar[str]  # in words: what it was given, and what favours it
    tools: ClassVar[Mapping[str, str]] = {}  # program -> how to install it
    shares_port: ClassVar[bool] = False  # whether `workers` of its processes serve one port
    is_ours: ClassVar[bool] = False
    blocks: ClassVar[str] = ""  # path of a handler that blocks its event loop for 10 ms, if any
    sources: ClassVar[Path | None] = None  # the folder it is built from; None: nothing to build
    built_as: ClassVar[str] = ""  # systems of one folder with the same word share one build

    def missing(self) -> str:
        """Why it cannot be had here, and the way out; "" when it can."""
        for program, way_out in self.tools.items():
            if shutil.which(program) is None:
                return f"{program} is not installed; {way_out}"
        return ""

    @abstractmethod
    def version(self, built: Path | None) -> str:
        """Of what was built or is installed, as the program or its package itself says."""

    def build(self, into: Path) -> None:
        """Builds it from `sources` into that empty folder. Raises BuildFailed."""
        raise NotImplementedError(f"{self.name} names sources, and not how to build them")

    @abstractmethod
    def command(self, built: Path | None, seat: Seat) -> Sequence[str]:
        """The program and its arguments; may write what it needs into `seat.folder`."""

    def environment(self, built: Path | None, seat: Seat) -> Mapping[str, str]:
        """Variables that it is given beside those of this process and of its seat."""
        return {}
