"""What your work.py has to do. You may read this; the points come from a copy of it."""

from asyncweb.grading import Mistake, same, task

KNOWN = ("none", "async def", "uvloop", "a thread", "a process")


@task("6.1")
def test_who_holds_the_loop_is_found(work, given, run):
    handlers = {"price": given.price, "orders": given.orders, "report": given.report}
    found = run(work.find_blockers(handlers))
    given.judged(found, handlers)
    same(found, ["orders"])


@task("6.1")
def test_a_timeout_is_no_excuse(work, given, run):
    handlers = {"search": given.search, "price": given.price}
    found = run(work.find_blockers(handlers))
    given.judged(found, handlers)
    same(found, ["search"])


def chosen(work, blocks, computes, kind):
    """The cure; that uvloop is one for a handler that blocks is a belief of its own."""
    cure = work.cure(blocks, computes)
    if type(cure) is not str or cure not in KNOWN:
        same(cure, "one of " + ", ".join(KNOWN))
    if cure == "uvloop" and blocks:
        raise Mistake("M25", kind=kind)
    return cure


@task("6.2")
def test_who_does_not_hold_the_loop_needs_no_cure(work):
    for computes in (False, True):
        cure = chosen(work, False, computes, kind="gives way")
        if cure != "none":
            raise Mistake("healthy", got=cure)


@task("6.2")
def test_who_waits_is_cured_by_a_thread(work):
    cure = chosen(work, True, False, kind="waits")
    if cure == "async def":
        raise Mistake("M01", what="You want to cure a handler that waits by writing `async def`")
    if cure == "a process":
        raise Mistake("dear")
    same(cure, "a thread")


@task("6.2")
def test_who_computes_is_cured_by_a_process(work):
    cure = chosen(work, True, True, kind="computes")
    if cure == "async def":
        raise Mistake("M09", at="async def")
    if cure == "a thread":
        raise Mistake("M10", at="a thread")
    same(cure, "a process")


@task("6.3")
def test_orders_are_waited_for_by_a_thread(work, given):
    same(given.asked(work, "/orders/ada"), "orders of ada")


@task("6.4")
def test_a_chart_is_computed_in_another_process(work, given):
    same(given.asked(work, "/chart/ada"), "chart of ada")
