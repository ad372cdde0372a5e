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
    figures.add(UNSAFE, HYPERLANE, {"own": 2, "own_crates": 5, "all": 4321, "crates": 60})
    verdict = MemorySafety().decide(figures)
    assert "The 5 crates of hyperlane's author say `unsafe` 2 times, all 60" in verdict.why
    told = "2 times in 5 crates of its own authors, 4,321 times in all 60 that it is built with"
    assert ("`unsafe` in hyperlane 5.40.1", told) in verdict.figures


def test_without_rustc_it_is_not_measured_and_says_why():
    figures = Figures()
    figures.fail(CHECKS, "Rust", "rustc is not installed; take rustup")
    assert MemorySafety().decide(figures).word is Word.UNMEASURED
    assert MemorySafety().decide(figures).why == "rustc is not installed; take rustup"
    assert "run the trial" in MemorySafety().decide(Figures()).why


def test_every_language_has_its_row_with_what_was_seen_or_its_reason():
    figures = seen(R, R, U, Outcome.ABSENT)
    figures.fail(CHECKS, "Go", "go is not installed")
    assert MemorySafety().decide(figures).figures == (
        (
            "faults in Rust",
            "dangling reference: rejected at compile time; data race: rejected at compile time; "
            "cycle that nobody holds: not noticed; cache that only grows: did no harm",
        ),
        ("faults in Go", "not checked: go is not installed"),
    )
