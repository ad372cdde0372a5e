"""Several results of one plan: sums where one counts, medians where one rates."""

from asyncweb.loadtest.rounds import Rounds
from tests.loadtest.results import closed


def test_a_single_round_says_all_there_is_to_say():
    assert Rounds([closed()]).explain() == closed().explain()


def test_of_several_rounds_only_what_limited_most_of_them_is_told():
    rounds = Rounds([closed(client_cpu=0.9), closed(), closed()])
    assert rounds.limited_by == "server"
    assert rounds.explain() == "the server: all 10 connections were waiting for it"


def test_rounds_that_differ_by_more_than_identical_servers_do_are_noise():
    rounds = Rounds([closed(1000), closed(2000), closed(1000)])
    assert rounds.limited_by == "noise"
    assert rounds.explain().startswith("noise: its rounds answered 500/s to 1.00k/s, and identical")
    assert Rounds([closed(1000), closed(1400)]).limited_by == "server"
    busy = [closed(1000, client_cpu=0.9), closed(2000, client_cpu=0.9)]
    assert Rounds(busy).limited_by == "client CPU"


def test_rounds_without_an_answer_have_no_latency():
    rounds = Rounds([closed(0), closed(0)])
    assert rounds.latency_s == dict.fromkeys(("p50", "p90", "p99", "max"))
    assert (rounds.requests, rounds.latency.count, rounds.throughput_rps) == (0, 0, 0.0)


def test_a_round_without_an_answer_does_not_count_in_the_latency_of_the_others():
    assert Rounds([closed(0), closed()]).latency_s == closed().latency_s
