"""What your work.py has to do. You may read this; the points come from a copy of it."""

import pytest

from asyncweb.grading import Mistake, believes, same, task

FAST, SLOW = {10: 900, 20: 100}, {10: 10, 500: 10}


def is_another(got, expected, times):
    """Whether `got` is one of the `times`, and the wrong one: so it is its place that is wrong."""
    return type(got) is int and got in times and got != expected


def ranked(work, latencies, percent, rank):
    """Asks for a percentile of sorted `latencies`, which is the one at `rank`, counted from 1."""
    expected = latencies[rank - 1]
    asked = {"count": len(latencies), "percent": percent, "rank": rank}
    try:
        got = work.percentile(latencies, percent)
    except IndexError as error:
        told = "There is nothing at the place you looked at."
        raise Mistake("rank", told=told, **asked) from error
    if is_another(got, expected, latencies):
        raise Mistake("rank", told=f"You gave {got}.", **asked)
    same(got, expected)


@task("12.1")
def test_the_times_may_come_in_any_order(work):
    came = [30, 10, 20]
    got = work.percentile(came, 50)
    if is_another(got, 20, came):
        raise Mistake("order", came=came, got=got)
    same(got, 20)


@task("12.1")
def test_the_p50_of_four_is_the_second(work):
    ranked(work, [10, 20, 30, 40], percent=50, rank=2)


@task("12.1")
def test_the_p100_is_the_longest(work):
    ranked(work, [10, 20, 30], percent=100, rank=3)


@task("12.1")
def test_a_part_of_a_request_counts_as_a_whole_one(work):
    ranked(work, [10, 20, 30], percent=40, rank=2)


@task("12.1", label="nothing", raises=(IndexError, ZeroDivisionError))
def test_of_nothing_there_is_no_percentile(work):
    with pytest.raises(ValueError):
        work.percentile([], 99)


@task("12.2")
def test_what_is_typical_is_what_half_of_the_users_get(work, given):
    got = work.typical([10] * 9 + [1000])
    if got == 109:  # their mean
        raise Mistake("M20", got=got)
    given.same_time(got, 10)


@task("12.3")
def test_fifty_requests_have_no_p99(work):
    with believes("M22", count=50, percent=99, beyond="not even one"):
        same(bool(work.can_tell(50, 99)), False)


@task("12.3")
def test_a_hundred_have_none_either(work):
    with believes("M22", count=100, percent=99, beyond="only one"):
        same(bool(work.can_tell(100, 99)), False)


@task("12.3")
def test_a_thousand_have_one(work):
    with believes("greedy", count=1000, percent=99, beyond="ten"):
        same(bool(work.can_tell(1000, 99)), True)


@task("12.4")
def test_two_servers_have_one_p99(work, given):
    got = work.percentile_of_all([FAST, SLOW], 99)
    if given.is_number(got) and 20 < got < 500:  # there lies every average of the two
        raise Mistake("M21", got=round(got, 1))
    if got == 500:  # in the bucket of 10, the count of the second has replaced that of the first
        raise Mistake(
            "counts", first=FAST, second=SLOW, count=1020, percent=99, expected=20, got=got
        )
    same(got, 20)


@task("12.4")
def test_the_buckets_may_come_in_any_order(work):
    came = {500: 60, 10: 40}
    got = work.percentile_of_all([came], 30)
    if is_another(got, 10, came):
        raise Mistake("order", came=came, got=got)
    same(got, 10)


@task("12.4", label="spoiled")
def test_the_histograms_stay_as_they_are(work):
    first, second = FAST.copy(), SLOW.copy()
    work.percentile_of_all([first, second], 99)
    same(first, FAST)
    same(second, SLOW)
