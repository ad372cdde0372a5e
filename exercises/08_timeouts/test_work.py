"""What your work.py has to do. You may read this; the points come from a copy of it."""

import asyncio
import contextlib

from asyncweb.errors import Deadlock
from asyncweb.grading import Mistake, believes, same, task
from asyncweb.instruments import run_in_virtual_time


def in_time(got, expected, after, seconds, label="late"):
    """Holds when it came after so many `seconds`, and as `expected`."""
    if after != seconds:
        raise Mistake(label, expected=seconds, after=after)
    same(got, expected)


@task("8.1")
def test_a_page_that_comes_in_time_is_given(work, given):
    site = given.Site({"/tea": 3})
    got, after = run_in_virtual_time(given.timed(work.fetch_within(site.fetch, "/tea", 5)))
    in_time(got, "all about tea", after, 3)


@task("8.1")
def test_a_page_that_takes_too_long_is_given_up_in_time(work, given):
    site = given.Site({"/tea": 60})
    got, after = run_in_virtual_time(given.timed(work.fetch_within(site.fetch, "/tea", 5)))
    in_time(got, "TimeoutError", after, 5)


@task("8.1")
def test_a_page_that_is_given_up_is_not_fetched_any_more(work, given):
    site = given.Site({"/tea": 60})

    async def give_up_and_look():
        await given.timed(work.fetch_within(site.fetch, "/tea", 5))
        await asyncio.sleep(10)
        return site.working

    with believes("left"):
        same(run_in_virtual_time(give_up_and_look()), 0)


@task("8.2")
def test_a_chart_that_is_ready_in_time_is_given(work, given, run):
    async def render():
        chart = given.Chart(has_to_wait=False)
        return await work.render_within(chart.render, 60)

    same(run(render()), "chart")


@task("8.2")
def test_a_thread_learns_that_the_time_is_up(work, given, run):
    async def render(seconds):
        chart = given.Chart()
        try:
            got, _ = await given.timed(work.render_within(chart.render, seconds))
        finally:
            is_told = chart.end()
        same(got, "TimeoutError")
        if chart.has_begun and not is_told:
            raise Mistake("M13", how="The time was up")
        return chart.has_begun

    seconds = 0.1
    while not run(render(seconds)):  # a thread that gets no turn in time has nothing to learn
        seconds *= 2


@task("8.2")
def test_a_thread_learns_that_nobody_waits_any_more(work, given, run):
    async def render():
        chart = given.Chart()
        task = asyncio.create_task(work.render_within(chart.render, 60))
        begun = asyncio.create_task(chart.begun.wait())
        await asyncio.wait([task, begun], return_when=asyncio.FIRST_COMPLETED)
        task.cancel()
        await asyncio.wait([task])
        is_told = chart.end()
        begun.cancel()
        if not task.cancelled():
            same(task.result(), "nothing, for it was cancelled")
        if not is_told:
            raise Mistake("M13", how="Your caller was cancelled, and you with it")

    run(render())


@task("8.3")
def test_a_job_that_fails_is_told_and_the_next_one_is_done(work, given):
    jobs, failures = given.Jobs(), []

    async def work_for_a_while():
        worker = asyncio.create_task(work.keep_working(jobs.next_job, failures))
        done, _ = await asyncio.wait([worker], timeout=10)
        worker.cancel()
        for ended in done:
            with contextlib.suppress(ValueError):  # the second job's, which is judged below
                ended.result()

    try:
        run_in_virtual_time(work_for_a_while())
    except Deadlock:
        raise Mistake("swallowed", where="while it waited for a job") from None
    told = [type(each).__name__ for each in failures]
    if len(jobs.done) < 2 or told != ["ValueError"]:
        raise Mistake("stops", done=len(jobs.done), told=len(told))


@task("8.3")
def test_a_worker_that_waits_for_a_job_ends_when_it_is_cancelled(work, given):
    cancelled_worker_ends(work, given.Jobs(), where="while it waited for a job")


@task("8.3")
def test_a_worker_that_is_at_a_job_ends_when_it_is_cancelled(work, given):
    cancelled_worker_ends(work, given.Jobs(takes_long=True), where="in the middle of a job")


def cancelled_worker_ends(work, jobs, where):
    """Holds when a worker that is cancelled after 5 seconds has ended a minute later."""
    failures = []

    async def cancel():
        worker = asyncio.create_task(work.keep_working(jobs.next_job, failures))
        await asyncio.sleep(5)
        worker.cancel()
        _, pending = await asyncio.wait([worker], timeout=60)
        same(len(pending), 0)

    with believes("swallowed", Deadlock, where=where):
        run_in_virtual_time(cancel())
        same("CancelledError" in [type(each).__name__ for each in failures], False)


@task("8.4")
def test_the_first_answer_is_given_when_it_comes(work, given):
    site = given.Site(given.MIRRORS)
    got, after = run_in_virtual_time(given.timed(work.fastest(site.fetch, [*given.MIRRORS])))
    in_time(got, "all about near", after, 2, label="slowest")


@task("8.4")
def test_when_there_is_an_answer_the_others_do_not_go_on(work, given):
    site = given.Site(given.MIRRORS)

    async def ask_and_look():
        await work.fastest(site.fetch, [*given.MIRRORS])
        await asyncio.sleep(10)
        return site.working

    working = run_in_virtual_time(ask_and_look())
    with believes("M30", working=working):
        same(working, 0)


@task("8.4")
def test_the_others_have_ended_when_the_answer_is_given(work, given):
    site = given.Site(given.MIRRORS, tidying_s=1)

    async def ask_and_look():
        await work.fastest(site.fetch, [*given.MIRRORS])
        return site.working

    working = run_in_virtual_time(ask_and_look())
    with believes("tidy", working=working):
        same(working, 0)


@task("8.4")
def test_who_is_cancelled_leaves_nobody_at_work(work, given):
    site = given.Site(given.MIRRORS)

    async def ask_for_a_second():
        asked = asyncio.wait_for(work.fastest(site.fetch, [*given.MIRRORS]), 1)
        got, _ = await given.timed(asked)
        same(got, "TimeoutError")
        await asyncio.sleep(0.5)
        return site.working

    working = run_in_virtual_time(ask_for_a_second())
    with believes("outside", working=working):
        same(working, 0)
