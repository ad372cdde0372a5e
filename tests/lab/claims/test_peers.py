"""Each system of the trial is what it says, answers the same bytes, and leaves nothing behind."""

import contextlib
import http.client
import itertools

import psutil
import pytest

from asyncweb.lab.claims import names
from asyncweb.lab.claims.launched import free_port
from asyncweb.lab.claims.material import BODIES, HELLO, READ, WAIT, Material
from asyncweb.lab.claims.peers import all_peers
from asyncweb.lab.claims.peers.peer import Seat
from asyncweb.lab.claims.peers.workshop import BuildFailed, built
from asyncweb.lab.claims.program import Program
from tests.conftest import eventually, is_free
from tests.outside.programs import unavailable

MODELS = {"event loop", "threads", "processes", "runtime"}
CROWD = 200
KEPT = 200  # requests of one connection; many servers end it after 100, when they are not told

every_peer = pytest.mark.parametrize("peer", all_peers().values(), ids=all_peers())


def systems():
    """Every name of `names` that is a system's."""
    for value in vars(names).values():
        if isinstance(value, str):
            yield value
        elif isinstance(value, tuple):
            yield from value


def program_of(peer, folder):
    """`peer`, built and ready to be started; skips where it cannot be had, and fails in CI."""
    if why := peer.missing():
        unavailable(f"{peer.name}: {why}")
    try:
        place = built(peer)
    except BuildFailed as error:
        unavailable(f"{peer.name}: {error}")
    own = folder / "own"
    own.mkdir()
    return Program(peer, place, Seat(free_port(), Material.written(folder), own))


def has_ended(process):
    """Also when whoever adopted it has not looked yet."""
    try:
        return process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


@pytest.fixture(scope="module", params=all_peers().values(), ids=all_peers())
def running(request, tmp_path_factory):
    """Each of them at work, started once for the tests that only ask it."""
    with program_of(request.param, tmp_path_factory.mktemp("peer")) as program:
        yield program


@pytest.fixture
def connection(running):
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", running.seat.port, 10)) as one:
        yield one


@every_peer
def test_a_peer_says_what_it_is_and_what_it_was_given(peer):
    assert peer.name in set(systems())
    assert peer.model in MODELS
    for text in (peer.language, peer.licence, peer.settings):
        assert text.strip() == text != ""


@every_peer
def test_where_a_peer_cannot_be_had_it_says_why_and_the_way_out(peer, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))  # which has no programs
    why = peer.missing()
    assert why or not peer.tools
    assert not why or all(why.partition("; "))


@pytest.mark.slow
@every_peer
def test_a_peer_that_was_built_says_its_version(peer):
    if why := peer.missing():
        unavailable(f"{peer.name}: {why}")
    assert any(letter.isdigit() for letter in peer.version(built(peer)))


@pytest.mark.slow
@pytest.mark.parametrize("path", BODIES)
def test_every_peer_answers_the_same_bytes(connection, path):
    connection.request("GET", path)
    answer = connection.getresponse()
    assert (answer.status, answer.read()) == (200, BODIES[path])


@pytest.mark.slow
def test_every_peer_keeps_a_connection(connection):
    for path in (*itertools.repeat(HELLO, KEPT), WAIT, READ, HELLO):
        connection.request("GET", path)
        answer = connection.getresponse()
        assert answer.read() == BODIES[path]
        assert not answer.will_close


@pytest.mark.slow
def test_every_peer_lets_a_crowd_in_and_answers_each_twice(running):
    with contextlib.ExitStack() as open_ones:
        crowd = [open_ones.enter_context(running.ask()) for _ in range(CROWD)]
        for client in crowd:
            running.ask(HELLO, client)


@pytest.mark.slow
@every_peer
def test_every_peer_stops_and_nothing_of_it_is_left(peer, tmp_path):
    with program_of(peer, tmp_path) as program:
        program.ask().close()
        processes = program._processes()
    eventually(lambda: is_free(program.seat.port) and all(map(has_ended, processes)))
