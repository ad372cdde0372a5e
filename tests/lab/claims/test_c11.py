"""C11's rule, on both sides of its line."""

from __future__ import annotations

import pytest

from asyncweb.lab.claims.figures import Figures
from asyncweb.lab.claims.names import DEPENDENCIES, HYPERLANE, NODE, TOKIO
from asyncweb.lab.claims.twelve.c11 import NoDependency
from asyncweb.lab.claims.verdict import Word


def counted(direct: float, every: float, beyond: float, own: float = 0) -> Figures:
    """Figures with these counts of hyperlane."""
    figures = Figures()
    count = {"direct": direct, "all": every, "beyond_runtime": beyond, "own": own}
    figures.add(DEPENDENCIES, HYPERLANE, count)
    return figures


@pytest.mark.parametrize(
    ("counts", "word"),
    [
        ((0, 0, 0), Word.HOLDS),
        ((1, 19, 0), Word.HOLDS),  # Tokio and what it brings
        ((2, 20, 1), Word.FAILS),
        ((2, 20, 1, 1), Word.HOLDS),  # a crate of the same author
        ((3, 21, 2, 1), Word.FAILS),
    ],
)
def test_it_holds_when_nothing_of_others_is_left_without_the_runtime(counts, word):
    assert NoDependency().decide(counted(*counts)).word is word


def test_the_verdict_counts_with_and_without_the_runtime():
    why = NoDependency().decide(counted(4, 90, 71, 4)).why
    assert "90 crates, 4 of which it asks for itself; 71 are left without Tokio" in why
    assert "67 of these are not its author's own" in why


def test_every_system_has_its_row_with_its_count_or_its_reason():
    figures = counted(4, 90, 71)
    figures.add(DEPENDENCIES, NODE, {"direct": 0, "all": 0, "beyond_runtime": 0, "own": 0})
    figures.fail(DEPENDENCIES, TOKIO, "cargo is not installed")
    assert NoDependency().decide(figures).figures == (
        (f"packages beneath {HYPERLANE}", "90, 4 of them asked for directly; 71 without Tokio"),
        (f"packages beneath {NODE}", "0, 0 of them asked for directly"),
        (f"packages beneath {TOKIO}", "not counted: cargo is not installed"),
    )


def test_without_cargo_it_is_not_measured_and_says_why():
    figures = Figures()
    figures.fail(DEPENDENCIES, HYPERLANE, "cargo is not installed; take rustup")
    verdict = NoDependency().decide(figures)
    assert (verdict.word, verdict.why) == (
        Word.UNMEASURED,
        "cargo is not installed; take rustup",
    )
    assert "run the trial" in NoDependency().decide(Figures()).why
