"""What your work.py has to do. You may read this; the points come from a copy of it."""

import asyncio

from asyncweb.errors import Deadlock
from asyncweb.grading import Mistake, believes, same, task
from asyncweb.instruments import run_in_virtual_time


@task("7.1")
def test_all_pages_are_on_the_way_at_once(work, given):
    site = given.Site(together=6)
    same(site.visit(work.fetch_all(site.fetch, given.URLS)), given.PAGES)


@task("7.1", label="order")
def test_the_pages_come_in_the_order_of_their_urls(work, given, run):
    turns = {url: 10 - place for place, url in enumerate(given.URLS)}
    pages = run(work.fetch_all(given.Shuffled(turns).fetch, given.URLS))
    same(pages, given.PAGES)


@task("7.2")
def test_never_more_than_the_limit_are_on_the_way(work, given):
    site = given.Site(together=6, insists=False)
    pages = site.visit(work.fetch_with_limit(site.fetch, given.URLS, 3))
    if site.meeting.most > 3:
        raise Mistake("M26", limit=3, most=site.meeting.most)
    same(pages, given.PAGES)


@task("7.2")
def test_as_many_as_the_limit_are_on_the_way(work, given):
    site = given.Site(together=3)
    same(site.visit(work.fetch_with_limit(site.fetch, given.URLS, 3)), given.PAGES)


@task("7.2")
def test_a_slow_page_holds_one_place_only(work, given):
    site = given.SlowFirst(given.URLS)
    try:
        pages = run_in_virtual_time(work.fetch_with_limit(site.fetch, given.URLS, 2))
    except Deadlock:
        raise Mistake("batches", waiting=site.left - 1) from None
    same(pages, given.PAGES)


def told_of(failure):
    """The others never end by themselves: who waits for them tells nobody of the failure."""
    try:
        return run_in_virtual_time(failure)
    except Deadlock:
        raise Mistake("unheard") from None


@task("7.3")
def test_when_all_goes_well_all_pages_are_there(work, given):
    site = given.Site(together=6)
    same(site.visit(work.fetch_all_or_none(site.fetch, given.URLS)), given.PAGES)


@task("7.3")
def test_when_a_page_fails_the_others_do_not_go_on(work, given):
    site = given.Failing("/salt", together=6)

    async def fail_and_look():
        await given.failing(work.fetch_all_or_none(site.fetch, given.URLS))
        await asyncio.sleep(10)  # virtual seconds
        return site.working

    working = told_of(fail_and_look())
    with believes("M30", working=working):
        same(working, 0)


@task("7.3")
def test_the_others_have_ended_when_the_failure_is_told(work, given):
    site = given.Failing("/salt", together=6, tidying_s=1)

    async def fail_and_look():
        await given.failing(work.fetch_all_or_none(site.fetch, given.URLS))
        return site.working

    working = told_of(fail_and_look())
    with believes("M13", working=working):
        same(working, 0)
