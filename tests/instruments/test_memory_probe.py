"""Memory is told as a slope, compared as a ratio, and never without how it was measured."""

import os
import subprocess
import sys
import tracemalloc

import pytest

from asyncweb.errors import InstrumentError
from asyncweb.instruments import MemoryProbe
from asyncweb.metrics.probes import ProcessProbe, ProcessUse

SIZES = (50, 100, 200)
SCRIPT = """
import sys
kept = []
for line in sys.stdin:
    number, size = map(int, line.split())
    kept += [bytes([7]) * size for _ in range(number - len(kept))]
    print("done", flush=True)
"""


def python_growth(size):
    with MemoryProbe() as probe:
        kept = []
        for number in SIZES:
            kept += [bytearray(size) for _ in range(number - len(kept))]
            probe.look(number)
    return probe


def process_growth(size, kind="rss"):
    pipe = subprocess.PIPE
    command = [sys.executable, "-c", SCRIPT]
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as child:
        probe = MemoryProbe(child.pid, kind)
        for number in SIZES:
            child.stdin.write(f"{number} {size}\n")
            child.stdin.flush()
            assert child.stdout.readline() == "done\n"
            probe.look(number)
        child.communicate()
    return probe


def test_inside_ten_times_the_bytes_are_ten_times_the_slope():
    assert python_growth(10_000).times(python_growth(1_000)) == pytest.approx(10, rel=0.1)


@pytest.mark.parametrize("kind", ["rss", "uss", "vms"])
def test_outside_four_times_the_bytes_are_four_times_the_slope(kind):
    large, small = process_growth(400_000, kind), process_growth(100_000, kind)
    assert large.times(small) == pytest.approx(4, rel=0.25)


def test_it_says_how_it_was_measured():
    assert str(python_growth(1000)).endswith(
        "each, over 50 to 200: what Python has allocated in this process, by tracemalloc"
    )
    assert "resident memory of process 7, seen from outside" in MemoryProbe(7).source


def test_fewer_than_three_sizes_are_no_slope():
    with MemoryProbe() as probe:
        for number in (1, 2, 2):
            probe.look(number)
    with pytest.raises(InstrumentError, match="2 sizes were looked at; expected three or more"):
        _ = probe.bytes_each


def test_nothing_cannot_be_compared_with():
    nothing = MemoryProbe()
    nothing.points = [(1, 5), (2, 5), (3, 5)]
    with pytest.raises(InstrumentError, match="nothing grew there"):
        python_growth(100).times(nothing)


def test_tracemalloc_is_left_as_it_was():
    assert not tracemalloc.is_tracing()
    python_growth(10)
    assert not tracemalloc.is_tracing()
    tracemalloc.start()
    python_growth(10)
    assert tracemalloc.is_tracing()
    tracemalloc.stop()


def test_outside_its_block_it_says_so():
    with pytest.raises(InstrumentError, match="look\\(\\) inside the block"):
        MemoryProbe().look(1)


def test_a_process_that_has_ended_is_named():
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    with pytest.raises(InstrumentError, match=f"process {child.pid} has ended"):
        MemoryProbe(child.pid).look(1)


def test_what_the_system_does_not_tell_is_no_zero(monkeypatch):
    use = ProcessUse(rss_bytes=1, uss_bytes=None, threads=1, cpu_percent=None, cpu_seconds=0.0,
                     vms_bytes=1)  # fmt: skip
    monkeypatch.setattr(ProcessProbe, "sample", lambda probe: use)
    with pytest.raises(InstrumentError, match=r"does not tell 'uss' of process .*; use 'rss'"):
        MemoryProbe(os.getpid(), "uss").look(1)


@pytest.mark.parametrize("settings", [(None, "rss"), (7, "python"), (7, "heap")])
def test_what_cannot_be_measured_so_is_refused(settings):
    with pytest.raises(InstrumentError, match="expected MemoryProbe"):
        MemoryProbe(*settings)
