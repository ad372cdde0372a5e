"""Ours beside every other system: who is ahead, by how much, and where nobody can tell."""

from asyncweb.lab.claims import names
from asyncweb.lab.claims.costs import COSTS, in_words, rust_wins
from asyncweb.lab.claims.figures import Figures
from tests.lab.claims import made_up_report as made_up

CPU = COSTS[0]


def looked(**rounds):
    """CPU per request of some systems, round by round."""
    figures = Figures()
    for system, values in rounds.items():
        for value in values:
            figures.add(CPU.measure, system, {CPU.name: value})
    return figures


def sentence(**rounds):
    (told,) = in_words(looked(**rounds), rounds, "ours")
    return told


def test_a_system_that_costs_more_in_every_round_is_behind():
    assert sentence(ours=[10, 20], other=[20, 50]).endswith("less than other (2.25 times).")


def test_a_system_that_costs_less_in_every_round_is_ahead():
    assert sentence(ours=[10, 20], other=[5, 5]).endswith("more than other (2.67 times).")


def test_rounds_that_disagree_make_no_winner():
    told = sentence(ours=[10, 20], other=[11, 19])
    assert told.endswith("no difference to be told from other.")


def test_one_round_decides_only_what_is_larger_than_noise():
    assert "no difference" in sentence(ours=[10], other=[12])
    assert "less than other (2.00 times)" in sentence(ours=[10], other=[20])


def test_a_cost_that_comes_out_as_nothing_wins_nothing():
    assert "no difference" in sentence(ours=[10, 10], other=[0, 0])
    assert rust_wins(looked(ours=[10], tokio=[-1]), {"tokio": "Rust"}, "ours") == []


def test_a_slow_machine_is_slow_for_both_so_rounds_are_compared_one_by_one():
    assert "less than other (1.10 times)" in sentence(ours=[10, 100] * 2, other=[11, 110] * 2)


def test_two_rounds_in_which_one_is_a_little_ahead_make_no_winner():
    assert "no difference" in sentence(ours=[10, 10], other=[11, 11])
    assert "no difference" in sentence(ours=[10] * 5, other=[10.2] * 5)


def test_where_rust_wins_is_told_the_largest_lead_first_and_nothing_else():
    languages = {"tokio": "Rust", "hyperlane": "Rust", "granian": "Rust", "node": "JavaScript"}
    rounds = looked(ours=[20, 20], tokio=[5, 5], hyperlane=[10, 10], granian=[40, 40], node=[1, 1])
    assert rust_wins(rounds, languages, "ours") == [
        "CPU per request, less than ours: tokio 4.00 times, hyperlane 2.00 times."
    ]


def test_what_was_not_measured_is_not_told():
    assert in_words(Figures(), made_up.SYSTEMS) == []
    assert rust_wins(Figures(), {names.TOKIO: "Rust"}) == []


def test_every_cost_has_a_sentence_about_all_systems():
    told = in_words(made_up.figures(), made_up.SYSTEMS)
    assert len(told) == len(COSTS)
    for system in set(made_up.SYSTEMS):
        assert all(system in line for line in told)
