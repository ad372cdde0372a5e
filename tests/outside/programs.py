"""Programs of others: found, started in the foreground, ended with all that they started.

Rule: a program gets a folder and ports of its own, and nothing of it is left afterwards.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest

from tests.conftest import eventually, is_free

ENDING_S = 5.0  # for a program that was asked to end


def needs(name: str) -> str:
    """Where the program `name` is. Without it the test is skipped, and fails when CI=true."""
    places = [
        *os.environ.get("PATH", os.defpath).split(os.pathsep),
        str(Path(sys.executable).parent),
    ]
    places += [str(Path(place).with_name("sbin")) for place in places if place.endswith("/bin")]
    found = shutil.which(name, path=os.pathsep.join(places))
    return found or unavailable(f"the program {name} is not installed")


def unavailable(reason: str) -> NoReturn:
    """Skips the test for `reason`, and fails it in CI, where nothing may be missing."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def free_ports(count: int) -> list[int]:
    """Ports that nobody held a moment ago."""
    with contextlib.ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


@contextlib.contextmanager
def running(command: list[str], folder: Path, ports: list[int]) -> Iterator[None]:
    """Runs `command` until the block ends; the block begins when all `ports` listen."""
    log = folder / "said"
    with log.open("wb") as said:
        process = subprocess.Popen(
            command, cwd=folder, stdout=said, stderr=subprocess.STDOUT, start_new_session=True
        )
    try:
        eventually(lambda: process.poll() is not None or not any(map(is_free, ports)))
        assert process.poll() is None, f"{command[0]} ended at once: {log.read_text()}"
        yield
    finally:
        _end(process)
    assert all(map(is_free, ports)), f"{command[0]} has left somebody who listens"


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(ENDING_S)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)  # a session of its own: nobody else is in it
        process.wait(ENDING_S)
