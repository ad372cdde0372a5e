"""Figures beside each other: round by round, by the numbers of the rounds."""

from __future__ import annotations

import pytest

from asyncweb.lab.claims.figures import Band, Figures
from asyncweb.lab.claims.names import FULL, LOADED, NODE, ROUND, TOKIO
from asyncweb.lab.claims.twelve.looks import rise

FEW, MANY = FULL[100], FULL[4000]
TWO_ROUNDS = Band(2.5, 2.0, 3.0, 2)  # 10 by 5, and 90 by 30


@pytest.fixture
def figures():
    return Figures()


@pytest.mark.parametrize(
    ("rounds", "others"),
    [
        ({0: 10.0, 2: 90.0}, {0: 5.0, 1: 1.0, 2: 30.0}),  # round 1 has failed
        ({0: 10.0, 2: 90.0, 1: 7.0}, {2: 30.0, 0: 5.0}),  # and was tried again in the end
    ],
)
def test_looks_of_one_round_are_compared_and_no_others(figures, rounds, others):
    for number, value in rounds.items():
        figures.add(LOADED, NODE, {"uss_mb": value, ROUND: number})
        figures.add(MANY, NODE, {"mean_us": value, ROUND: number})
    for number, value in others.items():
        figures.add(LOADED, TOKIO, {"uss_mb": value, ROUND: number})
        figures.add(FEW, NODE, {"mean_us": value, ROUND: number})
    assert figures.ratio(LOADED, "uss_mb", NODE, TOKIO) == TWO_ROUNDS
    assert rise(figures, NODE, FEW, MANY, "mean_us") == TWO_ROUNDS


def test_looks_from_before_rounds_had_numbers_are_compared_in_turn(figures):
    for value in (10.0, 90.0):
        figures.add(LOADED, NODE, {"uss_mb": value})
    for number, value in {1: 30.0, 0: 5.0}.items():
        figures.add(LOADED, TOKIO, {"uss_mb": value, ROUND: number})
    assert figures.ratio(LOADED, "uss_mb", NODE, TOKIO) == TWO_ROUNDS


@pytest.mark.parametrize("who", [(NODE, TOKIO), (TOKIO, NODE)])
def test_a_look_that_lacks_a_number_is_not_compared_by_it(figures, who):
    figures.add(LOADED, NODE, {"uss_mb": 40.0})
    figures.add(LOADED, TOKIO, {"uss_mb": 20.0, "bytes_per_connection": 900.0})
    assert figures.ratio(LOADED, "bytes_per_connection", *who) is None
