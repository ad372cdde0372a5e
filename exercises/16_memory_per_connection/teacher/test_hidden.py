"""More of the same, with other numbers."""

import random

from asyncweb.grading import believes, same, task

MIB = 1 << 20


@task("16.1")
def test_the_slope_is_right_for_any_points(work, given, seed):
    dice = random.Random(seed)
    points = given.line(dice.randrange(1_000, 90_000), 40 * MIB, dice.sample(range(1, 999), 8))
    points = [(count, taken + dice.randrange(2 * MIB)) for count, taken in points]
    given.same_size(work.bytes_each(points), given.slope(points))


@task("16.2")
def test_a_server_is_measured_whatever_it_takes(work, given, seed):
    dice = random.Random(seed)
    server = given.Server(dice.randrange(2_000, 200_000), lazy=dice.randrange(MIB, 20 * MIB))
    sizes = [0, *dice.sample(range(100, 2_000), 5)]
    dice.shuffle(sizes)
    points = work.measure(server, sizes)
    given.same_size(given.slope(points), server.each)


@task("16.3")
def test_a_part_of_a_connection_is_none(work, given):
    points = given.line(100_000, base=1_000_000, sizes=[10, 20, 30])
    same(work.fit(points, 1_990_000), 9)


@task("16.4")
def test_a_leak_that_pauses_once_is_a_leak(work, given, seed):
    looks = given.wobbling(given.rounds(30 * MIB, 40 * MIB, *[2 * MIB] * 6, 0), seed)
    with believes("blind", looks="rising by 2 MiB, only in the last one not"):
        same(bool(work.leaks(looks)), True)
