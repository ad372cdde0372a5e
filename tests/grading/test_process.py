"""The process of an exercise, from outside."""

import queue

import pytest

from asyncweb.grading import process
from asyncweb.grading.process import LOOK_S, Process

NOTHING = {"files": ["test_of_nothing.py"], "seeds": [], "done": [], "unpassed": []}


class Starved(queue.SimpleQueue):
    """What stands in it is not there before somebody waits for longer than a look."""

    def get(self, block=True, timeout=None):
        if timeout is not None and timeout <= LOOK_S:
            raise queue.Empty
        return super().get(block, timeout)


@pytest.fixture
def starved(monkeypatch):
    monkeypatch.setattr(process.queue, "SimpleQueue", Starved)


def test_what_was_told_before_the_end_is_read_however_late_the_reader_is(starved, tmp_path):
    with Process(tmp_path, NOTHING) as run:
        run._process.wait()
        told = [run.line(LOOK_S) for _ in range(3)]
    assert told == [{"kind": "collected", "tests": []}, {"kind": "done"}, None]
