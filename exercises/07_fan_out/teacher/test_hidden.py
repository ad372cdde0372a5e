"""More of the same, with other numbers."""

import random

from asyncweb.grading import Mistake, same, task


def shuffled_turns(given, seed):
    """How many turns of the loop each page takes."""
    dice = random.Random(seed)
    turns = dice.sample(range(20), len(given.URLS))
    if turns == sorted(turns):
        turns.reverse()
    return dict(zip(given.URLS, turns, strict=True))


@task("7.1", label="order")
def test_the_order_holds_whoever_is_slow(work, given, run, seed):
    fetch = given.Shuffled(shuffled_turns(given, seed)).fetch
    same(run(work.fetch_all(fetch, given.URLS)), given.PAGES)


@task("7.2", label="order")
def test_with_a_limit_the_order_holds_too(work, given, run, seed):
    fetch = given.Shuffled(shuffled_turns(given, seed)).fetch
    pages = run(work.fetch_with_limit(fetch, given.URLS, random.Random(seed).randrange(2, 6)))
    same(pages, given.PAGES)


@task("7.2")
def test_any_limit_is_kept(work, given, seed):
    limit = random.Random(seed).randrange(2, 6)
    site = given.Site(together=6, insists=False)
    site.visit(work.fetch_with_limit(site.fetch, given.URLS, limit))
    if site.meeting.most > limit:
        raise Mistake("M26", limit=limit, most=site.meeting.most)
    same(site.meeting.most, limit)


@task("7.3", label="order")
def test_the_order_holds_for_all_or_none(work, given, run, seed):
    fetch = given.Shuffled(shuffled_turns(given, seed)).fetch
    same(run(work.fetch_all_or_none(fetch, given.URLS)), given.PAGES)
