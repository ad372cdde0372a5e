"""Throughput as a number grows: measured in turns, told in words, drawn."""

from contextlib import contextmanager

import pytest

from asyncweb import App, AsyncServer
from asyncweb.errors import LoadError
from asyncweb.lab.curve import Curve, curve
from asyncweb.loadtest.result import Result
from asyncweb.loadtest.rounds import Rounds
from asyncweb.metrics.histogram import Histogram
from tests.ecosystem.conftest import library

LOAD = {"connections": 2, "duration": 0.05}


def found(requests, latency_s=0.01):
    latency = Histogram([latency_s] * requests)
    return Rounds([Result("/", 2, 1.0, requests, 0, latency)])


@pytest.fixture
def measured():
    numbers = {1: found(10), 2: found(18), 4: found(19)}
    return Curve("workers", numbers, {1: 10.0, 2: 20.0, 4: 40.0}, (2, "two cores"))


@pytest.fixture
def server():
    app = App()
    app.get("/")(lambda ctx: "Hello")
    with AsyncServer(app) as server:
        yield server


@pytest.mark.slow
def test_the_numbers_take_turns_up_and_down_again(server):
    turns = []

    @contextmanager
    def at(number):
        turns.append(number)
        yield server

    made = curve("servers", [1, 2, 3], at, LOAD)
    assert turns == [1, 2, 3, 3, 2, 1]
    assert [len(rounds.results) for rounds in made.values()] == [2, 2, 2]
    assert all(rounds.requests and not rounds.errors for rounds in made.values())


def test_at_best_is_the_first_ones_times_the_number_or_what_is_given(server):
    @contextmanager
    def at(number):
        yield server

    made = curve("servers", [2, 4], at, LOAD, rounds=1)
    assert made.ideal[4] == pytest.approx(2 * made[2].throughput_rps)
    made = curve("servers", [2, 4], at, LOAD, rounds=1, ideal=lambda number: 100 * number)
    assert made.ideal == {2: 200, 4: 400}


def test_a_load_that_cannot_be_made_is_refused(server):
    @contextmanager
    def at(number):
        yield server

    with pytest.raises(LoadError, match="connections=0"):
        curve("servers", [1], at, {"connections": 0, "duration": 1})


def test_it_tells_the_gain_and_the_picture_in_words(measured):
    assert measured.gain(4) == pytest.approx(1.9)
    assert measured.says.startswith("1 workers: 10.0/s, at best 10.0/s; 2 workers: 18.0/s")
    assert measured.says.endswith("More than 2: two cores.")


def test_a_gain_over_nothing_is_none():
    measured = Curve("workers", {1: found(0), 2: found(9)}, {1: 1.0, 2: 2.0})
    with pytest.raises(LoadError, match="1 workers answered nothing in time; measure for longer"):
        measured.gain(2)


@pytest.mark.slow
def test_a_notebook_shows_table_and_picture(measured):
    library("matplotlib")
    shown = measured._repr_mimebundle_()
    assert "<img" in shown["text/html"]
    for word in ("workers", "answers", "at best", "p99"):
        assert word in shown["text/plain"]


@pytest.mark.slow
def test_the_picture_has_the_ideal_line_and_the_bend(measured):
    library("matplotlib")
    rates, times = measured.plot().figure.axes
    dashed, line, bend = rates.lines
    assert list(dashed.get_ydata()) == [10.0, 20.0, 40.0]
    assert list(line.get_ydata()) == [10.0, 18.0, 19.0]
    assert list(bend.get_xdata()) == [2, 2]
    assert [line.get_label() for line in times.lines] == ["p50", "p99", "two cores"]
