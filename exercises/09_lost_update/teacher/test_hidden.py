"""More of the same, with other buyers."""

from asyncweb.grading import task


@task("9.3")
def test_one_buys_both_while_another_buys_one(work, given):
    given.last_tea_is_sold_once(
        work,
        [
            lambda shop, pay: shop.buy("tea", pay),
            lambda shop, pay: shop.buy_both("salt", "tea", pay),
        ],
        apart=True,
    )


@task("9.3")
def test_who_buys_two_others_does_not_wait(work, given):
    given.both_can_pay_at_once(
        work,
        [
            lambda shop, pay: shop.buy_both("tea", "salt", pay),
            lambda shop, pay: shop.buy_both("milk", "bread", pay),
        ],
    )


@task("9.4")
def test_three_threads_count_three(work, given):
    given.visits_are_counted(work, threads=3)
