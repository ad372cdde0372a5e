"""Two loads beside each other: no verdict inside of the noise."""

from dataclasses import replace
from random import Random

import pytest

from asyncweb import load
from asyncweb.errors import LoadError
from asyncweb.lab.report import Measured
from asyncweb.loadtest.compare import compare
from asyncweb.loadtest.noise import PAIR, PLAIN, Figure
from asyncweb.loadtest.rounds import Rounds
from asyncweb.metrics.histogram import Histogram
from tests.loadtest.results import closed, open_loop, seconds


def rounds(*rates, latency_s=0.010, **more):
    return Rounds([closed(round(2 * rate), latency_s, duration_s=2.0, **more) for rate in rates])


def noisy_rounds(seed, faster=1.0, count=10):
    dice = Random(seed)
    return rounds(*(1000 * faster * dice.uniform(0.8, 1.25) for _ in range(count)))


@pytest.mark.parametrize("seed", range(20))
def test_a_server_is_not_told_apart_from_itself(seed):
    found = compare(noisy_rounds(seed), noisy_rounds(seed + 100))
    assert not found.is_plain
    assert found.verdict.count("no verdict") == 3


def test_servers_that_differ_by_more_than_their_rounds_are_told_apart():
    found = compare(noisy_rounds(1), noisy_rounds(2, faster=2), ("slow", "fast"))
    assert found.is_plain
    assert "that of fast is" in found.verdict
    assert "prove little" not in found.verdict
    assert (
        "that of fast is" in compare(noisy_rounds(2, 2), noisy_rounds(1), ("fast", "slow")).verdict
    )


def test_rounds_that_agree_leave_the_noise_that_identical_servers_have():
    throughput, p50, p99 = compare(rounds(100, 100, 100, 100), rounds(109, 109, 109, 109)).figures
    assert throughput.noise == p50.noise == p99.noise == PLAIN
    assert not throughput.is_plain


def test_one_pair_proves_little_whatever_it_shows():
    slow = closed(seconds=seconds(100, 101, 99, 100))
    fast = closed(8000, latency_s=0.001, seconds=seconds(400, 400, 400, 399))
    found = compare(slow, fast)
    assert found.rounds == 1
    assert [figure.is_plain for figure in found.figures] == [True, True, True]
    assert "So few rounds prove little" in found.verdict
    assert not found.is_plain


def test_the_noise_of_one_pair_is_at_least_that_of_identical_servers():
    once = closed(seconds=seconds(100, 100, 100))
    found = compare(once, once)
    assert {figure.name: figure.noise for figure in found.figures} == PAIR
    assert found.verdict.startswith("throughput: a 1.00k/s, b 1.00k/s; no verdict, either may")


def test_a_run_that_swings_is_noisier_than_one_that_does_not():
    swinging = closed(seconds=seconds(10, 1000, 10, 1000, 10, 1000))
    assert compare(swinging, closed(seconds=seconds(5, 5, 5))).figures[0].noise > 1.9


def test_where_too_little_is_known_there_is_no_verdict():
    short = closed(20, seconds=seconds(10, 10))
    found = compare(short, replace(short, requests=9000))
    assert "there is too little to know the noise" in found.verdict
    assert not any(figure.is_plain for figure in found.figures)


def test_a_second_without_an_answer_makes_the_noise_infinite():
    stalled = closed(seconds=seconds(0, 0, 0, 5))
    assert compare(stalled, closed(seconds=seconds(5, 5, 5))).figures[0].noise == float("inf")


def test_without_answers_there_is_nothing_to_compare():
    found = compare(closed(), closed(0, errors={"reset": 3}))
    assert found.verdict == (
        "There is nothing to compare: not both loads were answered. Errors of b: reset 3."
    )


def test_what_the_load_generator_spoiled_is_remarked():
    verdict = compare(closed(client_cpu=0.99), closed()).verdict
    assert verdict.endswith("What limited a was not the server: client CPU.")


def test_the_same_loads_get_the_same_verdict():
    assert compare(noisy_rounds(1), noisy_rounds(2)) == compare(noisy_rounds(1), noisy_rounds(2))


@pytest.mark.parametrize(
    ("other", "told"),
    [
        (replace(closed(), connections=99), "connections is 10 and 99"),
        (open_loop(), "schedule is '' and '1000 requests/s'"),
        (closed(think_s=1.0), "think_s is 0.0 and 1.0"),
    ],
)
def test_loads_that_were_not_the_same_are_not_compared(other, told):
    with pytest.raises(LoadError) as caught:
        compare(closed(), other)
    assert f"{told}; expected the same load on both" in str(caught.value)


def test_a_figure_that_is_nothing_is_infinitely_far_from_any_other():
    assert Figure("p50", 0.0, 1.0, noise=9.0).is_plain


def test_load_compare_takes_what_load_gives_and_calls_it_by_its_name():
    def measured(name):
        return Measured(name, "url", "http://here/", 10, Rounds([closed()]))

    assert "throughput: one 1.00k/s, other " in str(
        load.compare(measured("one"), measured("other"))
    )
    assert "throughput: a 1.00k/s, b " in str(load.compare(measured("one"), measured("one")))
    assert "throughput: a 1.00k/s, b " in str(load.compare(closed(), Rounds([closed()])))
    with pytest.raises(LoadError, match=r"7 is no measurement; expected what load\(\) gives"):
        load.compare(closed(), 7)


def test_rounds_without_an_answer_have_no_latency_to_compare():
    some = Rounds([*rounds(100, 100, 100, 100).results, closed(0)])
    assert compare(some, rounds(100, 100, 100, 100)).figures[1].a == Histogram([0.01]).percentile(
        0.5
    )
