"""What some threads have for others."""

import threading
from collections import Counter
from pathlib import Path

import pytest

from asyncweb.servers.handoff import Handoff
from tests.conftest import PATIENCE_S, eventually

STATUS = Path("/proc/self/task")


class Taker(threading.Thread):
    """Takes until it gets None."""

    def __init__(self, handoff):
        super().__init__(daemon=True)
        self.handoff, self.got = handoff, []
        self.start()

    def run(self):
        while (thing := self.handoff.get()) is not None:
            self.got.append(thing)

    @property
    def pauses(self):
        """How often it has given its core away to wait."""
        told = (STATUS / str(self.native_id) / "status").read_text()
        return int(told.partition("voluntary_ctxt_switches:")[2].split()[0])


def takers_at_rest(handoff, count):
    """So many, all of whom wait, in the order in which they began to."""
    takers = []
    for number in range(count):
        takers.append(Taker(handoff))
        eventually(lambda number=number: len(handoff._asleep) == number + 1)
    return takers


def ended(*threads):
    """All of them have."""
    for thread in threads:
        thread.join(PATIENCE_S)
        assert not thread.is_alive()


@pytest.fixture
def handoff():
    return Handoff()


def test_what_nobody_waits_for_is_kept_in_its_order(handoff):
    for thing in "abc":
        handoff.put(thing)
    assert [handoff.get() for _ in range(3)] == ["a", "b", "c"]


def test_who_became_asleep_last_goes_first(handoff):
    first, second = takers_at_rest(handoff, 2)
    handoff.put("a thing")
    eventually(lambda: second.got == ["a thing"] and len(handoff._asleep) == 2)
    assert first.got == []
    handoff.put(None), handoff.put(None)
    ended(first, second)


@pytest.mark.skipif(not STATUS.exists(), reason="only Linux tells how often a thread has waited")
def test_a_thing_wakes_one_thread_and_no_other(handoff):
    *others, last = takers_at_rest(handoff, 8)
    before = [one.pauses for one in others]
    for number in range(100):
        handoff.put(number)
        eventually(lambda number=number: len(last.got) == number + 1 and len(handoff._asleep) == 8)
    woken = [one.pauses - past for one, past in zip(others, before, strict=True)]
    assert max(woken) <= 1  # that one may still have been on its way to its rest
    for _ in range(8):
        handoff.put(None)
    ended(*others, last)


def test_of_many_things_from_many_threads_each_is_got_once(handoff):
    takers = [Taker(handoff) for _ in range(8)]
    givers = [
        threading.Thread(target=lambda n=n: [handoff.put((n, at)) for at in range(500)])
        for n in range(8)
    ]
    for thread in givers:
        thread.start()
    ended(*givers)
    for _ in takers:
        handoff.put(None)
    ended(*takers)
    got = Counter(thing for taker in takers for thing in taker.got)
    assert got == Counter((n, at) for n in range(8) for at in range(500))


def test_what_nobody_got_can_be_taken_back(handoff):
    handoff.put("a"), handoff.put("b")
    assert handoff.take_back() == ["a", "b"]
    assert len(handoff) == 0 and handoff.take_back() == []
