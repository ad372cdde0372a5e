"""C11: no dependency beyond the runtime.

Rule: counted by cargo on this machine; Rust's own library and Tokio are the runtime.
"""

from __future__ import annotations

from collections.abc import Iterator

from asyncweb.lab.claims.claim import Claim
from asyncweb.lab.claims.figures import Figures
from asyncweb.lab.claims.names import DEPENDENCIES, HYPERLANE
from asyncweb.lab.claims.verdict import Verdict, Word

ALLOWED = 0
NOBODY_HAS_LOOKED = "nobody has counted yet: run the trial with its dependencies"


class NoDependency(Claim):
    """What a framework brings with it is what cargo has to fetch."""

    id = "C11"
    said = "The framework has no dependency beyond the runtime."
    tested = (
        "The dependency tree that each system's own tool resolves on this machine: cargo, Maven, "
        "pip's metadata, the linker for Apache. What a system needs for the trial's database, and "
        "for nothing else, is left out; so are extras, and what only tests need."
    )
    rule = (
        "Rust's own library is part of the language and never counts. Tokio is what the article "
        "calls the runtime: it does not count either, with all that it brings. Nor do crates that "
        "hyperlane's own author has written. The claim holds when no crate is left beneath "
        "hyperlane then, and does not when one is."
    )
    changes = (
        "A hyperlane that asks for Tokio alone. The number of crates beneath it moves with every "
        "new version of one of them, unless a lock file is kept; whether it is 0 does not."
    )
    question = "Does hyperlane need nothing besides Rust's own library and Tokio?"

    def decide(self, figures: Figures) -> Verdict:
        """By `rule`."""
        rows = tuple(_rows(figures))
        counts = figures.rounds(DEPENDENCIES, HYPERLANE)
        if not counts:
            why = figures.failure(DEPENDENCIES, HYPERLANE) or NOBODY_HAS_LOOKED
            return Verdict(Word.UNMEASURED, why, rows)
        word = Word.FAILS if _left(counts[-1]) > ALLOWED else Word.HOLDS
        return Verdict(word, _told(counts[-1]), rows)


def _told(count: dict[str, float]) -> str:
    return (
        f"Beneath {HYPERLANE} lie {count['all']:.0f} crates, {count['direct']:.0f} of which it "
        f"asks for itself; {count['beyond_runtime']:.0f} are left without Tokio and what Tokio "
        f"brings, and {_left(count):.0f} of these are not its author's own."
    )


def _left(count: dict[str, float]) -> float:
    # Tokio's authors and hyperlane's are not the same: what is own is beyond the runtime.
    return count["beyond_runtime"] - count["own"]


def _rows(figures: Figures) -> Iterator[tuple[str, str]]:
    for system in figures.systems(DEPENDENCIES):
        count = figures.rounds(DEPENDENCIES, system)[-1]
        told = f"{count['all']:.0f}, {count['direct']:.0f} of them asked for directly"
        if count["beyond_runtime"] != count["all"]:
            told += f"; {count['beyond_runtime']:.0f} without Tokio"
        yield f"packages beneath {system}", told
    for system, why in figures.failures.get(DEPENDENCIES, {}).items():
        yield f"packages beneath {system}", f"not counted: {why}"
