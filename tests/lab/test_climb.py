"""A climb: real servers at rising rates, and where the knee is."""

import pytest

from asyncweb import App, AsyncServer
from asyncweb.errors import LoadError
from asyncweb.lab.climb import Climb, Step, climb
from asyncweb.loadtest.result import Result
from asyncweb.metrics.histogram import Histogram
from asyncweb.servers.base import Server

RATES = (100.0, 200.0)


def step(rate_rps, latency_s):
    latency = Histogram([latency_s] * 10)
    return Step(rate_rps, Result("/", 1, 1.0, 10, 0, latency, schedule=f"{rate_rps:g} requests/s"))


KNOWN = Climb((step(10, 0.001), step(20, 0.002), step(30, 0.004)))


def test_a_climb_asks_at_each_rate_the_lowest_first():
    app = App()
    app.get("/")(lambda ctx: "Hello")
    with AsyncServer(app) as server:
        found = climb(server, list(reversed(RATES)), seconds=0.3)
    assert [one.rate_rps for one in found] == list(RATES)
    assert all(one.result.is_open and not one.result.errors for one in found)


def test_of_several_rounds_the_middle_one_is_kept_for_each_rate(monkeypatch):
    found = iter([step(10, 0.001), step(20, 0.9), step(10, 0.8), step(20, 0.002),
                  step(10, 0.003), step(20, 0.004)])  # fmt: skip
    monkeypatch.setattr("asyncweb.lab.climb._step", lambda *asked: next(found))
    with AsyncServer(App()) as server:
        climbed = climb(server, [10, 20], rounds=3)
    assert [one.mean_s for one in climbed] == pytest.approx([0.003, 0.004])


def test_the_knee_is_the_first_rate_that_takes_three_times_as_long():
    assert KNOWN.knee_rps(bare_s=0.001) == 30
    assert KNOWN.knee_rps(bare_s=0.001, times=1.5) == 20


def test_without_a_knee_the_way_out_is_higher():
    with pytest.raises(LoadError, match="climb higher"):
        KNOWN.knee_rps(bare_s=0.1)


def test_a_server_that_does_not_run_cannot_be_climbed():
    with pytest.raises(LoadError, match="is not running; call start"):
        climb(AsyncServer(App()), RATES)


def test_a_server_that_answers_nothing_is_named(monkeypatch):
    monkeypatch.setattr(Server, "is_running", True)
    with pytest.raises(LoadError, match="at 100 requests/s async answered nothing"):
        climb(AsyncServer(App(), port=1), RATES, seconds=0.2)


def test_the_table_has_a_line_for_each_rate():
    lines = repr(KNOWN).splitlines()
    assert len(lines) == 1 + len(KNOWN)
    assert lines[-1].split() == ["30.0/s", "10.0/s", "4.00", "ms", "4.00", "ms", "0.0"]
