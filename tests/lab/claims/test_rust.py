"""What is particular to the systems in Rust: one way of building, and what their settings say."""

from __future__ import annotations

import contextlib
import socket
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from asyncweb.lab.claims.launched import free_port
from asyncweb.lab.claims.material import Material
from asyncweb.lab.claims.peers.peer import Seat
from asyncweb.lab.claims.peers.rust import PEERS, Hyperlane, HyperlaneNow, Rust, Tokio
from asyncweb.lab.claims.peers.workshop import built
from asyncweb.lab.claims.program import Program
from tests.conftest import PATIENCE_S, eventually
from tests.outside.programs import unavailable

FILES, CROWD = 40, 60
WORKERS = 3
long_proof = pytest.mark.slow
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="sets a limit of another process")


def manifest(crate: str) -> dict[str, dict[str, object]]:
    return tomllib.loads((Rust.sources / crate / "Cargo.toml").read_text())


@pytest.fixture
def start(tmp_path: Path) -> Iterator:
    """`start(peer)` is that system at work, which ends with the test."""
    with contextlib.ExitStack() as running:

        def start(peer: Rust, workers: int = 1) -> Program:
            if why := peer.missing():
                unavailable(f"{peer.name}: {why}")
            seat = Seat(free_port(), Material.written(tmp_path), tmp_path, workers=workers)
            return running.enter_context(Program(peer, built(peer), seat))

        yield start


def test_all_three_are_built_alike():
    first, *others = (manifest(peer.crate) for peer in PEERS)
    for other in others:
        assert other["profile"] == first["profile"]
        assert other["dependencies"]["tokio"] == first["dependencies"]["tokio"]


@pytest.mark.parametrize("crate", ["material", *(peer.crate for peer in PEERS)])
def test_every_dependency_is_pinned_to_one_version(crate: str):
    for name, pin in manifest(crate)["dependencies"].items():
        pin = pin if isinstance(pin, dict) else {"version": pin}
        assert "path" in pin or pin["version"].startswith("="), name


def test_without_rust_a_peer_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PATH", "")
    assert [peer.missing() for peer in PEERS] == [
        "cargo is not installed; install Rust by rustup (see rust-lang.org/tools/install), "
        "and a C compiler, which SQLite is built with"
    ] * len(PEERS)


@long_proof
@on_linux
def test_siblings_end_with_the_first_process_even_when_it_is_killed(start):
    program = start(Tokio(), workers=WORKERS)
    siblings = psutil.Process(program._process.pid).children()
    assert len(siblings) == WORKERS - 1
    program._process.kill()
    _, alive = psutil.wait_procs(siblings, PATIENCE_S)
    assert not alive


@contextlib.contextmanager
def too_many_for(program: Program) -> Iterator[None]:
    """A crowd stands before it that needs more files than it may open."""
    resource = pytest.importorskip("resource")
    few = (FILES, FILES)
    resource.prlimit(program._process.pid, resource.RLIMIT_NOFILE, few)
    address = (program.seat.host, program.seat.port)
    with contextlib.ExitStack() as crowd:
        for _ in range(CROWD):
            with contextlib.suppress(ConnectionError):
                crowd.enter_context(socket.create_connection(address, PATIENCE_S))
        yield


@long_proof
@on_linux
@pytest.mark.parametrize("peer", [Hyperlane(), HyperlaneNow()], ids=lambda peer: peer.name)
def test_hyperlane_ends_when_it_runs_out_of_file_descriptors(peer: Rust, start):
    program = start(peer)
    with too_many_for(program):
        eventually(lambda: not program.alive)
    assert program._process.returncode == 0  # nor does it call that a failure


@long_proof
@on_linux
def test_tokio_serves_on_when_it_has_file_descriptors_again(start):
    program = start(Tokio())
    with too_many_for(program):
        pass
    program.ask().close()
