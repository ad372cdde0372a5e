"""What the load generator can do at most: kept when it was measured, and only then."""

import json
from dataclasses import replace

import pytest

from asyncweb.errors import LoadError
from asyncweb.loadtest import ceiling
from tests.loadtest.results import closed


class NullServer:
    """Listens nowhere, and has stopped when it should."""

    stopped = 0

    def receive(self, timeout_s):
        return 1

    def stop(self):
        self.stopped += 1


class Load:
    """Finds what it is told to, whatever it is asked for."""

    def __init__(self, found):
        self.run = lambda plan: found

    def __enter__(self):
        return self

    def __exit__(self, *error):
        pass


@pytest.fixture
def server():
    return NullServer()


@pytest.fixture
def finds(monkeypatch, tmp_path, server):
    """Makes the measurement find `result`."""
    monkeypatch.setattr(ceiling, "cache_folder", lambda: tmp_path)
    monkeypatch.setattr(ceiling, "Child", lambda main: server)
    return lambda result: monkeypatch.setattr(ceiling, "LoadProcess", lambda number: Load(result))


def test_a_ceiling_is_kept_for_so_many_processes(finds):
    finds(closed(requests=2000, duration_s=2.0))
    assert ceiling.calibrate(2) == ceiling.ceiling(2) == 1000
    assert ceiling.ceiling(1) is None
    assert ceiling.used(250, 2).endswith("this run used 25% of that.")


def test_who_interrupts_a_calibration_means_the_whole_command_and_nothing_is_kept(finds, server):
    finds(replace(closed(), interrupted=True))
    with pytest.raises(KeyboardInterrupt):
        ceiling.calibrate()
    assert (ceiling.ceiling(), server.stopped) == (None, 1)


def test_a_calibration_that_was_not_answered_fails_and_nothing_is_kept(finds):
    finds(closed(requests=0, errors={"reset": 3}))
    with pytest.raises(LoadError, match=r"has answered nothing \(reset 3\)"):
        ceiling.calibrate()
    assert ceiling.ceiling() is None


@pytest.mark.parametrize("kept", [0.0, -1.0, "many", None])
def test_what_is_no_rate_is_as_if_none_were_kept(finds, kept):
    finds(closed())
    ceiling.calibrate()
    file = ceiling._file()
    file.write_text(json.dumps(dict.fromkeys(json.loads(file.read_text()), kept)))
    assert ceiling.ceiling() is None
    assert ceiling.used(100) == ""
