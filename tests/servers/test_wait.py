"""What a thread asks about one socket."""

import math
import select
import socket
from selectors import EVENT_READ, EVENT_WRITE

import pytest

from asyncweb.servers import waiting


@pytest.fixture(params=["poll", "select"])
def pair(request, monkeypatch):
    if request.param == "select":  # as on Windows
        monkeypatch.delattr(select, "poll")
        monkeypatch.delattr(select, "POLLRDHUP")
    near, far = socket.socketpair()
    near.setblocking(False)
    with near, far:
        yield near, far


def test_a_wait_without_an_end_returns_when_something_has_come(pair):
    near, far = pair
    far.send(b"!")
    waiting.wait_for(near, EVENT_READ, math.inf)
    assert near.recv(1) == b"!"


def test_a_wait_ends_when_its_time_is_over_and_one_to_write_when_there_is_room(pair):
    near, _ = pair
    waiting.wait_for(near, EVENT_READ, 0.0)
    waiting.wait_for(near, EVENT_WRITE, 10.0)


def test_it_is_seen_that_the_other_side_has_closed(pair):
    near, far = pair
    assert not waiting.is_closed_by_peer(near)
    far.shutdown(socket.SHUT_WR)
    assert waiting.is_closed_by_peer(near)
