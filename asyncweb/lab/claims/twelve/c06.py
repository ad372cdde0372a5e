"""C6: from the start of a program to its first answer.

Rule: a server has started when it has answered, not when its process is there.
"""

from __future__ import annotations

from collections.abc import Iterator

from asyncweb.lab.claims.claim import Claim
from asyncweb.lab.claims.figures import Band, Figures
from asyncweb.lab.claims.names import HYPERLANE, SPRING, SPRING_VIRTUAL, START
from asyncweb.lab.claims.twelve.finding import Finding, alike, verdict
from asyncweb.lab.claims.twelve.looks import absent, weighed
from asyncweb.lab.claims.twelve.reach import TIMED_NOISE, timed
from asyncweb.lab.claims.twelve.rows import Row, milliseconds, rows
from asyncweb.lab.claims.verdict import Verdict, Word

FAST_MS, SLOW_MS = 100.0, 1_000.0
JAVA = (SPRING, SPRING_VIRTUAL)


class StartTime(Claim):
    """Within 100 ms; Java servers take seconds."""

    id = "C6"
    said = "hyperlane starts within 100 ms; Java servers take seconds."
    tested = "The time from executing the program to the end of its first right answer, each round."
    rule = (
        "Both must be so: hyperlane answers within 100 ms, Spring Boot (virtual threads off and "
        "on, what was measured of them) only after 1 s. A line within the noise of the rounds "
        f"decides nothing. {TIMED_NOISE}"
    )
    changes = (
        "The first start after a boot reads the program from the disk; a busy core makes every "
        "start slower. Here each program has one core, on which a JVM also compiles and collects; "
        "on several it starts sooner. A JVM with an archive of classes, or Java compiled ahead of "
        "time, starts in a fraction of the time; a page with a database pool in any language "
        "takes longer."
    )
    question = "Does hyperlane answer within 100 ms of its start, and Spring Boot only after 1 s?"

    def decide(self, figures: Figures) -> Verdict:
        return verdict((_fast(figures), _slow(figures)), _figures(figures))


def _fast(figures: Figures) -> Finding:
    def weigh(band: Band) -> Finding:
        return Finding(timed(band).at_most(FAST_MS), f"{HYPERLANE} {_answers(band)}")

    return weighed(figures, START, HYPERLANE, "first_answer_ms", weigh)


def _slow(figures: Figures) -> Finding:
    def weigh(band: Band) -> Finding:
        return Finding(timed(band).at_least(SLOW_MS), _answers(band))

    found = {system: weighed(figures, START, system, "first_answer_ms", weigh) for system in JAVA}
    there = {name: part for name, part in found.items() if part.word is not Word.UNMEASURED}
    if not there:
        return absent(figures, START, SPRING)
    told = ", ".join(f"{system} {part.words}" for system, part in there.items())
    return Finding(alike(part.word for part in there.values()), told)


def _answers(band: Band) -> str:
    return f"answers after {milliseconds(band.median)}"


def _figures(figures: Figures) -> Iterator[Row]:
    yield from rows(figures, START, "first_answer_ms", milliseconds, "start to first answer")
