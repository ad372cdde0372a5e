"""What is told of a process comes from the process itself, and nothing is told of none."""

import subprocess
import sys

import psutil
import pytest

from asyncweb.metrics.probes import USS_EVERY_S, ProcessProbe, slope
from tests.conftest import eventually

LARGE = 64 * 1024 * 1024
SCRIPT = """
import sys, threading, time
for line in sys.stdin:
    exec(line)
    print("done", flush=True)
"""


class Child:
    """A Python process that runs one line at a time, as it is told."""

    def __init__(self):
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(
            [sys.executable, "-c", SCRIPT], stdin=pipe, stdout=pipe, text=True
        )
        self.pid = self.process.pid
        self.run("pass")

    def run(self, code):
        self.process.stdin.write(code + "\n")
        self.process.stdin.flush()
        assert self.process.stdout.readline() == "done\n"

    def work(self):
        """Uses 0.2 s of CPU."""
        self.run("until = time.process_time() + 0.2")
        self.run("while time.process_time() < until: pass")

    def end(self):
        self.process.communicate()


class Clock:
    """Stands still until it is moved."""

    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def child():
    process = Child()
    yield process
    if process.process.returncode is None:
        process.end()


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def no_pid():
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_a_sample_tells_the_memory_and_the_threads_of_the_process(child):
    use = ProcessProbe(child.pid).sample()
    assert 0 < use.uss_bytes <= use.rss_bytes
    assert use.rss_bytes == pytest.approx(psutil.Process(child.pid).memory_info().rss, rel=0.1)
    assert use.threads == 1
    assert use.cpu_seconds >= 0


def test_what_the_process_takes_is_seen_from_outside(child, clock):
    probe = ProcessProbe(child.pid, clock)
    before = probe.sample()
    child.run(f"kept = bytearray(b'x') * {LARGE}")
    clock.now += USS_EVERY_S
    after = probe.sample()
    assert after.rss_bytes - before.rss_bytes == pytest.approx(LARGE, rel=0.1)
    assert after.uss_bytes - before.uss_bytes == pytest.approx(LARGE, rel=0.1)


def test_threads_are_counted_as_they_start_and_end(child):
    probe = ProcessProbe(child.pid)
    child.run("gate = threading.Event()")
    child.run("waiting = [threading.Thread(target=gate.wait) for _ in range(3)]")
    child.run("[thread.start() for thread in waiting]")
    assert probe.sample().threads == 4
    child.run("gate.set(); [thread.join() for thread in waiting]")
    eventually(lambda: probe.sample().threads == 1)


def test_uss_is_measured_once_a_second_and_the_rest_each_time(child, clock):
    probe = ProcessProbe(child.pid, clock)
    before = probe.sample()
    child.run(f"kept = bytearray(b'x') * {LARGE}")
    clock.now += USS_EVERY_S * 0.9
    between = probe.sample()
    assert between.uss_bytes == before.uss_bytes
    assert between.rss_bytes > before.rss_bytes
    clock.now += USS_EVERY_S * 0.2
    assert probe.sample().uss_bytes > before.uss_bytes + LARGE / 2


def test_uss_that_may_not_be_read_is_none_and_the_rest_is_told(child, monkeypatch):
    def refuse(process):
        raise psutil.AccessDenied(process.pid)

    monkeypatch.setattr(psutil.Process, "memory_full_info", refuse)
    use = ProcessProbe(child.pid).sample()
    assert use.uss_bytes is None
    assert use.rss_bytes > 0


def test_a_process_that_ended_has_no_sample(child):
    probe = ProcessProbe(child.pid)
    assert probe.sample() is not None
    child.end()
    assert probe.sample() is None
    assert probe.sample() is None


def test_a_process_that_never_was_has_no_sample(no_pid):
    assert ProcessProbe(no_pid).sample() is None


def test_the_first_sample_has_no_cpu_share(child):
    assert ProcessProbe(child.pid).sample().cpu_percent is None


def test_the_cpu_share_is_cpu_seconds_over_the_clock_s_seconds(child, clock):
    probe = ProcessProbe(child.pid, clock)
    before = probe.sample()
    child.work()
    clock.now += 2.0
    after = probe.sample()
    used_s = after.cpu_seconds - before.cpu_seconds
    assert used_s >= 0.15
    assert after.cpu_percent == pytest.approx(100 * used_s / 2.0)


def test_an_idle_process_uses_no_cpu(child, clock):
    probe = ProcessProbe(child.pid, clock)
    probe.sample()
    clock.now += 10.0
    assert probe.sample().cpu_percent == pytest.approx(0.0, abs=0.5)


def test_the_cpu_share_is_that_since_the_sample_before(child, clock):
    probe = ProcessProbe(child.pid, clock)
    probe.sample()
    child.work()
    clock.now += 1.0
    assert probe.sample().cpu_percent >= 15
    clock.now += 1.0
    assert probe.sample().cpu_percent <= 5


def test_without_time_between_two_samples_there_is_no_cpu_share(child, clock):
    probe = ProcessProbe(child.pid, clock)
    probe.sample()
    assert probe.sample().cpu_percent is None


def test_the_slope_of_points_on_a_line_is_that_of_the_line():
    points = [(connections, 5000 + 2048 * connections) for connections in (0, 10, 250, 1000)]
    assert slope(points) == pytest.approx(2048)


def test_the_slope_is_that_of_least_squares():
    assert slope([(0, 0), (1, 3), (2, 0), (3, 5)]) == pytest.approx(1.2)
    assert slope([(0, 10), (5, 0)]) == pytest.approx(-2)


@pytest.mark.parametrize("points", [[], [(1, 5)], [(1, 5), (1, 9)]])
def test_without_two_different_x_there_is_no_slope(points):
    assert slope(points) is None
