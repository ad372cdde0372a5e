"""More of the same, with other names."""

import random

from asyncweb.grading import same, task


@task("6.1")
def test_those_who_hold_the_loop_are_found_in_any_order(work, given, run, seed):
    everybody = [given.price, given.orders, given.search, given.report, given.stock]
    random.Random(seed).shuffle(everybody)
    handlers = {each.__name__: each for each in everybody}
    found = run(work.find_blockers(handlers))
    given.judged(found, handlers)
    same(found, [name for name in handlers if name in given.BLOCKERS])


@task("6.3")
def test_anybodys_orders_are_found(work, given, seed):
    same(given.asked(work, f"/orders/user{seed}"), f"orders of user{seed}")


@task("6.4")
def test_anybodys_chart_is_drawn(work, given, seed):
    same(given.asked(work, f"/chart/user{seed}"), f"chart of user{seed}")
