"""Every system of the trial, the real one: it is built, asked all three questions, and stopped."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from asyncweb.lab.claims.material import BODIES, HELLO, Material
from asyncweb.lab.claims.peers import all_peers
from asyncweb.lab.claims.peers.peer import Peer, Seat
from asyncweb.lab.claims.peers.workshop import built
from asyncweb.lab.claims.program import Program, free_port
from tests.conftest import eventually, is_free

PEERS = all_peers()
CROWD = 200
WORKERS = 2

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="asks for sessions of processes"),
]


@pytest.fixture(params=PEERS)
def peer(request: pytest.FixtureRequest) -> Peer:
    """Each system; what this machine lacks is skipped, and fails in CI."""
    peer = PEERS[request.param]
    if reason := peer.missing():
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(reason)
    return peer


@pytest.fixture
def seat(tmp_path: Path) -> Seat:
    folder = tmp_path / "seat"
    folder.mkdir()
    return Seat(free_port(), Material.written(tmp_path), folder, connections=2 * CROWD)


@contextlib.contextmanager
def started(peer: Peer, seat: Seat) -> Iterator[Program]:
    """It runs until the end of the block, and then nothing of it does."""
    before = {child.pid for child in psutil.Process().children()}
    with Program(peer, built(peer), seat) as program:
        (session,) = {child.pid for child in psutil.Process().children()} - before
        yield program
    assert not in_session(session)
    assert is_free(seat.port)


def in_session(session: int) -> list[str]:
    """The processes that were started by it, its children's children too, whoever adopted them."""
    left = []
    for process in psutil.process_iter(["name", "status"]):
        with contextlib.suppress(ProcessLookupError):
            is_its = os.getsid(process.pid) == session
            if is_its and process.info["status"] != psutil.STATUS_ZOMBIE:
                left.append(process.info["name"])
    return left


def test_a_peer_answers_all_three_questions_and_leaves_nothing(peer: Peer, seat: Seat):
    with started(peer, seat) as program:
        client = program.ask()
        with client:
            for path in (*BODIES, *BODIES):  # on the one connection, which is kept
                program.ask(path, client)
        assert program.uss_bytes() > 0 and program.threads() > 0


def test_a_peer_lets_a_crowd_in(peer: Peer, seat: Seat):
    with started(peer, seat) as program, contextlib.ExitStack() as crowd:
        clients = [crowd.enter_context(program.ask()) for _ in range(CROWD)]
        for client in clients:
            program.ask(HELLO, client)


def test_workers_of_a_peer_share_its_port(peer: Peer, seat: Seat):
    if not peer.shares_port:
        pytest.skip(f"{peer.name} does not share a port")
    alone, shared = seat, Seat(free_port(), seat.material, seat.folder, workers=WORKERS)
    with started(peer, alone) as program:
        one = len(program._processes())
    with started(peer, shared) as program:
        eventually(lambda: len(program._processes()) > one)
        for path in BODIES:
            program.ask(path).close()


def test_a_peer_says_what_it_is(peer: Peer):
    version = peer.version(built(peer))
    assert version and version[0].isdigit(), version
    assert peer.settings and peer.licence
