"""A histogram is right to 1 % whatever it holds, and two of them add up."""

import json
import math
import pickle
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asyncweb.errors import EmptyHistogram
from asyncweb.metrics.histogram import HIGHEST_S, LAST_BUCKET, LOWEST_S, Histogram, summary

PRECISION = 0.01
MEASURABLE = st.floats(LOWEST_S, HIGHEST_S)
ANY_DURATION = st.floats(0, 1e6)
FRACTIONS = st.floats(0, 1)
FEW = (0.001, 0.002, 0.003, 0.5)


def exact_percentile(values, fraction):
    return sorted(values)[max(1, math.ceil(fraction * len(values))) - 1]


@given(st.lists(MEASURABLE, min_size=1), FRACTIONS)
def test_a_percentile_is_within_one_percent_of_the_exact_one(values, fraction):
    exact = exact_percentile(values, fraction)
    assert Histogram(values).percentile(fraction) == pytest.approx(exact, rel=PRECISION)


@given(MEASURABLE, FRACTIONS)
def test_of_a_single_value_every_percentile_is_that_value_exactly(value, fraction):
    assert Histogram([value]).percentile(fraction) == value


@given(st.lists(ANY_DURATION, min_size=1), FRACTIONS)
def test_a_percentile_is_never_outside_what_was_recorded(values, fraction):
    assert min(values) <= Histogram(values).percentile(fraction) <= max(values)


@given(st.lists(ANY_DURATION, min_size=1), FRACTIONS, FRACTIONS)
def test_a_larger_fraction_never_has_a_smaller_percentile(values, one, other):
    histogram = Histogram(values)
    assert histogram.percentile(min(one, other)) <= histogram.percentile(max(one, other))


def test_a_percentile_counts_requests_and_not_distinct_values():
    histogram = Histogram([0.001] * 99 + [1.0])
    assert histogram.percentile(0.99) == pytest.approx(0.001, rel=PRECISION)
    assert histogram.percentile(0.991) == pytest.approx(1.0, rel=PRECISION)


@given(st.lists(ANY_DURATION, min_size=1))
def test_count_total_mean_and_both_ends_are_exact(values):
    histogram = Histogram(values)
    assert (histogram.count, histogram.min, histogram.max) == (
        len(values),
        min(values),
        max(values),
    )
    assert histogram.total == sum(values)
    assert histogram.mean == sum(values) / len(values)


def test_recording_one_by_one_is_recording_all_at_once():
    slowly = Histogram()
    for value in FEW:
        slowly.record(value)
    assert slowly == Histogram(FEW)


def test_recording_nothing_changes_nothing():
    histogram = Histogram(FEW)
    histogram.record_all([])
    assert histogram == Histogram(FEW)


@given(st.lists(st.integers(0, 10**7)), st.lists(st.integers(0, 10**7)))
def test_merging_two_histograms_is_the_histogram_of_both(some, others):
    some, others = [[number / 1024 for number in numbers] for numbers in (some, others)]
    merged = Histogram(some)
    merged.merge(Histogram(others))
    assert merged == Histogram(some + others)
    assert merged.count == len(some) + len(others)


def test_a_sum_leaves_both_sides_as_they_were():
    one, other = Histogram([0.25]), Histogram([0.5, 2.0])
    assert one + other == Histogram([0.25, 0.5, 2.0])
    assert (one, other) == (Histogram([0.25]), Histogram([0.5, 2.0]))


def test_merging_a_histogram_with_itself_doubles_it():
    histogram = Histogram(FEW)
    histogram.merge(histogram)
    assert histogram == Histogram(FEW * 2)


def test_a_copy_has_a_life_of_its_own():
    original = Histogram(FEW)
    twin = original.copy()
    twin.record(9.0)
    assert (original, twin) == (Histogram(FEW), Histogram((*FEW, 9.0)))


@given(st.lists(ANY_DURATION))
def test_json_gives_back_the_same_histogram(values):
    histogram = Histogram(values)
    again = Histogram.from_dict(json.loads(json.dumps(histogram.to_dict(), allow_nan=False)))
    assert again == histogram
    assert (again.count, again.min, again.max) == (histogram.count, histogram.min, histogram.max)


def test_an_empty_histogram_read_from_json_still_finds_its_minimum():
    histogram = Histogram.from_dict(json.loads(json.dumps(Histogram().to_dict())))
    histogram.record(0.5)
    assert histogram.min == 0.5


@pytest.mark.parametrize("bucket", [-1, LAST_BUCKET + 1])
def test_a_bucket_that_there_is_not_is_refused(bucket):
    data = Histogram([0.5]).to_dict() | {"counts": {str(bucket): 1}}
    with pytest.raises(ValueError, match=f"bucket {bucket}: expected 0 to {LAST_BUCKET}"):
        Histogram.from_dict(data)


@given(st.lists(ANY_DURATION))
def test_a_pickled_histogram_is_the_same_and_can_go_on(values):
    again = pickle.loads(pickle.dumps(Histogram(values)))
    assert again == Histogram(values)
    again.record(0.5)
    assert again.count == len(values) + 1


def test_an_empty_histogram_has_no_mean_and_no_percentile():
    with pytest.raises(EmptyHistogram):
        Histogram().percentile(0.5)
    with pytest.raises(EmptyHistogram):
        _ = Histogram().mean


@pytest.mark.parametrize("fraction", [-0.01, 1.01, 99, math.nan])
def test_a_fraction_outside_0_to_1_is_refused_by_its_value(fraction):
    with pytest.raises(ValueError, match=rf"percentile\({fraction}\)"):
        Histogram(FEW).percentile(fraction)


def test_an_empty_histogram_has_no_buckets_and_says_it_is_empty():
    assert list(Histogram().buckets()) == []
    assert repr(Histogram()) == "<Histogram, empty>"


def test_durations_below_a_microsecond_count_as_the_shortest():
    histogram = Histogram([0.0, 1e-9, 5e-7, 1.0])
    assert histogram.count == 4
    assert histogram.min == 0.0
    assert histogram.percentile(0.75) == pytest.approx(LOWEST_S, rel=PRECISION)


def test_durations_above_an_hour_count_as_the_longest():
    histogram = Histogram([1.0, HIGHEST_S, 2 * HIGHEST_S, 1e9])
    assert histogram.max == 1e9
    assert histogram.percentile(0.25) == pytest.approx(1.0, rel=PRECISION)
    for fraction in (0.5, 0.75, 1.0):
        assert histogram.percentile(fraction) == pytest.approx(HIGHEST_S, rel=2 * PRECISION)


def test_extremes_share_one_bucket_at_each_end():
    assert len(list(Histogram([0.0, 1e-9, 1e-6]).buckets())) == 1
    assert len(list(Histogram([HIGHEST_S, 1e5, 1e9]).buckets())) == 1


@given(st.lists(MEASURABLE, min_size=1))
def test_the_buckets_rise_and_hold_every_value(values):
    buckets = list(Histogram(values).buckets())
    assert sum(count for *_, count in buckets) == len(values)
    assert buckets == sorted(buckets)
    assert all(start < end <= start * 1.0201 for start, end, _ in buckets)
    assert buckets[0][0] <= min(values) * (1 + 1e-9)
    assert max(values) <= buckets[-1][1] * (1 + 1e-9)


def test_a_hundred_thousand_values_take_no_more_buckets_than_there_are():
    histogram = Histogram(LOWEST_S * 1.0003**step for step in range(100_000))
    assert histogram.count == 100_000
    assert len(list(histogram.buckets())) < 1200


def test_histograms_with_other_values_are_not_equal():
    assert Histogram([0.1]) != Histogram([0.2])
    assert Histogram([0.1]) != Histogram([0.1, 0.1])
    assert Histogram([0.1]) != [0.1]


def test_the_summary_tells_three_percentiles_and_the_exact_maximum():
    figures = summary(Histogram(number / 1000 for number in range(1, 1001)))
    assert list(figures) == ["p50", "p90", "p99", "max"]
    assert list(figures.values()) == pytest.approx([0.5, 0.9, 0.99, 1.0], rel=PRECISION)
    assert figures["max"] == 1.0


def test_the_summary_of_nothing_knows_nothing():
    assert summary(Histogram()) == {"p50": None, "p90": None, "p99": None, "max": None}


def test_a_value_is_counted_when_it_is_there():
    histogram, counted = Histogram(), []

    class Seen(Counter):
        def update(self, values):
            counted.append(histogram.count)
            super().update(values)

    histogram._counts = Seen()
    counted.clear()  # a Counter begins with an update of its own
    histogram.record(0.5)
    assert counted == [0], "else another thread would find one and no place that it has"
