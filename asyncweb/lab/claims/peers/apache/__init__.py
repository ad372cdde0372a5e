"""Apache httpd with each of its three models: prefork, worker and event.

Rule: one configuration for all three; only the model and its sizes differ. It is never run with the
rights of root, and writes nothing outside the folder that it is given.
"""

from __future__ import annotations

import os
import re
import shutil
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar

from asyncweb.lab.claims import names
from asyncweb.lab.claims.peers import workshop
from asyncweb.lab.claims.peers.peer import Peer, Seat

HERE = Path(__file__).parent
MODULES = Path("/usr/lib/apache2/modules")
LIBRARIES = Path("/usr/lib")
DRIVER = "apr-util-1/apr_dbd_sqlite3.so"  # in the libraries of an architecture
# About what a machine can bear: a process has 0.2 to 1.5 MB, a thread 0.06 MB.
MOST_PROCESSES, MOST_THREADS = 4_000, 8_000
NOBODY = "65534"
_WAY_OUT = "on Debian or Ubuntu: apt install apache2-bin libaprutil1-dbd-sqlite3"
_FOR_ALL = (
    "idle connections are kept for 600 s instead of 5, no access log; / is a file of 11 bytes, "
    "which is what Apache is best at; /wait and /read are written in Lua (mod_lua), which blocks "
    "the thread it runs on"
)


class Apache(Peer):
    """What the three have in common."""

    language = "C"
    licence = "Apache-2.0"
    mpm: ClassVar[str]

    def missing(self) -> str:
        if _program() is None:
            return f"apache2 is not installed; {_WAY_OUT}"
        if not (MODULES / "mod_lua.so").exists():
            return f"{MODULES} has no mod_lua.so; {_WAY_OUT}"
        if not any(LIBRARIES.glob(f"*/{DRIVER}")):
            return f"Apache's driver for SQLite is not installed; {_WAY_OUT}"
        if _is_root() and shutil.which("setpriv") is None:
            return "root starts Apache by setpriv, which is not installed; apt install util-linux"
        return ""

    def version(self, built: Path | None) -> str:
        said = workshop.run([_program() or "apache2", "-v"], HERE)
        found = re.search(r"Apache/(\S+)", said)
        return found[1] if found else said.strip()

    def command(self, built: Path | None, seat: Seat) -> Sequence[str]:
        settings = ["-f", str(HERE / "httpd.conf"), "-D", self.mpm, "-D", "FOREGROUND"]
        return [*_without_root(), _program() or "apache2", *settings]

    def environment(self, built: Path | None, seat: Seat) -> Mapping[str, str]:
        processes, threads = self.sizes(seat)
        return {
            "CLAIMS_HERE": str(HERE),
            "CLAIMS_MODULES": str(MODULES),
            "CLAIMS_PROCESSES": str(processes),
            "CLAIMS_AT_ONCE": str(processes * threads),
        }

    @abstractmethod
    def sizes(self, seat: Seat) -> tuple[int, int]:
        """The most processes that it may have, and the threads in each of them."""


class Prefork(Apache):
    """A process for each connection, as Apache has done it since 1995."""

    name, mpm = names.APACHE[0], "prefork"
    model = "processes"
    settings = (
        f"64 processes at the start, then by need, at most 32 more a second and {MOST_PROCESSES:,} "
        f"in all: until there is one, and beyond these, connections wait; {_FOR_ALL}"
    )

    def sizes(self, seat: Seat) -> tuple[int, int]:
        return min(seat.connections, MOST_PROCESSES), 1


class Worker(Apache):
    """A thread for each connection."""

    name, mpm = names.APACHE[1], "worker"
    model = "threads"
    settings = (
        "processes of 64 threads, one at the start, then by need, at most 32 more a second and "
        f"{MOST_THREADS:,} threads in all: until there is one, and beyond these, connections wait; "
        f"{_FOR_ALL}"
    )

    def sizes(self, seat: Seat) -> tuple[int, int]:
        return -(-min(seat.connections, MOST_THREADS) // seat.threads), seat.threads


class Event(Apache):
    """A thread for each request, and an event loop for the connections that have none."""

    name, mpm = names.APACHE[2], "event"
    model = "threads"
    shares_port = True
    settings = (
        "one process of 64 threads; while all of them are busy it closes idle connections, as it "
        "is meant to, and a crowd counts each as an error: 1,024 threads closed none of 2,000, and "
        f"took 14 MB at the start instead of 2; {_FOR_ALL}"
    )

    def sizes(self, seat: Seat) -> tuple[int, int]:
        return seat.workers, seat.threads


PEERS = (Prefork(), Worker(), Event())


def _program() -> str | None:
    """Where it is: Debian puts it where not every user looks."""
    return shutil.which("apache2", path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin")


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _without_root() -> list[str]:
    """What to put before the command: as nobody, who may still read what lies in root's folder."""
    if not _is_root():
        return []
    may = "+dac_override"
    return [
        "setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups",
        f"--inh-caps={may}", f"--ambient-caps={may}",
    ]  # fmt: skip
