"""What your work.py has to do. You may read this; the points come from a copy of it."""

import asyncio
import itertools

import pytest

from asyncweb import Response
from asyncweb.coroutine import run_to_end
from asyncweb.errors import Deadlock, NeedsEventLoop, RealWait
from asyncweb.grading import Mistake, believes, same, task
from asyncweb.instruments import explore, run_in_virtual_time

both = pytest.mark.parametrize("engine", ["async", "threads"])


@task("11.1")
@both
def test_the_answer_says_how_long_it_took(work, given, engine):
    ticks = itertools.count(step=0.25)  # a quarter of a second passes at each look
    work.clock = ticks.__next__
    app, _ = given.app(work.timing)
    answer = given.answered(app.test_client(engine=engine))
    same(answer.text, "tea")
    if next(ticks) == 0:
        raise Mistake("clock")
    same(given.milliseconds(answer), 250.0)


@task("11.1")
def test_two_requests_at_once_have_each_their_own_time(work, given):
    async def inside_for(seconds, ctx):
        async def next(ctx):
            await asyncio.sleep(seconds)
            return Response("tea")

        return given.milliseconds(Response.of(await work.timing(ctx, next)))

    async def main():
        work.clock = asyncio.get_running_loop().time
        slow = asyncio.create_task(inside_for(10, given.context("/slow")))
        await asyncio.sleep(2)
        return await inside_for(1, given.context("/fast")), await slow

    with given.answer_is_passed_on():
        fast, slow = run_in_virtual_time(main())
    since_the_other_came = 8000.0
    if slow == since_the_other_came:
        told = f"of the one that took 10 s you say {slow:g} ms, because another one came meanwhile."
        raise Mistake("M31", at="clock()", told=told)
    same((fast, slow), (1000.0, 10000.0))


@task("11.2")
@both
def test_a_stranger_stays_outside(work, given, engine):
    app, served = given.app(work.guard)
    answer = given.answered(app.test_client(engine=engine))
    with believes("late", status=answer.status):
        same(served, [])
    same((answer.text, answer.status), ("who are you?", 401))


@task("11.2")
def test_only_the_right_key_opens(work, given):
    client = given.app(work.guard)[0].test_client()
    for key, status in (("open barley", 401), (work.KEY, 200)):
        answer = given.answered(client, headers={"x-key": key})
        with believes("anykey", key=key, status=answer.status):
            same(answer.status, status)


@task("11.3")
@both
def test_a_connection_that_fails_inside_becomes_a_503(work, given, engine):
    app, _ = given.app(work.unavailable, given.raising(ConnectionError("no database")))
    told = "The ConnectionError comes out of the `await`, and that stood outside of your `try`."
    with believes("M02", ConnectionError, told=told):
        answer = given.answered(app.test_client(engine=engine))
    found = (answer.text, answer.status, answer.headers.get("retry-after"))
    same(found, ("try again later", 503, "1"))


@task("11.3", label="swallows")
def test_any_other_error_passes(work, given):
    app, _ = given.app(work.unavailable, given.raising(KeyError("a bug")))
    with pytest.raises(KeyError):
        app.test_client().get("/tea")


@task("11.3")
def test_what_goes_well_passes_unchanged(work, given):
    answer = given.answered(given.app(work.unavailable)[0].test_client())
    same((answer.text, answer.status), ("tea", 200))


@task("11.4")
@both
def test_the_line_is_written_where_it_holds_up_nobody(work, given, engine):
    disk = given.SlowDisk()
    work.write_line = disk.write_line
    app, _ = given.app(work.audit)
    try:
        answer = given.answered(app.test_client(engine=engine))
    except NeedsEventLoop as error:
        raise Mistake("engine", error=str(error).partition(";")[0]) from error
    same((answer.text, answer.status), ("tea", 200))
    same(disk.lines, ["GET /tea 200"])


@task("11.4")
def test_the_line_has_the_status_that_went_out(work, given):
    disk = given.SlowDisk()
    work.write_line = disk.write_line
    client = given.app(work.audit)[0].test_client()
    given.answered(client, "/coffee")
    same(disk.lines, ["GET /coffee 404"])


@task("11.5")
def test_each_path_has_its_own_count(work, given):
    visits = work.Visits()
    client = given.app(visits.count)[0].test_client()
    for path in ("/tea", "/coffee", "/tea"):
        given.answered(client, path)
    same(dict(visits.counts), {"/tea": 2, "/coffee": 1})


@task("11.5")
def test_two_threads_are_both_counted_however_they_take_turns(work, given):
    def scenario(together):
        visits = work.Visits()

        def visit():
            run_to_end(visits.count(given.context(), given.answers_at_once), "")

        together(visit, visit)
        same(dict(visits.counts), {"/tea": 2})

    told = "two threads came to the line at the same time, and one of the two is not counted."
    with believes("M31", at="counts[", told=told):
        explore(scenario, most=100, code=[work]).check()


@task("11.5", hang="M08")
def test_the_second_gets_in_before_the_first_is_out(work, given):
    async def scenario():
        visits, second_came = work.Visits(), asyncio.Event()

        async def first(ctx):
            await second_came.wait()
            return Response("tea")

        async def second(ctx):
            second_came.set()
            return Response("tea")

        waiting = asyncio.create_task(visits.count(given.context(), first))
        await asyncio.sleep(1)
        await visits.count(given.context(), second)
        await waiting

    found = explore(scenario, most=1, code=[work]).failed
    if found is not None:
        labels = {RealWait: "M08", Deadlock: "M07"}
        raise Mistake(labels.get(type(found.error), "answer"), at="with ") from found.error
