"""When requests are due: as many as the rate says, where it says, and the same again."""

import itertools

import pytest

from asyncweb.errors import LoadError
from asyncweb.loadtest import arrivals
from asyncweb.loadtest.arrivals import Curve, Ramp, Replay


def first(number, schedule, seed=0):
    return list(itertools.islice(schedule.moments(seed), number))


def due_within(schedule, begin_s, end_s, seed=0):
    moments = itertools.takewhile(lambda moment: moment < end_s, schedule.moments(seed))
    return sum(moment >= begin_s for moment in moments)


@pytest.mark.parametrize("rate", [0.3, 1, 3, 100, 12_345])
def test_a_constant_rate_is_even(rate):
    moments = first(1000, arrivals.constant(rate))
    assert moments == pytest.approx([number / rate for number in range(1, 1001)])


def test_random_arrivals_have_the_rate_and_no_memory():
    moments = first(20_000, arrivals.constant(100, is_random=True))
    gaps = [later - earlier for earlier, later in itertools.pairwise(moments)]
    mean = sum(gaps) / len(gaps)
    assert mean == pytest.approx(0.01, rel=0.03)
    variance = sum((gap - mean) ** 2 for gap in gaps) / len(gaps)
    assert variance == pytest.approx(mean**2, rel=0.1)  # as of exponential gaps, and of no others
    assert sum(gap > 0.03 for gap in gaps) / len(gaps) == pytest.approx(0.0498, rel=0.15)


def test_the_same_seed_gives_the_same_moments_and_another_gives_others():
    schedule = arrivals.constant(50, is_random=True)
    assert first(100, schedule, seed=7) == first(100, schedule, seed=7)
    assert first(100, schedule, seed=7) != first(100, schedule, seed=8)


def test_stages_are_reached_in_straight_lines():
    schedule = arrivals.stages([(100, 10), (300, 10), (0, 20)])
    assert due_within(schedule, 0, 10) == pytest.approx(1000, abs=1)
    assert due_within(schedule, 10, 15) == pytest.approx(750, abs=1)
    assert due_within(schedule, 15, 20) == pytest.approx(1250, abs=1)
    assert due_within(schedule, 20, 40) == pytest.approx(3000, abs=1)
    assert len(list(schedule.moments(0))) == 6000


def test_a_spike_is_there_for_its_time_and_over_then():
    schedule = arrivals.spike(10, 1000, at_s=5, for_s=2)
    counted = [due_within(schedule, begin, begin + 1) for begin in range(9)]
    assert counted == pytest.approx([10, 10, 10, 10, 10, 1000, 1000, 10, 10], abs=1)


def test_a_sine_comes_back_to_where_it_was():
    schedule = arrivals.sine(0, 200, period_s=20)
    assert due_within(schedule, 0, 20) == pytest.approx(2000, abs=2)
    assert due_within(schedule, 20, 40) == pytest.approx(2000, abs=2)
    assert due_within(schedule, 9, 11) == pytest.approx(398, abs=3)


def test_moments_never_go_back():
    mad = (Ramp(0, 50, 1), Ramp(50, 0, 0.1), Ramp(0, 0, 1), Ramp(500, 1, 3))
    for schedule in (Curve((), then=mad), Curve(mad, is_random=True, then=mad)):
        moments = first(5000, schedule)
        assert moments == sorted(moments)


def test_a_replay_is_what_was_recorded():
    assert first(9, Replay((0.0, 0.0, 2.5)), seed=3) == [0.0, 0.0, 2.5]


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda: arrivals.constant(0), "rate=0: expected requests a second, above 0"),
        (lambda: arrivals.constant(float("nan")), "rate=nan"),
        (lambda: arrivals.stages([]), "expected at least one"),
        (lambda: arrivals.sine(0, 0, period_s=10), "nothing is ever due; expected a rate above 0"),
        (lambda: arrivals.stages([(0, 5)]), "0 requests/s for 5 s: nothing is ever due"),
        (lambda: arrivals.stages([(-1, 5)]), "a rate of -1 requests/s: expected 0 or more"),
        (lambda: arrivals.stages([(5, 0)]), "a stage of 0 s: expected seconds above 0"),
        (lambda: Replay(()), "with at least one in it"),
        (lambda: Replay((2.0, 1.0)), "have to be in order"),
        (lambda: Replay((-1.0,)), "0 or more"),
    ],
)
def test_a_schedule_that_makes_no_sense_cannot_be_made(make, told):
    with pytest.raises(LoadError) as caught:
        make()
    assert told in str(caught.value)
