"""More of the same, with other numbers."""

import random

from asyncweb.grading import believes, same, task


def nearest(latencies, percent):
    """The shortest of `latencies` that `percent` of them do not exceed, found by trying."""
    for longest in sorted(latencies):
        if 100 * sum(latency <= longest for latency in latencies) >= percent * len(latencies):
            return longest


@task("12.1")
def test_a_percentile_is_right_for_any_times(work, seed):
    dice = random.Random(seed)
    for _ in range(20):
        latencies = [dice.randrange(1, 1000) for _ in range(dice.randrange(1, 60))]
        percent = dice.randrange(1, 101)
        same(work.percentile(latencies, percent), nearest(latencies, percent))


@task("12.2")
def test_half_of_the_users_are_half_of_them_for_any_times(work, given, seed):
    dice = random.Random(seed)
    for _ in range(20):
        times = [dice.randrange(1, 1000) for _ in range(dice.randrange(3, 60, 2))]
        given.same_time(work.typical(times), nearest(times, 50))


@task("12.3")
def test_one_request_less_than_needed_is_not_enough(work):
    with believes("M22", count=999, percent=99, beyond="fewer than ten"):
        same(bool(work.can_tell(999, 99)), False)


@task("12.3")
def test_a_median_needs_twenty(work):
    with believes("greedy", count=20, percent=50, beyond="ten"):
        same(bool(work.can_tell(20, 50)), True)


@task("12.4")
def test_the_percentile_of_all_is_right_for_any_histograms(work, seed):
    dice = random.Random(seed)
    ends = [10, 20, 50, 100, 200, 500]
    for _ in range(20):
        servers = [
            {end: dice.randrange(1, 50) for end in dice.sample(ends, 3)}
            for _ in range(dice.randrange(1, 4))
        ]
        everything = [
            end for server in servers for end, count in server.items() for _ in range(count)
        ]
        percent = dice.randrange(1, 101)
        same(work.percentile_of_all(servers, percent), nearest(everything, percent))
