"""What your work.py has to do. You may read this; the points come from a copy of it."""

import asyncio

from asyncweb.grading import Mistake, same, task
from asyncweb.instruments import run_in_virtual_time


@task("9.1")
def test_others_have_a_turn_between_any_two_jobs(work, run):
    turns, seen, over = 0, [], False

    async def other():
        nonlocal turns
        while not over:
            turns += 1
            await asyncio.sleep(0)

    async def handle(job):
        seen.append((job, turns))

    async def both():
        nonlocal over
        beside = asyncio.create_task(other())
        await asyncio.sleep(0)
        await work.handle_all(["a", "b", "c", "d"], handle)
        over = True
        await beside

    run(both())
    same([job for job, _ in seen], ["a", "b", "c", "d"])
    between = seen[-1][1] - seen[0][1]
    if len({turn for _, turn in seen}) < 4:
        raise Mistake("M05", jobs=4, turns=between or "no")


@task("9.2")
def test_who_comes_first_gets_it_and_the_next_one_does_not(work, given):
    shop, purse = work.Shop({"tea": 1}), given.Purse()
    same(run_in_virtual_time(shop.buy("tea", purse.pay)), True)
    same(run_in_virtual_time(shop.buy("tea", purse.pay)), False)
    same(shop.stock, {"tea": 0})
    same(purse.payments, 1)


@task("9.2")
def test_the_last_one_is_sold_once_in_every_order(work, given):
    given.last_tea_is_sold_once(work, [lambda shop, pay: shop.buy("tea", pay)] * 2)


@task("9.2")
def test_who_buys_something_else_does_not_wait(work, given):
    given.both_can_pay_at_once(
        work,
        [lambda shop, pay: shop.buy("tea", pay), lambda shop, pay: shop.buy("salt", pay)],
    )


@task("9.2")
def test_a_payment_that_fails_takes_nothing_away(work, given):
    given.after_a_failed_payment(work)


@task("9.3")
def test_both_are_sold_for_one_payment(work, given):
    shop, purse = work.Shop({"tea": 3, "salt": 1}), given.Purse()
    same(run_in_virtual_time(shop.buy_both("tea", "salt", purse.pay)), True)
    same(shop.stock, {"tea": 2, "salt": 0})
    same(purse.payments, 1)


@task("9.3")
def test_where_one_is_missing_the_other_stays(work, given):
    shop, purse = work.Shop({"tea": 1, "salt": 0}), given.Purse()
    got = run_in_virtual_time(shop.buy_both("tea", "salt", purse.pay))
    if (got is not False) or purse.payments or shop.stock != {"tea": 1, "salt": 0}:
        raise Mistake("half", got=got, paid=purse.payments, tea=shop.stock["tea"])


@task("9.3")
def test_the_last_two_are_sold_once_in_every_order(work, given):
    given.last_tea_is_sold_once(
        work,
        [
            lambda shop, pay: shop.buy_both("tea", "salt", pay),
            lambda shop, pay: shop.buy_both("salt", "tea", pay),
        ],
    )


@task("9.3")
def test_nobody_waits_for_ever(work, given):
    given.nobody_waits_for_ever(work)


@task("9.4")
def test_two_threads_count_two_wherever_they_are_stopped(work, given):
    given.visits_are_counted(work, threads=2)
