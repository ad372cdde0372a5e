"""A PostgreSQL server of the tests' own: in a temporary folder, on a port of the system's choice.

Rule: it belongs to nobody else and nothing of it is left. PostgreSQL refuses to run as root, so
root hands it to the user `postgres`.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.outside.programs import free_ports, unavailable

# Nothing is kept, so nothing has to reach the disk.
OPTIONS = "-c listen_addresses=127.0.0.1 -c fsync=off -c shared_buffers=16MB"
STOP = "pg_ctl -D data -m immediate stop"
INITDB = "initdb -D data -U postgres -A trust -E UTF8 --no-locale --no-sync"
TRIES = 3  # somebody else may take the port between its choice and the start


@contextlib.contextmanager
def cluster() -> Iterator[str]:
    """The URL of a server that runs until the block ends. Skips without PostgreSQL, fails in CI."""
    programs = _programs()
    # Short: a Unix socket of it has a name of at most 107 characters.
    folder = Path(tempfile.mkdtemp(prefix="asyncweb-pg-", dir="/tmp"))
    owner: dict[str, Any] = {}
    if os.geteuid() == 0:
        owner = {"user": "postgres", "group": "postgres", "extra_groups": []}
        shutil.chown(folder, "postgres", "postgres")
    try:
        _run(programs, INITDB.split(), folder, owner)
        yield f"postgresql://postgres@127.0.0.1:{_start(programs, folder, owner)}/postgres"
    finally:
        if (folder / "data" / "postmaster.pid").exists():
            _run(programs, STOP.split(), folder, owner)
        shutil.rmtree(folder)


def _programs() -> Path:
    """Where `initdb` is: Debian keeps it out of the PATH. The newest of several versions."""
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda file: int(file.parts[-3])
    )
    in_path = shutil.which("initdb")
    if in_path:
        found.append(Path(in_path))
    if not found:
        unavailable("PostgreSQL is not installed: there is no initdb")
    return found[-1].parent


def _start(programs: Path, folder: Path, owner: dict[str, Any]) -> int:
    """Starts it, and gives its port."""
    for left in reversed(range(TRIES)):
        (port,) = free_ports(1)
        options = f"-p {port} -k {folder} {OPTIONS}"
        start = ["pg_ctl", "-D", "data", "-l", "log", "-o", options, "-w", "start"]
        try:
            _run(programs, start, folder, owner)
        except AssertionError:
            if not left:
                raise
        else:
            break
    return port


def _run(programs: Path, command: list[str], folder: Path, owner: dict[str, Any]) -> None:
    with (folder / "said").open("wb") as said:  # a pipe would stay open as long as the server runs
        done = subprocess.run(
            [programs / command[0], *command[1:]],
            cwd=folder, stdin=subprocess.DEVNULL, stdout=said, stderr=said, check=False, **owner,
        )  # fmt: skip
    assert done.returncode == 0, f"{command[0]}: {(folder / 'said').read_text()}"
