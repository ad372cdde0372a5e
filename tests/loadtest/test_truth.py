"""Against a server whose latency is known: it stalls for a second in every five (M23).

Of what is due evenly over the five seconds, a share of (1 - x) / 5 waits longer than x; that share
is 1 in 100 for x = 0.95 s. Who counts from the send sees only the one that was on its way.
"""

import time

import pytest

from asyncweb.lab.faults import faulty
from asyncweb.lab.trouble import Pause
from asyncweb.loadtest.arrivals import constant
from asyncweb.loadtest.plan import Plan
from tests.conftest import ONE_OF_EACH

pytestmark = pytest.mark.slow  # a whole period has to pass

STALL = Pause.read("1s/5s")
RATE_RPS = 60
BEGIN_S = 2.0  # after the beginning of a stall: the next one is whole, and no end is cut off
ATTEMPTS = 3  # a machine that stalls by itself adds to the latency, and takes nothing from it


def measured(load, kind, word):
    """What was found in one period."""
    began = time.monotonic() - BEGIN_S
    app = faulty(clock=lambda: time.monotonic() - began)
    with ONE_OF_EACH[kind](app) as server:
        url = f"{server.url}/tea?{word}=1s/5s"
        return load.run(Plan(url, 1, STALL.every_s, arrivals=constant(RATE_RPS)))


@pytest.mark.parametrize(("kind", "word"), [("async", "freeze"), ("threads", "stall")])
def test_the_corrected_latency_of_a_stalling_server_is_the_true_one(load, kind, word):
    for _ in range(ATTEMPTS):
        result = measured(load, kind, word)
        if result.latency.percentile(0.99) < STALL.wait_s(0.99) * 1.1:
            break
    assert (result.errors, result.dropped) == ({}, 0)
    assert result.latency.percentile(0.99) == pytest.approx(STALL.wait_s(0.99), rel=0.10)
    assert result.service.percentile(0.99) < STALL.wait_s(0.99) / 2
