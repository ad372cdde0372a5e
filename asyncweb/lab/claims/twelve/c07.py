"""C7: memory, against the same application in Java.

Rule: memory is what would be free if the program ended (USS), and "the memory" of a program is
what it has both before and after its work.
"""

from __future__ import annotations

from collections.abc import Iterator

from asyncweb.lab.claims.claim import Claim
from asyncweb.lab.claims.figures import Band, Figures
from asyncweb.lab.claims.names import HYPERLANE, LOADED, SPRING, START
from asyncweb.lab.claims.twelve.finding import Finding, alike, every, verdict
from asyncweb.lab.claims.twelve.looks import absent
from asyncweb.lab.claims.twelve.reach import COUNTED_NOISE, Reach, counted
from asyncweb.lab.claims.twelve.rows import Row, banded, megabytes, rows, share
from asyncweb.lab.claims.verdict import Verdict, Word

SMALL_MB, BIG_MB, SAVED = 8.0, 200.0, 0.95
STATES = {"idle": (START, "idle_uss_mb"), "after the loads": (LOADED, "uss_mb")}


class Memory(Claim):
    """8 MB against at least 200 MB: 95 % saved."""

    id = "C7"
    said = "hyperlane needs 8 MB, the same application on Spring Boot at least 200 MB: 95 % saved."
    tested = (
        "The memory of its processes alone (USS) of hyperlane and of Spring Boot with the JVM's "
        "own settings: right after the start, and after all loads of the trial."
    )
    rule = (
        "All three must be so: hyperlane at most 8 MB, Spring Boot at least 200 MB, and by the two "
        "measured here, each round by itself, at least 95 % saved. The article does not say when "
        "it looked: it holds or fails when idle and loaded agree, else it cannot be compared. "
        f"{COUNTED_NOISE}"
    )
    changes = (
        "A JVM takes a part of what the machine has, so on a larger one it is larger; with -Xmx it "
        "is smaller; kept to one core, as here, it takes its serial collector, and with several a "
        "larger one. More threads, more connections, longer bodies or a cache change both. "
        "Resident memory (RSS) counts shared libraries too and is larger for both."
    )
    question = "At most 8 MB for hyperlane, at least 200 MB for Spring Boot: are both seen here?"

    def decide(self, figures: Figures) -> Verdict:
        parts = [_state(figures, state) for state in STATES]
        lacking = [part for part in parts if part.word is Word.UNMEASURED]
        if lacking:
            return verdict(lacking[:1], _figures(figures))
        seen = "; ".join(part.words for part in parts)
        told = f"{HYPERLANE} against {SPRING}: {seen} (said: 8 MB against 200 MB, 95 % saved)"
        return verdict([Finding(alike(part.word for part in parts), told)], _figures(figures))


def _state(figures: Figures, state: str) -> Finding:
    measure, name = STATES[state]
    small = figures.band(measure, HYPERLANE, name)
    big = figures.band(measure, SPRING, name)
    left = figures.ratio(measure, name, HYPERLANE, SPRING)
    if small is None or big is None or left is None:
        return absent(figures, measure, HYPERLANE if small is None else SPRING)
    word = every((counted(small).at_most(SMALL_MB), counted(big).at_least(BIG_MB), _saved(left)))
    saved = f"{share(1 - left.median)} saved"
    told = f"{state} {megabytes(small.median)} against {megabytes(big.median)}, {saved}"
    return Finding(word, told)


def _saved(left: Band) -> Word:
    reach = counted(left)
    return Reach(1 - reach.high, 1 - reach.low).at_least(SAVED)


def _figures(figures: Figures) -> Iterator[Row]:
    for state, (measure, name) in STATES.items():
        yield from rows(figures, measure, name, megabytes, f"memory {state}")
        if left := figures.ratio(measure, name, HYPERLANE, SPRING):
            yield f"{HYPERLANE} of {SPRING}, {state}", banded(left, share)
