"""What stands behind the notebook of latencies: redrawn samples, two clients and a stall."""

import pytest

from asyncweb.errors import EmptyHistogram, LessonError
from asyncweb.lab.omission import corrected, planning_client, waiting_client
from asyncweb.lab.resampling import band, redrawn, swing
from asyncweb.lab.trouble import Pause
from asyncweb.metrics.histogram import Histogram

STALL = Pause(2.0, 10.0)


def p99(seen):
    return Histogram(one.latency_s for one in seen).percentile(0.99)


def test_the_client_that_waits_does_not_see_the_stall_that_the_other_sees():
    assert p99(waiting_client(STALL, 0.005)) == pytest.approx(0.005, rel=0.02)
    assert p99(planning_client(STALL, 0.005, rate_rps=100)) == pytest.approx(1.9, rel=0.02)


def test_the_plan_has_the_latency_that_is_computed_for_strangers():
    seen = planning_client(STALL, 1e-6, rate_rps=1000)
    for fraction in (0.9, 0.99, 0.999):
        found = Histogram(one.latency_s for one in seen).percentile(fraction)
        assert found == pytest.approx(STALL.wait_s(fraction), rel=0.02)


def test_the_correction_gives_back_what_waiting_has_left_out():
    told = [one.latency_s for one in waiting_client(STALL, 0.005)]
    complete = Histogram(corrected(told, interval_s=0.010))
    assert complete.percentile(0.99) == pytest.approx(STALL.wait_s(0.99), rel=0.05)


def test_a_correction_of_what_never_waited_changes_nothing():
    assert corrected([0.010, 0.012], interval_s=0.010) == [0.010, 0.012]


def test_the_band_of_a_percentile_narrows_with_the_root_of_the_samples():
    dice_free = Histogram(0.001 * number for number in range(1, 1001))
    few, many = (redrawn(dice_free, size, fraction=0.5) for size in (25, 2500))
    assert swing(few) > 1.3
    assert swing(many) < 1.1
    assert redrawn(dice_free, 25, fraction=0.5) == few


def test_a_p99_of_fifty_is_the_largest_of_them():
    histogram = Histogram([0.010] * 99 + [1.0])
    found = redrawn(histogram, 50, times=100)
    assert set(round(value, 2) for value in found) == {0.01, 1.0}
    low, high = band(found)
    assert (round(low, 2), round(high, 2)) == (0.01, 1.0)


def test_what_cannot_be_drawn_is_refused():
    with pytest.raises(LessonError, match="size=0: expected a whole number"):
        redrawn(Histogram([1.0]), 0)
    with pytest.raises(EmptyHistogram):
        redrawn(Histogram(), 5)
    with pytest.raises(LessonError, match="interval_s=0: expected seconds"):
        corrected([1.0], interval_s=0)
    with pytest.raises(LessonError, match="answer_s=0: expected seconds"):
        waiting_client(STALL, answer_s=0)
