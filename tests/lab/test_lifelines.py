"""The lives of tasks: what is seen of them, exactly, and how it is drawn."""

import asyncio

import pytest

from asyncweb.errors import RealWait
from asyncweb.lab.lifelines import LEFT, lifelines


async def wait(ms):
    await asyncio.sleep(ms / 1000)


async def fail(ms):
    await wait(ms)
    raise ConnectionError


async def stubborn():
    try:
        await asyncio.sleep(1)
    finally:
        await asyncio.sleep(0.1)


async def with_timeout():
    try:
        async with asyncio.timeout(0.05):
            await asyncio.create_task(stubborn())
    except TimeoutError:
        await wait(30)


def test_awaits_in_a_row_are_one_life_and_tasks_are_lives_of_their_own():
    async def in_a_row():
        await wait(10)
        await wait(10)

    async def in_tasks():
        await asyncio.gather(wait(10), wait(10))

    assert (lifelines(in_a_row).names, lifelines(in_a_row).lasted_ms) == (["in_a_row()"], 20)
    assert lifelines(in_tasks).names == ["in_tasks()", "wait(10)", "wait(10)"]
    assert lifelines(in_tasks).lasted_ms == 10


def test_a_task_lives_on_after_it_was_told_to_end():
    life = lifelines(with_timeout).life("stubborn()")
    assert (life.told_ms, life.ends_ms, life.ended) == (50, 150, "cancelled")


def test_who_is_only_interrupted_by_its_timeout_is_free_again():
    life = lifelines(with_timeout).life("with_timeout()")
    assert (life.told_ms, life.freed_ms, life.ends_ms, life.ended) == (50, 150, 180, "returned")


def test_gather_lets_the_others_live_and_a_group_ends_them():
    async def by_gather():
        await asyncio.gather(fail(30), wait(100), return_exceptions=False)

    async def by_group():
        async with asyncio.TaskGroup() as group:
            group.create_task(fail(30))
            group.create_task(wait(100))

    gathered, grouped = lifelines(by_gather), lifelines(by_group)
    assert [life.ended for life in gathered.lives] == ["ConnectionError", "ConnectionError", LEFT]
    assert [life.ended for life in grouped.lives][1:] == ["ConnectionError", "cancelled"]


def test_a_wait_in_reality_is_refused():
    import time

    async def holds_the_loop():
        time.sleep(10)

    with pytest.raises(RealWait, match=r"time\.sleep in .*holds_the_loop"):
        lifelines(holds_the_loop)


def test_it_can_be_looked_at_where_a_loop_is_running():
    async def notebook():
        return lifelines(with_timeout)

    assert asyncio.run(notebook()).ended("cancelled") == 1


def test_what_is_drawn_is_also_said_and_a_name_cannot_break_the_page():
    async def scenario(text="<b>"):
        await wait(10)

    seen = lifelines(scenario)
    assert "returned at 10 ms" in seen._repr_html_()
    assert "&lt;b&gt;" in seen._repr_html_() and "<b>" not in seen._repr_html_()
    assert "▒" in str(lifelines(with_timeout))


def test_a_name_that_is_not_there_is_answered_with_those_that_are():
    with pytest.raises(KeyError, match=r"there were with_timeout\(\), stubborn\(\)"):
        lifelines(with_timeout).life("nobody()")
