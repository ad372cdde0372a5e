"""C1 to C3: latencies, on both sides of each line, inside the noise, and in doubt."""

import pytest

from asyncweb.lab.claims.names import (
    APACHE,
    FULL,
    GUNICORN,
    HELLO,
    HYPERLANE,
    NODE,
    OUR_LOOP,
    OUR_THREADS,
    READ,
    STEADY,
    TOKIO,
    WRK,
)  # fmt: skip
from asyncweb.lab.claims.twelve.c01 import ApacheLatency
from asyncweb.lab.claims.twelve.c02 import HyperlaneLatency
from asyncweb.lab.claims.twelve.c03 import ThreadPerRequest
from asyncweb.lab.claims.verdict import Word
from tests.lab.claims.made import Made, noisy

HOLDS, FAILS, OPEN, UNMEASURED = Word.HOLDS, Word.FAILS, Word.OPEN, Word.UNMEASURED


def apache(simple=300.0, complicated=4_000.0, models=APACHE, **numbers):
    figures = Made()
    for model in models:
        figures.load(HELLO[1], model, mean_us=simple, **numbers)
        figures.load(READ[8], model, mean_us=complicated, **numbers)
    return figures


def race(framework=60.0, server=300.0, **numbers):
    figures = Made().load(HELLO[1], HYPERLANE, mean_us=framework, **numbers)
    for model in APACHE:
        figures.load(HELLO[1], model, mean_us=server, **numbers)
    return figures


@pytest.mark.parametrize(
    ("simple", "complicated", "word"),
    [
        (300.0, 4_000.0, HOLDS),
        (170.0, 4_000.0, HOLDS),
        (100.0, 4_000.0, FAILS),
        (900.0, 4_000.0, FAILS),
        (300.0, 1_000.0, FAILS),
        (155.0, 4_000.0, OPEN),
        (noisy(100.0, 200.0), 4_000.0, OPEN),
        (300.0, noisy(2_000.0, 3_000.0), OPEN),
    ],
)
def test_c1_wants_300_within_a_factor_and_2500_where_it_is_complex(simple, complicated, word):
    assert ApacheLatency().decide(apache(simple, complicated)).word is word


def test_c1_is_open_where_the_models_of_apache_differ():
    figures = apache(300.0, models=APACHE[:1])
    figures.load(HELLO[1], APACHE[2], mean_us=90.0).load(READ[8], APACHE[2], mean_us=4_000.0)
    told = ApacheLatency().decide(figures)
    assert told.word is OPEN
    assert "Apache prefork 300 µs" in told.why and "Apache event 90.0 µs" in told.why


def test_c1_is_decided_by_the_models_that_are_there():
    figures = apache(models=APACHE[:2])
    figures.fail(HELLO[1], APACHE[2], "apache2 is not installed")
    told = ApacheLatency().decide(figures)
    assert told.word is HOLDS
    row = "mean of Hello World, 1 at once, Apache event"
    assert dict(told.figures)[row] == "not measured: apache2 is not installed"


def test_c1_says_how_many_requests_its_mean_is_of():
    told = ApacheLatency().decide(apache(requests=1_000))
    assert told.why.startswith("One at a time, 1,000 requests each: Apache prefork 300 µs (median")


def test_c1_is_open_where_stalls_of_the_machine_are_what_the_mean_is_made_of():
    told = ApacheLatency().decide(apache(1_100.0, p50_us=340.0))
    assert told.word is OPEN
    assert "Apache event 1,100 µs (median 340 µs)" in told.why


def test_c1_names_only_the_models_that_were_measured():
    assert "prefork" not in ApacheLatency().decide(apache(models=APACHE[2:])).why


def test_c1_counts_no_load_with_errors():
    assert ApacheLatency().decide(apache(90.0, errors=1)).word is OPEN


def test_c1_counts_no_complex_case_that_the_generator_limited():
    figures = apache()
    for model in APACHE:
        for look in figures.looks[READ[8]][model]:
            look["client_limited"] = 1
    told = ApacheLatency().decide(figures)
    assert told.word is OPEN
    assert "the load generator, and not the server, was the limit" in told.why


def test_c1_of_one_round_is_as_noisy_as_a_pair_of_identical_servers():
    few, many = (Made().load(HELLO[1], APACHE[0], rounds, mean_us=200.0) for rounds in (1, 5))
    for figures in (few, many):
        figures.load(READ[8], APACHE[0], mean_us=4_000.0)
    assert ApacheLatency().decide(few).word is OPEN
    assert ApacheLatency().decide(many).word is HOLDS


@pytest.mark.parametrize(
    ("framework", "server", "word"),
    [
        (60.0, 300.0, HOLDS),
        (60.0, 100.0, FAILS),
        (130.0, 600.0, FAILS),
        (97.0, 600.0, OPEN),
        (60.0, noisy(150.0, 240.0), OPEN),
    ],
)
def test_c2_wants_100_and_three_times_as_long_for_apache(framework, server, word):
    assert HyperlaneLatency().decide(race(framework, server)).word is word


def test_c2_leaves_open_what_the_generator_may_have_added():
    own = {"client_cpu": 0.4, "requests_per_s": 10_000.0}  # 40 µs for each request
    assert HyperlaneLatency().decide(race(120.0, 600.0, **own)).word is OPEN
    assert HyperlaneLatency().decide(race(60.0, 120.0, **own)).word is OPEN  # 2 times, or 4
    assert HyperlaneLatency().decide(race(60.0, 400.0, **own)).word is HOLDS
    told = HyperlaneLatency().decide(race(40.0, 60.0, **own))  # nothing may be left of 40 µs
    assert told.word is OPEN
    assert "Apache event takes 1.4 times as long or longer" in told.why


def test_c2_is_decided_by_wrk_where_it_has_asked():
    figures = race(120.0, 600.0, client_cpu=0.4, requests_per_s=10_000.0)
    for system, mean_us in ((HYPERLANE, 60.0), *((model, 300.0) for model in APACHE)):
        figures.load(WRK[1], system, mean_us=mean_us)
    told = HyperlaneLatency().decide(figures)
    assert told.word is HOLDS
    assert "needs 60.0 µs (median 60.0 µs) as wrk sees it" in told.why
    del figures.looks[WRK[1]][HYPERLANE]
    told = HyperlaneLatency().decide(figures)
    assert told.word is OPEN
    assert "needs 120 µs (median 120 µs) as our generator sees it" in told.why


def test_c2_is_open_where_mean_and_median_say_different_things():
    assert HyperlaneLatency().decide(race(480.0, 2_000.0, p50_us=50.0)).word is OPEN


def test_c2_counts_no_load_with_errors():
    assert HyperlaneLatency().decide(race(errors=3)).word is OPEN
    figures = race()
    for model in APACHE:
        figures.looks[HELLO[1]][model][0]["errors"] = 1
    told = HyperlaneLatency().decide(figures)
    assert told.word is OPEN
    assert "1 error" in told.why


def test_c2_needs_apache_and_hyperlane():
    alone = Made().load(HELLO[1], HYPERLANE, mean_us=60.0)
    assert HyperlaneLatency().decide(alone).word is UNMEASURED
    assert HyperlaneLatency().decide(apache()).word is UNMEASURED


def test_c2_shows_what_a_second_generator_saw():
    figures = race()
    for system, mean_us in ((HYPERLANE, 500.0), (APACHE[2], 1_500.0)):
        figures.load(WRK[64], system, mean_us=mean_us)
    told = HyperlaneLatency().decide(figures)
    row = "Apache event by hyperlane 5.40.1, 64 at once, by wrk"
    assert dict(told.figures)[row] == "3.0 times (3.0 times to 3.0 times, 5 rounds)"


def crowd(systems, mean=1.0, cost=1.0, few=0.3, many=0.3, figures=None, **numbers):
    """`mean`, `cost`: by how much they rise from 100 to 4,000 connections; `few`, `many`: CPU."""
    figures = figures if figures is not None else Made()
    for system in systems:
        figures.load(STEADY[100], system, mean_us=200.0, cpu_share=few)
        means = [200.0 * each for each in mean] if isinstance(mean, list) else 200.0 * mean
        figures.load(STEADY[4000], system, mean_us=means, cpu_share=many, **numbers)
        figures.load(FULL[100], system, mean_us=1_000.0, cpu_us=50.0)
        figures.load(FULL[4000], system, mean_us=40_000.0, cpu_us=50.0 * cost)
    return figures


def threads(loops=1.0, **rises):
    return crowd((OUR_LOOP, TOKIO, NODE), loops, figures=crowd((OUR_THREADS, GUNICORN), **rises))


@pytest.mark.parametrize(
    ("rises", "word"),
    [
        ({"mean": 5.0, "few": 0.5, "many": 0.99}, HOLDS),
        ({"cost": 5.0, "few": 0.5, "many": 0.99}, HOLDS),
        ({"mean": 1.2, "few": 0.3, "many": 0.32}, FAILS),
        ({"mean": 1.2, "few": 0.9, "many": 0.99}, FAILS),
        ({"mean": 5.0, "few": 0.3, "many": 0.32}, FAILS),
        ({"mean": 5.0, "few": 0.3, "many": 0.6}, OPEN),
        ({"mean": 2.9, "few": 0.5, "many": 0.99}, OPEN),
        ({"mean": 5.0, "few": 0.5, "many": 0.99, "loops": 4.0}, OPEN),
        ({"mean": 5.0, "few": 0.5, "many": 0.99, "errors": 2}, OPEN),
        ({"mean": 5.0, "few": 0.5, "many": 0.99, "client_limited": 1}, OPEN),
    ],
)
def test_c3_wants_a_dramatic_rise_that_event_loops_do_not_have(rises, word):
    assert ThreadPerRequest().decide(threads(**rises)).word is word


def test_c3_leaves_out_a_round_in_which_the_generator_was_the_limit():
    figures = threads(mean=[5.0, 5.0, 5.0, 5.0, 1.0], few=0.5, many=0.99)
    assert ThreadPerRequest().decide(figures).word is OPEN
    for system in (OUR_THREADS, GUNICORN):
        figures.looks[STEADY[4000]][system][-1]["client_limited"] = 1
    assert ThreadPerRequest().decide(figures).word is HOLDS


def test_c3_does_not_blame_threads_for_littles_law():
    """In the closed loop the mean is 40 times as long on 40 times the connections, for all."""
    told = ThreadPerRequest().decide(threads())
    assert told.word is FAILS
    row = "mean, as fast as it goes (Little's law: 40), 4,000 by 100, Node.js"
    assert dict(told.figures)[row].startswith("40 times")


def test_c3_fails_by_one_server_that_does_otherwise():
    figures = crowd((OUR_THREADS,), mean=5.0, few=0.5, many=0.99)
    crowd((APACHE[1],), figures=figures)
    crowd((OUR_LOOP,), figures=figures)
    told = ThreadPerRequest().decide(figures)
    assert told.word is FAILS
    assert told.why.startswith("Apache worker 1.0 times (CPU 30 %): the mean on thousands")
    assert OUR_THREADS not in told.why


def test_c3_names_the_cost_of_a_request_where_it_is_what_rises():
    told = ThreadPerRequest().decide(threads(cost=5.0, few=0.5, many=0.99))
    assert "asyncweb threads 1.0 times (CPU 99 %, 5.0 times the CPU a request" in told.why


def test_c3_is_open_without_a_load_that_could_have_shown_the_rise():
    """A rate that is easy for all shows nothing, so both loads must have been made."""
    figures = threads()
    del figures.looks[FULL[4000]]
    assert ThreadPerRequest().decide(figures).word is OPEN
    broken = threads()
    for system in (OUR_THREADS, GUNICORN):
        broken.looks[FULL[4000]][system][0]["errors"] = 7
    assert ThreadPerRequest().decide(broken).word is OPEN


def test_c3_is_open_when_no_event_loop_stands_beside():
    assert ThreadPerRequest().decide(crowd((OUR_THREADS,), 5.0, few=0.5, many=0.99)).word is OPEN


def test_c3_is_not_measured_by_what_stays_below_1000_connections():
    figures = Made().load(STEADY[100], OUR_THREADS).load(STEADY[1000], OUR_THREADS)
    told = ThreadPerRequest().decide(figures)
    assert told.word is UNMEASURED
    assert "no server with threads has been looked at on 2,000 connections" in told.why
    figures.fail(STEADY[2000], OUR_THREADS, "too few files")
    assert ThreadPerRequest().decide(figures).why == "asyncweb threads: too few files."


def test_c3_is_decided_on_2000_connections_where_4000_were_not_tried():
    figures = threads(mean=5.0, few=0.5, many=0.99)
    for measure in (STEADY, FULL):
        figures.looks[measure[2000]] = figures.looks.pop(measure[4000])
    told = ThreadPerRequest().decide(figures)
    assert told.word is HOLDS
    assert "asyncweb threads 5.0 times (CPU 99 %): the mean" in told.why


def test_c3_is_open_where_the_clock_of_the_cpu_was_too_coarse_at_100_connections():
    assert ThreadPerRequest().decide(threads(mean=5.0, few=0.0, many=0.1)).word is OPEN
