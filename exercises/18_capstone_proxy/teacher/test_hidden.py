"""More of the same, with other numbers."""

import random
from fractions import Fraction

from asyncweb.grading import same, task


@task("18.1")
def test_a_bucket_is_right_at_any_time(work, given, seed):
    dice, clock = random.Random(seed), given.Clock()
    rate, burst = dice.choice([0.5, 2, 8]), dice.randrange(1, 6)
    bucket = work.TokenBucket(rate, burst, clock)
    tokens, expected, got = Fraction(burst), [], []
    for _ in range(60):
        passed = dice.randrange(16)
        clock.seconds += passed / 16
        tokens = min(Fraction(burst), tokens + Fraction(passed, 16) * Fraction(rate))
        expected.append(tokens >= 1)
        tokens -= tokens >= 1
        got.append(bool(bucket.take()))
    same(got, expected)


@task("18.4")
def test_any_pieces_arrive_whole_and_in_order(work, given, run, seed):
    dice = random.Random(seed)
    pieces = [dice.randbytes(dice.randrange(1, 9)) for _ in range(dice.randrange(1, 20))]
    source = given.Source(*pieces)
    client = given.Client(source)
    run(work.pass_on(source.pieces, client))
    same(client.got, b"".join(pieces))
