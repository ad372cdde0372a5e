"""Slow clients in great number are let go in time, told why, and hinder nobody meanwhile.

The limits are short here; `python -m tests.outside.slow_for_long` does it with the default ones.
"""

import socket
import threading

import pytest

from asyncweb import Limits
from tests.conftest import PATIENCE_S, eventually
from tests.outside.siege_of_slowness import ATTACKS, CONNECTIONS, attack, target

pytestmark = pytest.mark.slow

SHORT = Limits(head_s=2.0, body_s=2.0, idle_s=2.0, write_s=3.0)
ATTACK_S = 16
GONE_S = 9.0  # the longest patience, the sweeps, the second the attack needs to begin, and room
WAIT_S = 2.0  # nobody else waits longer; two cores are shared with the attacker
TOLD = {"slow heads": "408", "slow bodies": "408"}


@pytest.mark.parametrize("name", ATTACKS)
def test_the_slow_are_let_go_and_hinder_nobody(needs, engine, serve_outside, name, tmp_path):
    program = needs("slowhttptest")
    server = serve_outside(target(), engine, limits=SHORT)
    aftermath = attack(program, name, server, ATTACK_S, tmp_path)
    print(aftermath)  # shown by pytest -rP
    assert aftermath.refused == 0
    assert max(aftermath.waits_s) < WAIT_S
    assert aftermath.stayed_s < GONE_S
    if name in TOLD:
        assert aftermath.told[TOLD[name]] == CONNECTIONS


def test_who_vanishes_in_the_middle_of_a_stream_causes_no_error(
    engine, serve_outside, peer, caplog
):
    server = serve_outside(target(), engine)
    for _ in range(20):
        client = peer(server).send(b"GET / HTTP/1.1\r\nHost: judge\r\n\r\n")
        client.socket.recv(1000)
        client.vanish()
    eventually(lambda: server.stats()["connections"] == 0)
    assert not caplog.records  # the event loop logs what went wrong unseen
    assert not server.errors


def test_who_reads_slowly_but_steadily_is_not_cut_off(engine, serve_outside):
    # What has left shows in steps of the kernel's buffer, so `write_s` must outlast a step.
    server = serve_outside(target(), engine, limits=SHORT)
    pace = threading.Event()
    with socket.socket() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65_536)
        client.settimeout(PATIENCE_S)
        client.connect(("127.0.0.1", server.port))
        client.sendall(b"GET / HTTP/1.1\r\nHost: judge\r\n\r\n")
        # 178 KiB a second for 6.8 seconds: more than twice what `write_s` allows for nothing.
        for _ in range(75):
            assert client.recv(16_384)
            pace.wait(0.09)
