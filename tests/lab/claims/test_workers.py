"""Systems whose processes share a port do so, and end with all that they have started."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from asyncweb.lab.claims.launched import free_port
from asyncweb.lab.claims.material import BODIES, Material
from asyncweb.lab.claims.peers import all_peers
from asyncweb.lab.claims.peers.peer import Peer, Seat
from asyncweb.lab.claims.peers.workshop import built
from asyncweb.lab.claims.program import Program
from tests.conftest import eventually, is_free
from tests.outside.programs import unavailable

SHARING = {name: peer for name, peer in all_peers().items() if peer.shares_port}
WORKERS = 2

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="asks for the session of a process"),
]


@pytest.fixture(params=SHARING)
def peer(request: pytest.FixtureRequest) -> Peer:
    peer = SHARING[request.param]
    if why := peer.missing():
        unavailable(f"{peer.name}: {why}")
    return peer


@pytest.fixture
def seat(tmp_path: Path) -> Seat:
    folder = tmp_path / "seat"
    folder.mkdir()
    return Seat(free_port(), Material.written(tmp_path), folder)


@contextlib.contextmanager
def started(peer: Peer, seat: Seat) -> Iterator[Program]:
    """It runs until the end of the block, and then nothing of its session does."""
    with Program(peer, built(peer), seat) as program:
        session = program.pid
        yield program
    assert not in_session(session)
    assert is_free(seat.port)


def in_session(session: int) -> list[str]:
    """Its processes, also those that lost their parent; the ended ones are not its any more."""
    left = []
    for process in psutil.process_iter(["name", "status"]):
        with contextlib.suppress(ProcessLookupError):
            is_its = os.getsid(process.pid) == session
            if is_its and process.info["status"] != psutil.STATUS_ZOMBIE:
                left.append(process.info["name"])
    return left


def test_workers_of_a_peer_share_its_port_and_leave_nothing(peer: Peer, seat: Seat):
    with started(peer, seat) as program:
        alone = len(program._processes())
    with started(peer, replace(seat, port=free_port(), workers=WORKERS)) as program:
        eventually(lambda: len(program._processes()) > alone)
        for path in BODIES:
            program.ask(path).close()
