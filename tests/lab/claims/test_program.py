"""A running system: its cost, its limits, and its end."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from types import SimpleNamespace

import psutil
import pytest

from asyncweb.lab.claims import launched
from asyncweb.lab.claims.launched import NotRunning, free_port
from asyncweb.lab.claims.material import Material
from asyncweb.lab.claims.peers.peer import Seat
from asyncweb.lab.claims.program import Program
from asyncweb.servers.open_files import allowed_to_children, most_open_files
from tests.conftest import eventually
from tests.lab.claims.made_up import Mortal, Small, Wrong
from tests.lab.claims.small_server import CHILD, LAST_REQUEST


def has_ended(pid):
    """Whether nothing of it runs; that nobody has asked for its end yet is no matter of ours."""
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


resource = pytest.importorskip("resource")  # not on Windows
STARTER = """
import sys
from pathlib import Path
from asyncweb.lab.claims.launched import free_port
from asyncweb.lab.claims.material import Material
from asyncweb.lab.claims.peers.peer import Seat
from asyncweb.lab.claims.program import Program
from tests.lab.claims.made_up import Small
folder = Path(sys.argv[1])
with Program(Small(), None, Seat(free_port(), Material.written(folder), folder)) as program:
    print(program.pid, flush=True)
    sys.stdin.read()
"""


class Account:
    """What psutil tells of a program that has made children of its own."""

    pid = 0

    def __init__(self, cpu_s=0.0, rss=0):
        self.cpu_s, self.rss, self.has_ended = cpu_s, rss, False
        self.made, self.listed = [], 0

    def children(self, recursive):
        self.listed += 1
        return [child for child in self.made if not child.has_ended]

    def cpu_times(self):
        return (self._told(self.cpu_s), 0.0)

    def memory_info(self):
        return SimpleNamespace(rss=self._told(self.rss))

    def _told(self, value):
        if self.has_ended:
            raise psutil.NoSuchProcess(self.pid)
        return value


@pytest.fixture
def parent(monkeypatch):
    monkeypatch.setattr(launched.sys, "platform", "elsewhere")  # where there is no clock of it
    return Account(cpu_s=1.0, rss=10)


@pytest.fixture
def program(seat, parent):
    """One that was not started, with that account."""
    program = Program(Small(), None, seat)
    program._account = parent
    return program


@pytest.fixture
def seat(tmp_path):
    return Seat(free_port(), Material.written(tmp_path), tmp_path)


def test_a_wrong_answer_is_told_at_once_and_not_waited_for(seat):
    began = time.monotonic()
    with (
        pytest.raises(NotRunning, match=r"wrong answers .*Good Morning"),
        Program(Wrong("wrong"), None, seat),
    ):
        pass
    assert time.monotonic() - began < 5


def test_its_cpu_is_known_to_less_than_a_hundredth_of_a_second(seat):
    with Program(Small(), None, seat) as program:
        before = program.cpu_s()
        client = program.ask()
        for _ in range(3):
            client = program.ask(client=client)
        client.close()
        assert 0 < program.cpu_s() - before < 0.1


def test_a_worker_that_is_replaced_takes_no_cpu_out_of_the_account(program, parent):
    parent.made = [worker := Account(cpu_s=5.0)]
    assert program.cpu_s() == 6.0
    worker.has_ended = True
    parent.made.append(Account(cpu_s=0.5))
    assert program.cpu_s() == 6.5


def test_who_asks_often_is_told_of_those_that_were_listed_a_while_ago(program, parent):
    parent.made = [worker := Account(rss=5)]
    assert program.rss_bytes(listed_s=60) == 15
    worker.has_ended = True
    parent.made.append(Account(rss=7))
    assert program.rss_bytes(listed_s=60) == 10 and parent.listed == 1
    assert program.rss_bytes() == 17 and parent.listed == 2


def test_it_ends_when_its_starter_is_killed(tmp_path):
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(
        [sys.executable, "-c", STARTER, str(tmp_path)],
        env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    ) as starter:  # fmt: skip
        program = int(starter.stdout.readline())
        assert not has_ended(program)
        starter.kill()
    eventually(lambda: has_ended(program))


def test_a_program_that_is_not_there_leaves_nothing_behind(seat):
    class Absent(Small):
        def command(self, built, seat):
            return ["no-such-program"]

    before = set(psutil.Process().children())
    with pytest.raises(FileNotFoundError), Program(Absent(), None, seat):
        pass
    assert set(psutil.Process().children()) == before


def test_it_may_open_as_many_files_as_the_system_allows_and_we_as_many_as_before(seat):
    usual, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    fewer = min(usual, 512)
    resource.setrlimit(resource.RLIMIT_NOFILE, (fewer, most))
    try:
        with Program(Small(), None, seat) as program:
            if sys.platform == "linux":
                there = psutil.Process(program.pid).rlimit(resource.RLIMIT_NOFILE)
                assert there[0] == (most_open_files() or there[0])
        with allowed_to_children():
            pass
        assert resource.getrlimit(resource.RLIMIT_NOFILE) == (fewer, most)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (usual, most))


def test_whose_parent_has_died_is_ended_with_it(seat):
    with Program(Mortal("mortal"), None, seat) as program, pytest.raises(OSError):
        for _ in range(2 * LAST_REQUEST):
            program.ask().close()
    child = int((seat.folder / CHILD).read_text())
    eventually(lambda: has_ended(child))  # it was killed; the system takes its time
