"""More of the same, with other numbers."""

import random

from asyncweb.grading import Mistake, same, task
from asyncweb.instruments import run_in_virtual_time


@task("8.1")
def test_any_limit_is_kept(work, given, seed):
    seconds = random.Random(seed).randrange(2, 1000)
    site = given.Site({"/tea": seconds + 1})
    got, after = run_in_virtual_time(given.timed(work.fetch_within(site.fetch, "/tea", seconds)))
    if after != seconds:
        raise Mistake("late", expected="the given", after="more")
    same(got, "TimeoutError")


@task("8.4")
def test_any_mirror_may_be_the_first(work, given, seed):
    mirrors = [*given.MIRRORS]
    first, *others = random.Random(seed).sample(mirrors, len(mirrors))
    site = given.Site({first: 7} | dict.fromkeys(others, 9))
    got, after = run_in_virtual_time(given.timed(work.fastest(site.fetch, mirrors)))
    if after != 7:
        raise Mistake("slowest", expected=7, after=after)
    same(got, f"all about {first[1:]}")
