"""More of the same, with other numbers."""

import random

from asyncweb.grading import same, task


@task("13.1")
def test_every_request_of_a_busy_test_is_timed_from_its_due_moment(work, given, seed):
    dice = random.Random(seed)
    takes_s = [dice.randrange(1, 20) / 10 for _ in range(20)]
    got = given.measured(
        work, given.Server(*takes_s, 0), rate_rps=4, count=len(takes_s), connections=2
    )
    free_s, expected = [0.0, 0.0], []
    for number, take_s in enumerate(takes_s):
        free_s.sort()
        free_s[0] = max(free_s[0], number / 4) + take_s
        expected.append(given.rounded(free_s[0] - number / 4))
    same(got, expected)


@task("13.2")
def test_any_stall_is_filled_up(work, given, seed):
    dice = random.Random(seed)
    latencies = [dice.randrange(1, 40) / 4 for _ in range(20)]
    expected = [
        latency - left_out for latency in latencies for left_out in range(max(1, int(latency)))
    ]
    given.same_times(work.completed(latencies, 1.0), expected)


@task("13.3")
def test_both_figures_are_right_for_any_test(work, given, seed):
    dice = random.Random(seed)
    dues = [dice.randrange(100) for _ in range(20)]
    requests = [(float(due), float(due + dice.randrange(1, 30))) for due in dues]
    span = max(end for _, end in requests) - min(dues)
    mean = sum(end - due for due, end in requests) / 20
    same(
        given.rounded(work.rate_and_latency(requests)),
        (given.rounded(20 / span), given.rounded(mean)),
    )
