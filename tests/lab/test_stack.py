"""A thread's stack, reserved and resident, as the system shows it or shared out."""

import json
import sys
import threading

import pytest

from asyncweb.drawing.units import NOT_MEASURED
from asyncweb.lab import stack
from asyncweb.lab.stack import (
    FROM_GROWTH,
    FROM_SMAPS,
    Stacks,
    mappings,
    stack_shared,
    stacks_of,
)
from tests.ecosystem.conftest import library

IS_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc/self/smaps")
SMAPS = """\
7f3c00000000-7f3c00800000 rw-p 00000000 00:00 0
Size:               8192 kB
Rss:                  24 kB
7f3c00801000-7f3c00802000 r--p 00000000 fe:00 247278                     /usr/lib/libc.so.6
Size:                  4 kB
Rss:                   4 kB
"""


def test_each_range_of_addresses_is_read_with_what_is_in_memory():
    assert list(mappings(SMAPS)) == [
        (0x7F3C00000000, 0x7F3C00800000, 24 * 1024),
        (0x7F3C00801000, 0x7F3C00802000, 4 * 1024),
    ]


@IS_LINUX
def test_a_stack_is_as_large_as_was_asked_for_and_hardly_used():
    before = threading.stack_size(2 * 1024 * 1024)
    try:
        found = stacks_of({"nothing": lambda: None})["nothing"]
    finally:
        threading.stack_size(before)
    assert found.source == FROM_SMAPS
    assert found.reserved_bytes >= 2 * 1024 * 1024
    assert 0 < found.resident_bytes < found.reserved_bytes / 4


@IS_LINUX
def test_who_calls_deeper_has_more_in_memory():
    nested = []
    for _ in range(400):
        nested = [nested]
    found = stacks_of({"nothing": lambda: None, "deep": lambda: json.dumps(nested)})
    assert found["deep"].resident_bytes > found["nothing"].resident_bytes


def test_where_stacks_cannot_be_seen_growth_is_shared_out(monkeypatch):
    monkeypatch.setattr(stack, "SMAPS", stack.SMAPS / "nowhere")
    monkeypatch.setattr(stack, "THREADS", 10)
    found = stacks_of({"nothing": lambda: None})["nothing"]
    assert found.source == FROM_GROWTH
    assert 0 <= found.resident_bytes < 1_000_000


def test_what_the_system_does_not_count_is_not_known(monkeypatch):
    monkeypatch.setattr(stack, "COUNTS_RESERVED", False)
    monkeypatch.setattr(stack, "THREADS", 3)
    found = Stacks({"nothing": stack_shared(lambda: None)})
    assert (found["nothing"].reserved_bytes, found["nothing"].resident_share) == (None, None)
    assert repr(found).count(NOT_MEASURED) == 2


@pytest.mark.parametrize("look", [stack.stack_seen, stack_shared])
def test_what_a_work_raises_is_raised_and_no_thread_is_left(look, monkeypatch):
    monkeypatch.setattr(stack, "THREADS", 3)
    before = threading.active_count()
    with pytest.raises(ZeroDivisionError):
        look(lambda: 1 / 0)
    assert threading.active_count() == before


@pytest.mark.slow
def test_the_map_says_in_words_what_it_shows():
    library("matplotlib")
    found = stacks_of({"nothing": lambda: None})
    plot = found.plot()
    assert plot.says.startswith("nothing: ")
    assert "reserved" in plot.says
    assert "<img" in found._repr_mimebundle_()["text/html"]
