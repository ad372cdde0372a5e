"""C12: memory safety is checked at compile time.

Rule: decided by what rustc rejects here; where the compiler takes a word for it is told beside it.
"""

from __future__ import annotations

from collections.abc import Iterator

from asyncweb.lab.claims.checks.languages import RUST
from asyncweb.lab.claims.checks.outcomes import Fault, Outcome
from asyncweb.lab.claims.claim import Claim
from asyncweb.lab.claims.figures import Figure, Figures
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
        "and how often the crates of hyperlane's author, and those under them, say `unsafe`."
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
    looks = figures.rounds(UNSAFE, HYPERLANE)
    if not looks:
        return ""
    own, own_crates, every, crates = _counts(looks[-1])
    return (
        f"The {own_crates} crates of hyperlane's author say `unsafe` {own} times, all {crates} "
        f"that it is built with {every} times: there the compiler takes their authors' word."
    )


def _rows(figures: Figures) -> Iterator[tuple[str, str]]:
    for language in figures.systems(CHECKS):
        look = figures.rounds(CHECKS, language)[-1]
        seen = (f"{fault.noun}: {Outcome(int(look[fault])).words}" for fault in Fault)
        yield f"faults in {language}", "; ".join(seen)
    for language, why in figures.failures.get(CHECKS, {}).items():
        yield f"faults in {language}", f"not checked: {why}"
    for system in figures.systems(UNSAFE):
        own, own_crates, every, crates = _counts(figures.rounds(UNSAFE, system)[-1])
        told = (
            f"{own} times in {own_crates} crates of its own authors, {every} times in all {crates}"
        )
        yield f"`unsafe` in {system}", f"{told} that it is built with"
    for system, why in figures.failures.get(UNSAFE, {}).items():
        yield f"`unsafe` in {system}", f"not counted: {why}"


def _counts(look: Figure) -> list[str]:
    return [f"{look[name]:,.0f}" for name in ("own", "own_crates", "all", "crates")]
