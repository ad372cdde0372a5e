"""A process of our own: what it says is heard, whatever becomes of it."""

import threading

import pytest

from asyncweb.errors import ServerError
from asyncweb.servers.child import Child
from tests.conftest import PATIENCE_S

LAST_WORDS = "all is well"


def speaks_and_ends(pipe):
    """The process's side."""
    pipe.send(LAST_WORDS)


def test_what_it_says_last_is_heard_before_its_end(monkeypatch):
    """Its end may be known before its words are read."""
    may_read = threading.Event()
    monkeypatch.setattr(Child, "_read", slow_to_read(Child._read, may_read))
    child = Child(f"{__name__}:speaks_and_ends")
    child.process.wait(PATIENCE_S)
    waits = threading.Thread(target=child.wait)
    waits.start()
    may_read.set()
    waits.join(PATIENCE_S)
    assert child.receive(PATIENCE_S) == LAST_WORDS
    with pytest.raises(ServerError, match="has ended: exit code 0"):
        child.receive(PATIENCE_S)
    child.stop()


def slow_to_read(read, may_read):
    """`read`, which waits until it may."""

    def reads(self):
        may_read.wait(PATIENCE_S)
        read(self)

    return reads
