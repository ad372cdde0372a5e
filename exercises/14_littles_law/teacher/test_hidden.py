"""More of the same, with other numbers."""

import math
import random

from asyncweb.grading import same, task


@task("14.1")
def test_inside_is_right_for_any_log(work, given, seed):
    dice = random.Random(seed)
    comes = [dice.randrange(100) for _ in range(30)]
    visits = [(float(came), float(came + dice.randrange(1, 40))) for came in comes]
    ticks = [sum(came <= tick < left for came, left in visits) for tick in range(32, 96)]
    given.same_figure(work.inside(visits, 32.0, 96.0), sum(ticks) / 64)


@task("14.2")
def test_the_warm_up_is_left_out_of_any_log(work, seed):
    dice = random.Random(seed)
    comes = [50, *(dice.randrange(50, 90) for _ in range(30))]
    visits = [(float(came), float(came + dice.randrange(1, 30))) for came in comes]
    visits.sort(key=lambda visit: visit[1])
    same(work.steady(visits, 9.5), [visit for visit in visits if visit[0] > 59.5])


@task("14.3")
def test_the_stay_is_right_for_any_number_of_clients(work, given, seed):
    clients = random.Random(seed).randrange(2, 200)
    given.same_figure(work.stay(clients, 64.0), clients / 64)


@task("14.4")
def test_threads_are_enough_and_not_too_many(work, seed):
    dice = random.Random(seed)
    for _ in range(20):
        rate_rps, stay_s = float(dice.randrange(1, 100)), dice.randrange(1, 16) / 16
        busy = dice.choice([0.25, 0.5, 1.0])
        same(work.threads_needed(rate_rps, stay_s, busy), math.ceil(rate_rps * stay_s / busy))


@task("14.5")
def test_ninety_of_a_hundred_is_full(work):
    same(work.whose_limit(90.0, 0.0, 100.0, False), "client")
    same(work.whose_limit(0.0, 90.0, 100.0, False), "server")
    same(work.whose_limit(89.0, 89.0, 100.0, False), "neither")
