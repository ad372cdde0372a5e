"""C4: 50,000 connections on one core.

Rule: connections count when they were answered, all of them, and not when they were only opened.
"""

from __future__ import annotations

from collections.abc import Iterator

from asyncweb.lab.claims.claim import Claim
from asyncweb.lab.claims.figures import Figures
from asyncweb.lab.claims.names import HYPERLANE, MANY
from asyncweb.lab.claims.twelve.finding import Finding, alike, verdict
from asyncweb.lab.claims.twelve.looks import absent, faulty
from asyncweb.lab.claims.twelve.rows import Row, megabytes, number, rows
from asyncweb.lab.claims.verdict import Verdict, Word

SAID = 50_000


class ManyConnections(Claim):
    """Above 50,000 connections on one core."""

    id = "C4"
    said = "One thread holds thousands of connections; above 50,000 were measured on one core."
    tested = (
        "50,000 connections to one system on one core, all open at once, each of which asks and "
        "is answered; in as many processes as the limit of open files makes necessary."
    )
    rule = (
        "It holds when hyperlane answered on all of 50,000 connections in every round without an "
        "error, and fails when 50,000 were tried and some were not answered. With fewer tried, as "
        "in a quick run, or where this machine had no room for more, it cannot be compared; what "
        "50,000 would need is then only calculated."
    )
    changes = (
        "A higher limit of open files lets one process hold them all; less memory, a smaller table "
        "of the kernel or connections that all ask at once may end it earlier. 50,000 that are "
        "idle are not 50,000 that work: that needs the rate as well."
    )
    question = "Does hyperlane answer on 50,000 connections at once, on one core, without an error?"

    def decide(self, figures: Figures) -> Verdict:
        return verdict([_held(figures)], _figures(figures))


def _held(figures: Figures) -> Finding:
    looks = figures.rounds(MANY, HYPERLANE)
    if not looks:
        return absent(figures, MANY, HYPERLANE)
    word = alike(_word(look) for look in looks)
    tried = min(_tried(look) for look in looks)
    processes = max(look.get("processes", 1) for look in looks)
    errors = faulty(figures, MANY, HYPERLANE) or "no error"
    told = f"{number(tried)} connections to {HYPERLANE} in {_processes(processes)}: {errors}"
    if any(map(_is_short, looks)):
        told += ", but this machine had no room for more"
    if tried < SAID and (each := figures.median(MANY, HYPERLANE, "bytes_per_connection")):
        told += f"; {number(SAID)} like these would need {megabytes(SAID * each / 1e6)}"
    return Finding(word, told)


def _word(look: dict[str, float]) -> Word:
    if _tried(look) < SAID or _is_short(look):
        return Word.OPEN
    all_answered = look["answered"] >= look["connections"] >= SAID and not look["errors"]
    return Word.HOLDS if all_answered else Word.FAILS


def _tried(look: dict[str, float]) -> float:
    return look["connections"] + look["errors"]


def _is_short(look: dict[str, float]) -> bool:
    return bool(look.get("machine_limited"))


def _processes(count: float) -> str:
    return "one process" if count == 1 else f"{number(count)} processes"


def _figures(figures: Figures) -> Iterator[Row]:
    yield from rows(figures, MANY, "answered", number, "connections answered")
    yield from rows(figures, MANY, "processes", number, "in so many processes")
    yield from rows(figures, MANY, "bytes_per_connection", number, "bytes a connection")
    yield from rows(figures, MANY, "uss_mb", megabytes, "memory of all its processes")
