"""What your work.py has to do. You may read this; the points come from a copy of it."""

import threading

from asyncweb.grading import Mistake, believes, same, task
from asyncweb.instruments import explore


@task("4.1")
def test_two_clients_are_served_at_the_same_time(work, given):
    handle = given.Handler(together=2)
    for thread in [given.begin(work, handle, given.Connection()) for _ in range(2)]:
        thread.join()
    with believes("M16", clients=2):
        assert handle.meeting.reached
    same(handle.ended, 2)


@task("4.1")
def test_the_connection_is_closed_when_the_client_is_served(work, given):
    connection, seen = given.Connection(), []
    given.begin(work, lambda connection: seen.append(connection.is_open), connection).join()
    same(seen, [True])
    with believes("open", why="the client is served"):
        assert not connection.is_open


@task("4.2")
def test_clients_are_served_at_the_same_time_and_all_of_them(work, given):
    handle = given.Handler(together=3)
    clients = [given.Connection() for _ in range(5)]
    before = set(threading.enumerate())
    work.serve(given.Listener(clients), handle, most=3)
    given.join_all(before)
    with believes("M16", clients=5):
        assert handle.meeting.reached
    same(handle.ended, 5)


@task("4.2")
def test_serve_returns_when_the_last_client_is_served(work, given):
    returned, ended = threading.Event(), []
    clients = [given.Connection() for _ in range(3)]

    def handle(connection):
        if connection is not clients[-1]:  # the last to come is the first to be served
            returned.wait(given.PATIENCE_S)
        ended.append(connection)

    before = set(threading.enumerate())
    work.serve(given.Listener(clients), handle, most=3)
    served = len(ended)
    returned.set()
    given.join_all(before)
    same(len(ended), 3)
    with believes("unjoined"):
        assert served == 3


@task("4.2")
def test_there_are_never_more_threads_than_places(work, given):
    handle = given.Handler(together=9, insists=False)
    before = set(threading.enumerate())
    work.serve(given.Listener([given.Connection() for _ in range(9)]), handle, most=3)
    given.join_all(before)
    with believes("M26", clients=9, most=3):
        assert handle.meeting.most <= 3
        assert handle.threads <= 3 + 1  # somebody may lead them
    same(handle.ended, 9)


@task("4.3", hang="stuck")
def test_visits_are_counted_by_path(work):
    visits = work.Visits()
    same([visits.add(path) for path in ("/a", "/b", "/a")], [1, 1, 2])
    same(visits.count, {"/a": 2, "/b": 1})


@task("4.3", hang="stuck")
def test_two_visits_at_the_same_moment_are_both_counted(work, given):
    """In the first of many orders in which two threads can take their steps."""

    def two_visits(together):
        visits, numbers = work.Visits(), []
        together(lambda: numbers.append(visits.add("/")), lambda: numbers.append(visits.add("/")))
        counted = visits.count["/"]
        if counted != 2:
            told = f"{counted} of 2 visits is counted"
            raise Mistake("M31", at=given.counting_line(work), got=told)
        with believes("after"):
            assert sorted(numbers) != [2, 2]
        same(sorted(numbers), [1, 2])

    found = explore(two_visits, most=120, code=[work])
    if found.failed:
        raise found.failed.error
