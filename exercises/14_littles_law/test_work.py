"""What your work.py has to do. You may read this; the points come from a copy of it."""

import math

from asyncweb.grading import Mistake, believes, same, task


@task("14.1")
def test_who_stays_longer_is_inside_more_often(work, given):
    visits = [(0.0, 2.0), (1.0, 3.0), (2.0, 8.0)]
    got = work.inside(visits, 0.0, 8.0)
    if got == 2:
        raise Mistake("most", got=got, span=8, expected=1.25)
    if got in (3, 3 / 8):  # who came, and who came in a second
        told = f"Three came in 8 s, and stayed 2, 2 and 6 s: 1.25 were inside, and you say {got}."
        raise Mistake("law", told=told)
    given.same_figure(got, 1.25)


@task("14.1")
def test_only_the_part_of_a_stay_that_was_looked_at_counts(work, given):
    got = given.figure(work.inside([(0.0, 10.0)], 4.0, 6.0))
    with believes("clip", got=got):
        given.same_figure(got, 1.0)


@task("14.1")
def test_who_was_not_there_does_not_count(work, given):
    for when, visit in (("after", (8.0, 9.0)), ("before", (0.0, 1.0))):
        got = given.figure(work.inside([(0.0, 10.0), visit], 4.0, 6.0))
        with believes("outside", when=when, got=got):
            given.same_figure(got, 1.0)


@task("14.1")
def test_the_law_holds_for_a_real_server(work, given):
    visits = given.log_of_a_server()
    began, ended = min(came for came, _ in visits), max(left for _, left in visits)
    rate_rps = len(visits) / (ended - began)
    stay_s = sum(left - came for came, left in visits) / len(visits)
    got = work.inside(visits, began, ended)
    with believes("law", told="A real server has had 20 visits, and the law does not hold."):
        assert type(got) in (int, float) and math.isclose(got, rate_rps * stay_s)


def steady(work, visits, cold):
    """What is kept of `visits` after a warm-up of 5 s; none of those who came in it may be."""
    got = work.steady(visits, 5.0)
    if type(got) is not list:
        raise AssertionError(f"expected a list of visits, got {got!r}")
    kept = [visit for visit in cold if visit in got]
    with believes("M29", cold=len(cold), kept=len(kept)):
        assert not kept
    return got


@task("14.2")
def test_who_came_when_all_was_cold_is_left_out(work):
    cold, warm = [(100.0, 103.0), (101.0, 106.0)], [(105.5, 107.0), (106.5, 107.5)]
    same(steady(work, [*cold, *warm], cold), warm)


@task("14.2")
def test_who_came_first_need_not_have_left_first(work):
    early, late = (106.0, 106.5), (110.0, 111.0)
    cold = [(104.0, 104.5), (100.0, 108.0)]
    got = steady(work, [cold[0], early, cold[1], late], cold)
    if got == [late]:  # 5 s from the first line on
        raise Mistake("first", got=got, expected=[early, late])
    same(got, [early, late])


@task("14.3")
def test_all_clients_wait_at_the_same_time(work, given):
    got = work.stay(20, 1000.0)
    if got == 1 / 1000:
        raise Mistake("M24", clients=20, rate=1000, got=got)
    given.same_figure(got, 0.02)


@task("14.4")
def test_there_is_no_half_thread(work, given):
    got = given.figure(work.threads_needed(10.0, 0.25, 1.0))
    if got < 3:
        raise Mistake("rounding", rate=10, stay=0.25, exact=2.5, got=got)
    same(got, 3)


@task("14.4")
def test_threads_that_shall_be_idle_at_times_are_more(work, given):
    got = given.figure(work.threads_needed(16.0, 0.25, 0.5))
    if got < 8:
        raise Mistake("full", rate=16, stay=0.25, exact=4, busy=0.5, got=got)
    same(got, 8)


def limit(work, label, expected, **found):
    """Asks whose limit it was; any other of the four answers than `expected` is `label`."""
    got = work.whose_limit(found["client"], found["server"], found["lasted"], found["same_core"])
    if type(got) is str and got in {"client", "server", "both", "neither"} - {expected}:
        raise Mistake(label, got=got, **found)
    same(got, expected)


@task("14.5")
def test_two_on_a_full_core_measure_each_other(work):
    limit(work, "M28", "both", client=6.0, server=3.5, lasted=10.0, same_core=True)
    limit(work, "M28", "both", client=0.5, server=9.0, lasted=10.0, same_core=True)


@task("14.5")
def test_a_client_that_can_no_more_measures_itself(work):
    limit(work, "tired", "client", client=9.6, server=4.0, lasted=10.0, same_core=False)
    limit(work, "tired", "client", client=9.6, server=9.5, lasted=10.0, same_core=False)


@task("14.5", label="answer")
def test_a_server_that_can_no_more_is_what_one_wanted(work):
    same(work.whose_limit(4.0, 9.6, 10.0, False), "server")


@task("14.5")
def test_where_both_have_time_left_nobody_was_at_the_limit(work):
    limit(work, "idle", "neither", client=6.0, server=5.0, lasted=10.0, same_core=False)
    limit(work, "idle", "neither", client=3.0, server=2.0, lasted=10.0, same_core=True)
