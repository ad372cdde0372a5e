"""What your work.py has to do. You may read this; the points come from a copy of it.

Those with an upstream run on a clock that jumps: a minute takes a moment.
"""

import asyncio

import pytest

from asyncweb.grading import Mistake, believes, same, task
from asyncweb.instruments import run_in_virtual_time


def taken(bucket, asks):
    """How many of so many requests are let through."""
    return sum(bool(bucket.take()) for _ in range(asks))


@task("18.1")
def test_a_full_bucket_lets_through_its_burst(work, given):
    took = taken(work.TokenBucket(rate=2, burst=3, now=given.Clock()), 10)
    with believes("below", burst=3, took=took):
        assert took <= 3
    same(took, 3)


@task("18.1")
def test_tokens_run_in_with_the_time(work, given):
    clock = given.Clock()
    bucket = work.TokenBucket(rate=4, burst=20, now=clock)
    taken(bucket, 30)
    clock.seconds += 1
    took = taken(bucket, 30)
    with believes("twice", rate=4, took=took, expected=4):
        same(took, 4)


@task("18.1")
def test_a_rest_of_an_hour_fills_the_bucket_and_no_more(work, given):
    clock = given.Clock()
    bucket = work.TokenBucket(rate=2, burst=3, now=clock)
    clock.seconds += 3600
    took = taken(bucket, 1000)
    with believes("saves", burst=3, took=took):
        same(took, 3)


@task("18.1")
def test_parts_of_a_token_add_up(work, given):
    clock = given.Clock()
    bucket = work.TokenBucket(rate=2, burst=5, now=clock)
    taken(bucket, 5)
    took = 0
    for _ in range(32):
        clock.seconds += 0.125
        took += bool(bucket.take())
    with believes("crumbs", rate=2, asks=32, took=took, expected=8):
        same(took, 8)


def asked(work, upstream):
    """The answer of `ask`, at which second it came, and how many questions were still open then."""

    async def main():
        answer = await work.ask(upstream, "/tea")
        return answer, round(asyncio.get_running_loop().time()), upstream.inside

    return run_in_virtual_time(main())


@task("18.2")
def test_what_the_upstream_says_is_the_answer(work, given):
    answer, _, _ = asked(work, given.Upstream(takes_s=4))
    same(answer, (200, b"page of /tea"))


@task("18.2")
def test_an_upstream_that_takes_too_long_is_a_504(work, given):
    answer, second, _ = asked(work, given.Upstream(takes_s=600))
    with believes("patience", takes=600, got=f"you answered {answer[0]}", second=second):
        same((answer[0], second), (504, 5))


@task("18.2")
def test_an_upstream_that_cannot_be_reached_is_a_502(work, given):
    with believes("refused", ConnectionError, error="ConnectionRefusedError"):
        answer, _, _ = asked(work, given.Upstream(error=ConnectionRefusedError("nobody is there")))
    same(answer[0], 502)


@task("18.2")
def test_no_question_is_left_behind(work, given):
    answer, _, inside = asked(work, given.Upstream(takes_s=600, tidies_s=7))
    with believes("M13", inside=inside, tidies=7):
        assert inside == 0
    same(answer[0], 504)


@task("18.2")
def test_the_question_of_a_client_who_leaves_ends(work, given):
    upstream = given.Upstream(takes_s=4)

    async def main():
        asking = asyncio.create_task(work.ask(upstream, "/tea"))
        await asyncio.sleep(1)
        asking.cancel()
        await asyncio.wait([asking])
        return asking, upstream.inside

    asking, inside = run_in_virtual_time(main())
    with believes("orphan", inside=inside):
        assert inside == 0
    if not asking.cancelled():
        raise Mistake("swallowed", got=asking.result())


@task("18.3")
def test_as_many_are_with_the_upstream_as_it_can_bear(work, given):
    upstream = given.Upstream()

    async def main():
        return await given.together(work.Proxy(upstream, given.Bucket()), 10)

    answers = run_in_virtual_time(main())
    facts = {"came": 10, "places": work.PLACES, "most": upstream.most}
    with believes("M16" if upstream.askers == 1 else "M07", **facts):
        assert upstream.most > 1
    with believes("flood", **facts):
        assert upstream.most <= work.PLACES
    same(upstream.most, work.PLACES)
    same(answers, [(200, f"page of /{number}".encode()) for number in range(10)])


@task("18.3")
def test_who_has_no_token_gets_a_429(work, given):
    async def main():
        return await given.together(work.Proxy(given.Upstream(), given.Bucket(3)), 5)

    statuses = [status for status, _ in run_in_virtual_time(main())]
    with believes("free", tokens=3, came=5, refused=statuses.count(429)):
        same(statuses, [200, 200, 200, 429, 429])


@task("18.3")
def test_who_is_refused_learns_it_at_once(work, given):
    async def main():
        proxy = work.Proxy(given.Upstream(takes_s=4), given.Bucket(work.PLACES))
        busy = asyncio.gather(*(proxy.answer("/slow") for _ in range(work.PLACES)))
        await asyncio.sleep(1)
        answer, second = await proxy.answer("/tea"), given.now()
        await busy
        return answer, second - 1

    answer, second = run_in_virtual_time(main())
    with believes("late", second=second):
        assert second == 0
    same(answer[0], 429)


@task("18.3")
@pytest.mark.parametrize("how", ["left before they had an answer", "got an error"])
def test_a_place_comes_back_however_the_question_ends(work, given, how):
    async def main():
        error = ValueError("no page") if "error" in how else None
        proxy = work.Proxy(given.Upstream(error=error), given.Bucket())
        clients = [asyncio.create_task(proxy.answer("/")) for _ in range(work.PLACES)]
        await asyncio.sleep(0.5)
        if not error:
            for client in clients:
                client.cancel()
        await asyncio.gather(*clients, return_exceptions=True)
        proxy.fetch = given.Upstream()
        return await asyncio.wait_for(proxy.answer("/tea"), 60)

    with believes("M32", TimeoutError, places=work.PLACES, how=how):
        answer = run_in_virtual_time(main())
    same(answer, (200, b"page of /tea"))


@task("18.4")
def test_each_piece_is_passed_on_when_it_comes(work, given, run):
    source = given.Source(b"once ", b"upon ", b"a time")
    client = given.Client(source)
    run(work.pass_on(source.pieces, client))
    same(client.got, b"once upon a time")
    with believes("hoards", sent=client.seen):
        same(client.seen, 1)


@task("18.4")
def test_a_slow_client_slows_the_upstream_down(work, given, run):
    source = given.Source(*[b"four"] * 100)
    client = given.Client(source)
    run(work.pass_on(source.pieces, client))
    same(client.got, b"four" * 100)
    with believes("M15", wrote=400, most=client.most):
        assert client.most <= 8


async def left_by_its_client(work, given):
    """Whether the source is closed when its client has gone, and whether the caller is told."""
    source = given.Source(*[b"four"] * 100)
    is_told = False
    try:
        await work.pass_on(source.pieces, given.Client(source, goes_after=6))
    except ConnectionError:
        is_told = True
    return source.is_closed, is_told


@task("18.4")
def test_when_the_client_has_gone_the_source_is_closed(work, given, run):
    is_closed, _ = run(left_by_its_client(work, given))
    with believes("abandoned"):
        assert is_closed


@task("18.4")
def test_when_the_client_has_gone_the_caller_is_told(work, given, run):
    _, is_told = run(left_by_its_client(work, given))
    assert is_told, "drain has raised ConnectionError, and pass_on has not let it go on"
