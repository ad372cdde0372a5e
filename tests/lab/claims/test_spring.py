"""Spring Boot is built once for both of its systems, which differ in their threads alone."""

import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from asyncweb.lab.claims.launched import free_port
from asyncweb.lab.claims.material import BODIES, Material
from asyncweb.lab.claims.peers import workshop
from asyncweb.lab.claims.peers.peer import Seat
from asyncweb.lab.claims.peers.spring import PEERS, SpringThreads, SpringVirtual, jdk
from asyncweb.lab.claims.peers.workshop import built
from asyncweb.lab.claims.program import Program
from tests.outside.programs import unavailable


def needed(peer):
    """`peer`, where it can be had."""
    if why := peer.missing():
        unavailable(why)
    return peer


def stacks(program):
    """What each thread of the system does, as its JVM tells it."""
    tool = Path(jdk.newest().java).with_name("jstack")
    return subprocess.check_output([tool, str(program._process.pid)], text=True)


@pytest.fixture(scope="module", params=PEERS, ids=lambda peer: peer.name)
def running(request, tmp_path_factory):
    """A system, and the program it runs in."""
    folder, own = tmp_path_factory.mktemp("material"), tmp_path_factory.mktemp("own")
    peer = needed(request.param)
    with Program(peer, built(peer), Seat(free_port(), Material.written(folder), own)) as program:
        yield peer, program


@pytest.mark.parametrize("peer", PEERS, ids=lambda peer: peer.name)
def test_without_a_jdk_it_says_which_one_to_install(peer, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda program, **_: program)
    monkeypatch.setattr(jdk, "newest", lambda: None)
    assert f"openjdk-{peer.java}-jdk" in peer.missing()


def test_a_jdk_of_17_does_for_threads_and_not_for_virtual_ones(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda program, **_: program)
    monkeypatch.setattr(jdk, "newest", lambda: jdk.Jdk((17, 0, 15), Path("jdk-17")))
    assert SpringThreads().missing() == ""
    assert "21 or newer" in SpringVirtual().missing()


def test_flags_of_the_user_reach_no_jvm_of_the_trial(monkeypatch, tmp_path):
    monkeypatch.setenv("JAVA_TOOL_OPTIONS", "-Xmx64m")
    seat = Seat(1, Material(tmp_path / "file", tmp_path / "database"), tmp_path)
    assert SpringThreads().environment(None, seat)["JAVA_TOOL_OPTIONS"] == ""


@pytest.mark.slow
def test_two_who_build_at_once_both_have_it(monkeypatch, tmp_path):
    needed(SpringThreads())
    monkeypatch.setattr(workshop, "cache_folder", lambda: tmp_path)
    with ThreadPoolExecutor() as builders:
        one, other = builders.map(built, PEERS)
    assert one == other
    assert SpringThreads().version(one).startswith("4.1.2, Tomcat 11.")


@pytest.mark.slow
def test_only_without_virtual_threads_there_is_a_pool_of_real_ones(running):
    peer, program = running
    assert ("-exec-1" in stacks(program)) is not peer.virtual


@pytest.mark.slow
def test_it_has_nothing_to_say_while_all_goes_well(running):
    _, program = running
    for path in BODIES:
        program.ask(path).close()
    assert program.said() == ""
