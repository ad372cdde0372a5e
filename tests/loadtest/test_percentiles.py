"""Percentiles, what stands behind them, and their bands."""

import math
from random import Random

import pytest

from asyncweb.loadtest.percentiles import FRACTIONS, binomial_quantile, percentiles
from asyncweb.metrics.histogram import Histogram


def test_nothing_has_no_percentiles():
    assert percentiles(Histogram()) == ()


def test_each_percentile_says_how_many_samples_lie_beyond_it():
    found = percentiles(Histogram([0.001] * 100_000))
    assert [percentile.name for percentile in found] == [
        "p50", "p75", "p90", "p95", "p99", "p99.9", "p99.99",
    ]  # fmt: skip
    assert [percentile.beyond for percentile in found] == [
        50_000, 25_000, 10_000, 5_000, 1_000, 100, 10,
    ]  # fmt: skip


@pytest.mark.parametrize(("samples", "is_firm"), [(999, False), (1000, True)])
def test_a_percentile_with_fewer_than_ten_samples_beyond_it_says_so(samples, is_firm):
    p99 = percentiles(Histogram([0.001] * samples))[4]
    assert (p99.beyond, p99.is_firm) == (samples // 100 if is_firm else 9, is_firm)


def test_the_samples_set_no_bound_where_they_do_not_reach():
    alone = percentiles(Histogram([0.001]))[0]
    assert (alone.low_s, alone.high_s) == (None, None)
    *_, deepest = percentiles(Histogram([0.001] * 100))
    assert (deepest.low_s, deepest.high_s) == (0.001, None)


@pytest.mark.parametrize("fraction", FRACTIONS)
@pytest.mark.parametrize("share", [0.025, 0.975])
@pytest.mark.parametrize("trials", [1, 7, 100, 1000])
def test_the_quantile_of_a_binomial_number_is_exact(trials, share, fraction):
    below, hits = 0.0, -1
    while below < share:
        hits += 1
        below += math.comb(trials, hits) * fraction**hits * (1 - fraction) ** (trials - hits)
    assert binomial_quantile(trials, fraction, share) == hits


def test_the_quantile_of_a_billion_trials_is_that_of_the_normal_distribution():
    trials = 10**9
    expected = trials / 2 + 1.959964 * math.sqrt(trials) / 2
    assert binomial_quantile(trials, 0.5, 0.975) == pytest.approx(expected, abs=2)


def test_a_share_that_rounding_cannot_reach_ends_with_all_trials():
    assert binomial_quantile(3, 0.5, 1.1) == 3


@pytest.mark.parametrize(("number", "truth_s"), [(0, math.log(2)), (2, math.log(10))])
def test_the_band_holds_the_truth_19_times_of_20(number, truth_s):
    dice, held = Random(1), 0
    for _ in range(100):
        found = percentiles(Histogram([dice.expovariate(1) for _ in range(500)]))[number]
        held += found.low_s / 1.01 <= truth_s <= found.high_s * 1.01  # buckets are exact to 1 %
    assert 88 <= held <= 100
