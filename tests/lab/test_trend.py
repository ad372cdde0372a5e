"""A leak, a plateau and what is not known are told apart, and how often by mistake."""

import random

import pytest

from asyncweb.errors import LessonError
from asyncweb.lab.trend import LEAK, LEVEL, UNKNOWN, Judgement, Trend, judge, trend

REQUESTS = range(0, 60_000, 100)
PAGE = 4096


def fills_up(requests):
    """A cache that is full after a third of the run."""
    return min(requests, 20_000) * 40


SHAPES = {
    "flat": (lambda x: 0, LEVEL),
    "leaks": (lambda x: 40 * x, LEAK),
    "fills up, then flat": (fills_up, LEVEL),
    "fills up, then leaks": (lambda x: fills_up(x) + 40 * x, LEAK),
    "ever more slowly": (lambda x: 9e6 * x / (x + 30_000), UNKNOWN),
    "takes one step": (lambda x: 1e6 * (x > 45_000), UNKNOWN),
    "grows by less than counts": (lambda x: 1.0 * x, LEVEL),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_each_shape_is_told_for_what_it_is(shape):
    grown, verdict = SHAPES[shape]
    dice = random.Random(1)
    points = [(x, 30e6 + grown(x) + dice.gauss(0, PAGE)) for x in REQUESTS]
    assert judge(points).verdict == verdict


def test_memory_in_pages_is_judged_like_memory_in_bytes():
    steps = [(x, 40 * x // PAGE * PAGE) for x in REQUESTS]
    assert judge(steps).verdict == LEAK
    assert judge(steps).second.slope == pytest.approx(40, rel=0.05)


def test_the_band_holds_the_true_slope_in_95_of_100_runs():
    held = 0
    for seed in range(200):
        dice = random.Random(seed)
        found = trend([(x, 7 * x + dice.gauss(0, 50_000)) for x in REQUESTS])
        held += found.low <= 7 <= found.high
    assert 0.91 <= held / 200 <= 0.99


def test_where_too_little_was_seen_the_rule_says_so():
    dice = random.Random(1)
    points = [(x, dice.gauss(0, 500_000)) for x in range(0, 3_000, 100)]
    assert judge(points).verdict == UNKNOWN
    assert str(judge(points)).endswith("look longer")


@pytest.mark.parametrize("least", [10, 100])
def test_what_counts_as_growth_may_be_said(least):
    points = [(x, 40 * x + x % 3) for x in REQUESTS]
    assert judge(points, least).verdict == (LEAK if least < 40 else LEVEL)


def test_what_goes_on_is_told_between_the_edges_of_the_band():
    judgement = Judgement(Trend(50, 5), Trend(40, 10), least=4)
    assert judgement.after(100) == (3000, 5000)
    assert str(judgement).startswith("leak: +40.0 ± 10.0 bytes a request, after +50.0 ± 5.0")


def test_too_few_looks_are_refused():
    with pytest.raises(LessonError, match="7 looks are too few"):
        judge([(x, x) for x in range(15)])


def test_a_server_that_answers_nothing_has_no_trend():
    with pytest.raises(LessonError, match="nothing was answered in 16 looks"):
        trend([(7, 1000 + number) for number in range(16)])
