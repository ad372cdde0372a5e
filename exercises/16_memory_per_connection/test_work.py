"""What your work.py has to do. You may read this; the points come from a copy of it."""

import pytest

from asyncweb.grading import Mistake, believes, same, task

MIB = 1 << 20


def shown(looks):
    """Memory in words: "30, 45 and 46 MiB"."""
    told = [f"{look / MIB:.1f}" for look in looks]
    return f"{', '.join(told[:-1])} and {told[-1]} MiB"


@task("16.1")
def test_the_base_is_no_part_of_a_connection(work, given):
    got = work.bytes_each(given.line(20_000, base=30_000_000, sizes=[100, 200, 400]))
    if type(got) in (int, float) and got > 20_200:  # so the base has a part in it
        told = f"With 400 connections it has 38,000,000 bytes, and you say {got:,.0f} for each."
        raise Mistake("base", told=told)
    given.same_size(got, 20_000)


@task("16.1")
def test_every_point_has_its_say(work, given):
    points = given.line(20_000, base=30_000_000, sizes=[100, 200, 300, 400, 500])
    points[-1] = (500, points[-1][1] + 4_000_000)  # a backup ran just then
    got, expected = work.bytes_each(points), given.slope(points)
    if given.is_near(got, given.slope([points[0], points[-1]])):
        raise Mistake("ends", got=f"{got:,.0f}", expected=f"{expected:,.0f}")
    given.same_size(got, expected)


@task("16.1")
@pytest.mark.parametrize("sizes", [[100], [100, 200], [100, 100, 200]])
def test_from_fewer_than_three_sizes_nobody_can_tell(work, given, sizes):
    points = given.line(20_000, base=30_000_000, sizes=sizes)
    try:
        got = work.bytes_each(points)
    except ValueError:
        return
    except ZeroDivisionError:
        got = "a division by zero"
    raise Mistake("few", points=points, got=got)


def measured(work, given, each, sizes):
    """The server, and what the points of `measure` say that a connection takes."""
    server = given.Server(each)
    points = work.measure(server, sizes)
    same(sorted(count for count, _ in points), sorted(sizes))
    return server, given.slope(sorted(points))


@task("16.2")
def test_what_is_in_memory_counts(work, given):
    each = 64 * 1024
    _, got = measured(work, given, each, [100, 200, 400])
    told = f"You say {got:,.0f} bytes for each connection, and {each:,} are in memory."
    if given.is_near(got, each + given.STACK):
        raise Mistake("M17", told=told)
    if given.is_near(got, each / 10):
        raise Mistake("M19", got=f"{got:,.0f}", expected=f"{each:,}")
    given.same_size(got, each)


@task("16.2")
def test_the_sizes_may_come_in_any_order(work, given):
    _, got = measured(work, given, 64 * 1024, [400, 100, 200])
    if got == 0:  # with however many connections: as much as with most of them
        told = "You looked at 400 connections, then closed most of them and looked at 100."
        raise Mistake("M18", told=told)
    given.same_size(got, 64 * 1024)


@task("16.2")
def test_the_first_connection_is_not_like_the_others(work, given):
    server, got = measured(work, given, 64 * 1024, [0, 100, 200])
    cold = [(count, server.lazy * bool(count) + server.each * count) for count in (0, 100, 200)]
    if given.is_near(got, given.slope(cold)):
        told = f"You say {got:,.0f} bytes for each connection, and it is {server.each:,}."
        raise Mistake("M29", told=told, lazy=f"{server.lazy:,}")
    given.same_size(got, server.each)


@task("16.3")
def test_as_many_fit_as_the_base_leaves_room_for(work, given):
    points = given.line(65_536, base=200 * MIB, sizes=[100, 200, 400])
    got = work.fit(points, 1024 * MIB)
    if given.is_near(got, 1024 // 8) or given.is_near(got, 824 // 8):
        raise Mistake("M17", at="return", told=f"Into 1 GiB, you say, {got} fit, and 13,184 do.")
    if given.is_near(got, 1024 * 16):
        raise Mistake("base", told=f"Into 1 GiB, you say, {got:,} fit, with a base of 200 MiB.")
    same(got, 13_184)


@task("16.4")
def test_memory_that_stays_high_is_no_leak(work, given):
    looks = given.rounds(30 * MIB, 40 * MIB, 0, 0, 0, 0)
    told = f"Before the rounds and after each it was {shown(looks)}, and you call that a leak."
    with believes("M18", told=told, at="return"):
        same(bool(work.leaks(looks)), False)


@task("16.4")
def test_a_first_round_that_is_smaller_is_no_leak(work, given):
    looks = given.rounds(30 * MIB, 30 * MIB, 6 * MIB, 0, 0, 0)
    told = f"Before the rounds and after each it was {shown(looks)}, and you call that a leak."
    with believes("M29", told=told, lazy=f"{6 * MIB:,}", at="return"):
        same(bool(work.leaks(looks)), False)


@task("16.4")
def test_a_wobble_is_no_leak(work):
    looks = [30 * MIB, 70 * MIB, 70 * MIB, 70 * MIB + 200_000, 70 * MIB + 300_000]
    with believes("noise", looks=shown(looks)):
        same(bool(work.leaks(looks)), False)


@task("16.4")
def test_what_grows_with_every_round_leaks(work, given):
    looks = given.rounds(30 * MIB, 40 * MIB, MIB, MIB, MIB, MIB)
    with believes("blind", looks=shown(looks)):
        same(bool(work.leaks(looks)), True)
