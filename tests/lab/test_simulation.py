"""The simulation: held against what is known of queues, and against its own books."""

import math
from statistics import fmean, stdev

import pytest

from asyncweb.errors import LessonError
from asyncweb.lab.simulation.loads import ClosedLoop, OpenLoop
from asyncweb.lab.simulation.model import Bounds, Memory, Model
from asyncweb.lab.simulation.record import LEAVES_OUT, table
from asyncweb.lab.simulation.run import simulate
from asyncweb.lab.simulation.theory import Waiting, backlog, knee_users, least_latency_s

SERVER = Model("server", answer_s=0.010)
CROWDED = Model("crowded", answer_s=0.010, bounds=Bounds(workers=3, room=5))
RUNS = 8  # independent ones; their spread says how far their mean may be from the truth
LIKELY = 4.0  # standard errors; a right simulation is further off once in thousands of seeds


def is_likely(true_value, values):
    """Whether `true_value` may be the mean behind `values`."""
    return abs(fmean(values) - true_value) < LIKELY * stdev(values) / math.sqrt(len(values))


def runs(model, load, requests=4000):
    return [simulate(model, load, requests=requests, seed=seed) for seed in range(RUNS)]


@pytest.mark.parametrize("rate_rps", [30, 60, 80])
def test_one_server_waits_and_answers_as_the_formula_of_m_m_1_says(rate_rps):
    known = Waiting(rate_rps, service_s=0.010)
    found = runs(SERVER, OpenLoop(rate_rps, varies=True))
    assert is_likely(known.latency_s, [record.latency.total / record.requests for record in found])
    assert is_likely(known.inside, [record.little[0] for record in found])
    assert is_likely(known.utilisation, [record.utilisation for record in found])
    p99s = [record.latency.percentile(0.99) for record in found]
    assert fmean(p99s) == pytest.approx(known.percentile_s(0.99), rel=0.2)


@pytest.mark.parametrize("cores", [2, 5])
def test_several_cores_are_as_the_formula_of_m_m_c_says(cores):
    known = Waiting(80 * cores, service_s=0.010, servers=cores)
    found = runs(Model("server", 0.010, cores=cores), OpenLoop(80 * cores, varies=True))
    assert is_likely(known.latency_s, [record.latency.mean for record in found])


def test_the_workers_of_a_pool_are_as_the_formula_of_m_m_c_says():
    pool = Model("pool", answer_s=0.0, bounds=Bounds(workers=5))
    known = Waiting(400, service_s=0.010, servers=5)
    found = runs(pool, OpenLoop(400, wait_s=0.010, varies=True))
    assert is_likely(known.latency_s, [record.latency.mean for record in found])


@pytest.mark.parametrize(
    "load",
    [
        OpenLoop(60),
        OpenLoop(150),  # more than it can answer
        OpenLoop(60, wait_s=0.020, varies=True),
        ClosedLoop(8),
        ClosedLoop(500, think_s=1.0, wait_s=0.005, varies=True),
    ],
    ids=repr,
)
@pytest.mark.parametrize("bounds", [Bounds(), Bounds(workers=3, room=5)], ids=["free", "bounded"])
def test_littles_law_holds_exactly_in_every_record(load, bounds):
    record = simulate(Model("server", 0.010, 0.002, bounds=bounds), load, requests=2000)
    by_the_clock, by_the_requests = record.little
    assert by_the_clock == pytest.approx(by_the_requests, rel=1e-9)


def test_the_same_seed_is_the_same_record_and_another_seed_is_not():
    load = ClosedLoop(50, think_s=0.5, wait_s=0.010, varies=True)
    first, again, other = (simulate(SERVER, load, requests=500, seed=seed) for seed in (1, 1, 2))
    assert first == again
    assert first.latency != other.latency


def test_two_servers_get_the_very_same_requests_of_an_open_loop():
    came = []
    for answer_s in (0.008, 0.001):
        record = simulate(Model("server", answer_s), OpenLoop(100), requests=200)
        came.append({at_s for at_s, _ in record.inside})
    assert len(came[0] & came[1]) > 150


def test_nobody_waits_where_requests_only_wait_for_something_else():
    for load in (OpenLoop(10_000, wait_s=0.010), ClosedLoop(50, wait_s=0.010)):
        record = simulate(Model("loop", 0.0), load, requests=500)
        assert record.latency.max == pytest.approx(0.010)


def test_a_crowd_below_the_knee_does_not_wait_and_above_it_waits_as_the_bound_says():
    knee = knee_users(SERVER, ClosedLoop(1, think_s=1.0))
    assert knee == pytest.approx(101)
    for users in (10, 1000, 100_000):
        load = ClosedLoop(users, think_s=1.0)
        record = simulate(SERVER, load, requests=2000)
        assert record.latency.mean == pytest.approx(least_latency_s(SERVER, load), rel=0.15)


def test_a_crowd_that_begins_with_its_backlog_is_where_one_without_it_comes_to_rest():
    load = ClosedLoop(300, think_s=1.0, wait_s=0.010)
    model = Model("loop", 0.008, 0.002)
    assert backlog(model, load) == 198
    early = simulate(model, load, requests=300)
    late = simulate(model, load, requests=20_000)
    assert early.latency.mean == pytest.approx(late.latency.mean, rel=0.1)


def test_a_million_users_cost_no_more_than_those_who_are_inside():
    load = ClosedLoop(1_000_000, think_s=60.0, wait_s=0.010)
    record = simulate(Model("loop", 20e-6, 10e-6), load, requests=2000)
    assert record.throughput_rps == pytest.approx(1_000_000 / 60.01, rel=0.1)
    assert record.connections == 1_000_000


def test_what_finds_no_room_is_turned_away_and_who_is_let_in_waits_only_so_long():
    bounded = Model("pool", 0.010, bounds=Bounds(workers=1, room=4))
    record = simulate(bounded, OpenLoop(300), requests=2000)
    assert record.latency.max <= 0.050 + 1e-9
    asked = record.turned_away + record.requests
    assert record.turned_away / asked == pytest.approx(2 / 3, abs=0.05)
    assert "turned away" in repr(record)


def test_who_is_not_let_in_is_counted_and_takes_no_memory():
    memory = Memory(base_bytes=1000, connection_bytes=10, stack_bytes=100)
    threads = Model("threads", 0.001, bounds=Bounds(connections=50), memory=memory)
    record = simulate(threads, ClosedLoop(80, think_s=1.0), requests=100)
    assert (record.locked_out, record.connections) == (30, 50)
    assert (record.resident_bytes, record.reserved_bytes) == (1500, 5000)
    assert "30 not let in" in repr(record)


def test_a_loop_without_a_thought_keeps_every_user_inside():
    record = simulate(SERVER, ClosedLoop(7), requests=500)
    assert record.little[0] == pytest.approx(7)
    assert record.latency.mean == pytest.approx(0.070, rel=0.01)


def test_every_result_says_what_it_leaves_out():
    record = simulate(SERVER, OpenLoop(50), requests=100)
    assert record.leaves_out == LEAVES_OUT
    for shown in (repr(record), table([record])):
        assert LEAVES_OUT in " ".join(shown.split("\n"))
    assert len(record.inside) <= 500


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (lambda: Model("x", answer_s=-1), "answer_s=-1: expected seconds"),
        (lambda: Model("x", 1.0, cores=0), "cores=0: expected a whole number"),
        (lambda: Bounds(workers=0), "workers=0: expected 1 or more, or None"),
        (lambda: OpenLoop(-1), "rate_rps=-1: expected requests a second"),
        (lambda: OpenLoop(1, wait_s=-1), "wait_s=-1: expected seconds"),
        (lambda: ClosedLoop(0), "users=0: expected a whole number"),
        (lambda: ClosedLoop(1, think_s=-1), "think_s=-1: expected seconds"),
        (lambda: simulate(SERVER, OpenLoop(1), requests=0), "requests=0: expected a whole number"),
        (lambda: simulate(Model("none", 0.0), ClosedLoop(9)), "nothing takes time here"),
        (lambda: simulate(CROWDED, ClosedLoop(9)), "9 users and room for 8.*think_s=1"),
        (lambda: Waiting(100, 0.010), "the queue grows for ever"),
        (lambda: Waiting(300, 0.010, 3), "there are 3"),
        (lambda: Waiting(1, 0.1, 2).percentile_s(0.5), "known here for one only"),
    ],
)
def test_what_makes_no_sense_is_refused_with_the_way_out(make, expected):
    with pytest.raises(LessonError, match=expected):
        make()
