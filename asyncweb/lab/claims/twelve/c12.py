"""C12: memory safety is checked at compile time.

Rule: decided by what rustc rejects here; where the compiler takes a word for it is told beside it.
"""

from __future__ import annotations

from collections.abc import Iterator

from asyncweb.lab.claims.checks.languages import RUST
from asyncweb.lab.claims.checks.outcomes import Fault, Outcome
from asyncweb.lab.claims.claim import Claim
from asyncweb.lab.claims.figures import Figures
from asyncweb.lab.claims.names import CHECKS, HYPERLANE, UNSAFE
from asyncweb.lab.claims.verdict import Verdict, Word

UNSAFETY = (Fault.DANGLING, Fault.RACE)
LEAKS = (Fault.CYCLE, Fault.FORGOTTEN)
NOBODY_HAS_LOOKED = "nobody has compiled the snippets yet: run the trial with its checks"


class MemorySafety(Claim):
    """Safe Rust keeps its word for what can be overwritten, and gives none for what leaks."""

    id = "C12"
    said = "Memory safety is checked at compile time."
    tested = (
        "Small programs with one fault each (a dangling reference, a data race, a cycle that "
        "nobody holds, a cache that only grows), compiled and run in each language that is here; "
        "and how often hyperlane's own crate, and the crates under it, say `unsafe`."
    )
    rule = (
        "Holds when rustc rejects the dangling reference and the data race in safe Rust; does not "
        "when it compiles one of them. Leaks do not decide: Rust does not count them as unsafe. "
        "How often the crates say `unsafe` does not decide either: it is the part that their "
        "authors, and not the compiler, have checked."
    )
    changes = "A rustc that compiles one of the two programs."
    question = "Will the compiler reject a dangling reference and a data race, both, in safe Rust?"

    def decide(self, figures: Figures) -> Verdict:
        """By `rule`."""
        looks = figures.rounds(CHECKS, RUST.name)
        if not looks:
            why = figures.failure(CHECKS, RUST.name) or NOBODY_HAS_LOOKED
            return Verdict(Word.UNMEASURED, why, tuple(_rows(figures)))
        seen = {fault: Outcome(int(looks[-1][fault])) for fault in Fault}
        passed = [fault for fault in UNSAFETY if seen[fault] is not Outcome.REJECTED]
        word = Word.FAILS if passed else Word.HOLDS
        told = [_told(passed), _of_leaks(seen), _of_unsafe(figures)]
        return Verdict(word, " ".join(filter(None, told)), tuple(_rows(figures)))


def _told(passed: list[Fault]) -> str:
    if not passed:
        return "rustc rejects the dangling reference and the data race."
    return f"rustc compiles this in safe Rust: {'; '.join(fault.words for fault in passed)}."


def _of_leaks(seen: dict[Fault, Outcome]) -> str:
    compiled = [fault for fault in LEAKS if seen[fault] is not Outcome.REJECTED]
    if not compiled:
        return ""
    which = "both leaks" if len(compiled) == len(LEAKS) else compiled[0].words
    return f"It compiles {which}: a leak is no breach of memory safety, and C8 asks for it."


def _of_unsafe(figures: Figures) -> str:
    own = figures.median(UNSAFE, HYPERLANE, "own")
    every = figures.median(UNSAFE, HYPERLANE, "all")
    crates = figures.median(UNSAFE, HYPERLANE, "crates")
    if own is None or every is None or crates is None:
        return ""
    return (
        f"hyperlane's own crate says `unsafe` {own:,.0f} times, the {crates:,.0f} crates that it "
        f"is built with {every:,.0f} times: there the compiler takes their authors' word."
    )


def _rows(figures: Figures) -> Iterator[tuple[str, str]]:
    for language in figures.systems(CHECKS):
        for fault, number in figures.rounds(CHECKS, language)[-1].items():
            yield f"{language}: {Fault(fault).words}", Outcome(int(number)).words
    for system in figures.systems(UNSAFE):
        for name, number in figures.rounds(UNSAFE, system)[-1].items():
            yield f"{system}: {_COUNTED[name]}", f"{number:,.0f}"


_COUNTED = {
    "own": "`unsafe` in its own crate",
    "all": "`unsafe` in all crates that it is built with",
    "crates": "crates that it is built with, itself included",
}
