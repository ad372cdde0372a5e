"""What a load keeps in memory: it grows with its connections and seconds, not with its requests."""

import tracemalloc

import psutil
import pytest

from asyncweb.loadtest.plan import Plan
from asyncweb.loadtest.tally import Tally
from asyncweb.servers.child import Child
from tests.conftest import PATIENCE_S

POINTER_BYTES = 8  # whatever kept something of each request would take more than that for it
PER_TICK = 100


@pytest.fixture
def null_server():
    server = Child("asyncweb.loadtest.null_server:main")
    yield f"http://127.0.0.1:{server.receive(PATIENCE_S)}/"
    server.stop()


def grown_bytes(tally, requests):
    """By how much memory has grown, at most, while so many were noted."""
    before, _ = tracemalloc.get_traced_memory()
    tracemalloc.reset_peak()
    for number in range(requests):
        due_at = float(number)
        tally.slipped(0.001)
        tally.answered(due_at, due_at + 0.001, due_at + 0.010 + number % 50 / 1000)
        if number % PER_TICK == 0:
            tally.count()
    _, peak = tracemalloc.get_traced_memory()
    return peak - before


@pytest.mark.parametrize("is_open", [False, True])
def test_a_tally_of_ten_times_the_requests_takes_no_more_memory(is_open):
    tally, few = Tally(is_open), 1000
    tracemalloc.start()
    try:
        grown_bytes(tally, few)  # every bucket that will be used is there
        once, tenfold = grown_bytes(tally, few), grown_bytes(tally, 10 * few)
    finally:
        tracemalloc.stop()
    assert tenfold - once < 9 * few * POINTER_BYTES / 4


@pytest.mark.slow
def test_the_memory_of_a_load_process_does_not_grow_with_the_requests(load, null_server):
    resident, few = psutil.Process(load.pid).memory_info, 20_000

    def after(requests):
        result = load.run(
            Plan(null_server, 8, requests=requests, pipelined=16, duration_s=6 * PATIENCE_S)
        )
        assert (result.requests, result.errors) == (requests, {})
        return resident().rss

    after(few)
    once = after(few)
    assert after(10 * few) - once < 9 * few * POINTER_BYTES
