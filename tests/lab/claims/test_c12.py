"""C12's rule, on both sides of its line."""

from __future__ import annotations

import pytest

from asyncweb.lab.claims.checks.outcomes import Fault, Outcome
from asyncweb.lab.claims.figures import Figures
from asyncweb.lab.claims.names import CHECKS, HYPERLANE, UNSAFE
from asyncweb.lab.claims.twelve.c12 import MemorySafety
from asyncweb.lab.claims.verdict import Word

R, U = Outcome.REJECTED, Outcome.UNNOTICED


def seen(*outcomes: Outcome) -> Figures:
    """Figures in which Rust was seen to do this with the four faults."""
    figures = Figures()
    pairs = zip(Fault, outcomes, strict=True)
    figures.add(CHECKS, "Rust", {str(fault): float(outcome) for fault, outcome in pairs})
    return figures


@pytest.mark.parametrize(
    ("outcomes", "word"),
    [
        ((R, R, U, U), Word.HOLDS),
        ((R, R, R, R), Word.HOLDS),
        ((R, U, U, U), Word.FAILS),
        ((Outcome.WARNED, R, U, U), Word.FAILS),
        ((R, Outcome.FOUND, U, U), Word.FAILS),
    ],
)
def test_it_holds_when_both_kinds_of_unsafety_are_rejected(outcomes, word):
    assert MemorySafety().decide(seen(*outcomes)).word is word


def test_a_leak_is_told_and_does_not_decide():
    assert "compiles both leaks" in MemorySafety().decide(seen(R, R, U, U)).why
    assert "compiles a leak: a cache" in MemorySafety().decide(seen(R, R, R, U)).why
    assert "leak" not in MemorySafety().decide(seen(R, R, R, R)).why


def test_what_fails_is_named():
    assert "two threads write one number" in MemorySafety().decide(seen(R, U, U, U)).why


def test_how_often_the_crates_say_unsafe_is_told_beside_it():
    figures = seen(R, R, U, U)
    figures.add(UNSAFE, HYPERLANE, {"own": 2, "all": 4321, "crates": 60})
    verdict = MemorySafety().decide(figures)
    assert "`unsafe` 2 times, the 60 crates that it is built with 4,321 times" in verdict.why
    assert ("hyperlane 5.40.1: `unsafe` in its own crate", "2") in verdict.figures


def test_without_rustc_it_is_not_measured_and_says_why():
    figures = Figures()
    figures.fail(CHECKS, "Rust", "rustc is not installed; take rustup")
    assert MemorySafety().decide(figures).word is Word.UNMEASURED
    assert MemorySafety().decide(figures).why == "rustc is not installed; take rustup"
    assert "run the trial" in MemorySafety().decide(Figures()).why
