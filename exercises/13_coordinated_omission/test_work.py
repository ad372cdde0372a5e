"""What your work.py has to do. You may read this; the points come from a copy of it."""

from asyncweb.grading import Mistake, believes, same, task


@task("13.1")
def test_a_stall_is_felt_by_all_who_come_meanwhile(work, given):
    server = given.Stalling(until_s=2)
    got = given.measured(work, server, rate_rps=10, count=30, connections=30)
    asked = sum(moment < 2 for moment in server.asked)
    if asked < 20:
        raise Mistake("M23", due=20, asked=asked)
    if max(got) < 1:
        raise Mistake("clock")
    same(got, [given.rounded(max(0, 2 - number / 10)) for number in range(30)])


@task("13.1")
def test_a_request_is_asked_when_it_is_due(work, given):
    server = given.Server(0.1)
    given.measured(work, server, rate_rps=2, count=4, connections=4)
    due = [0.0, 0.5, 1.0, 1.5]
    with believes("schedule", due=due, asked=server.asked):
        same(server.asked, due)


@task("13.1")
def test_to_wait_for_a_connection_is_to_wait(work, given):
    server = given.Server(1)
    got = given.measured(work, server, rate_rps=2, count=4, connections=1)
    if server.most > 1:
        raise Mistake("connections", limit=1, most=server.most)
    if got == [1.0, 1.0, 1.0, 1.0]:
        raise Mistake("sent", expected=[1.0, 1.5, 2.0, 2.5], got=got)
    same(len(got), 4)


@task("13.1")
def test_no_more_are_under_way_than_there_are_connections(work, given):
    server = given.Server(1)
    given.measured(work, server, rate_rps=10, count=20, connections=3)
    with believes("connections", limit=3, most=server.most):
        assert server.most <= 3
    same(len(server.asked), 20)


@task("13.1")
def test_the_latencies_come_in_the_order_of_the_requests(work, given):
    got = given.measured(work, given.Server(5, 1, 2), rate_rps=1, count=3, connections=3)
    expected = [5.0, 1.0, 2.0]
    if got != expected and sorted(got) == sorted(expected):
        raise Mistake("order", got=got, expected=expected)
    same(len(got), 3)


@task("13.2")
def test_who_came_later_waited_less(work, given):
    got = work.completed([1.0, 4.0], 1.0)
    if type(got) is list and 0.0 in got:
        raise Mistake("edge", wait=4, left="waits of 3, 2 and 1 s", got=got)
    with believes("shorter", got=got, expected=[3.0, 2.0, 1.0]):
        given.same_times(got, [1.0, 1.0, 2.0, 3.0, 4.0])


@task("13.2")
def test_short_waits_have_left_out_nobody(work, given):
    got = work.completed([1.5], 1.0)
    with believes("edge", wait=1.5, left="no waits", got=got):
        given.same_times(got, [1.5])
    given.same_times(work.completed([0.5, 1.0], 1.0), [0.5, 1.0])


def told_apart(work, given, requests, rate, each, span):
    """Asks for both figures of `requests`, each of which took `each` seconds."""
    with believes("span", ZeroDivisionError, got="a division by zero", **ending(requests)):
        got = given.rounded(work.rate_and_latency(requests))
    is_pair = type(got) is tuple and all(type(figure) is float for figure in got)
    if is_pair and got != (rate, each) and given.rounded(got[0] * got[1]) == 1.0:
        raise Mistake("M24", count=len(requests), rate=rate, each=each, span=span, got=got)
    same(got, (rate, each))


def ending(requests):
    """How a list of `requests` ends."""
    due, end = max(requests)
    return {"count": len(requests), "asked": due, "end": end}


@task("13.3")
def test_requests_that_overlap_are_many_and_slow(work, given):
    told_apart(work, given, [(0.0, 1.0)] * 10, rate=10.0, each=1.0, span=1.0)


@task("13.3")
def test_requests_with_pauses_between_them_are_few_and_fast(work, given):
    told_apart(work, given, [(0.0, 0.25), (3.75, 4.0)], rate=0.5, each=0.25, span=4.0)


@task("13.3")
def test_it_is_over_with_the_last_answer(work, given):
    got = given.rounded(work.rate_and_latency([(2.0, 3.0), (0.0, 8.0)]))
    with believes("span", count=2, asked=2.0, end=8.0, got=got):
        same(got[0], 0.25)
