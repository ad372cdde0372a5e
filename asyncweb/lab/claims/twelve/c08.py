"""C8: 72 hours under load without a leak.

Rule: a leak that is seen is one after minutes, too; that there is none is known only for as long
as somebody has looked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from asyncweb.drawing import units
from asyncweb.lab.claims.claim import Claim
from asyncweb.lab.claims.figures import Figures
from asyncweb.lab.claims.names import HYPERLANE, SOAK
from asyncweb.lab.claims.twelve.finding import Finding, alike, verdict
from asyncweb.lab.claims.twelve.looks import ERRORS, absent, faulty
from asyncweb.lab.claims.twelve.rows import Row, megabytes, number, rows
from asyncweb.lab.claims.verdict import Verdict, Word

HOURS = 72
SAID_S = HOURS * 3600.0
LEAST_S = 30.0  # in less, pools that fill for the first time look like a leak
TICK_S = 1.0  # a soak may end so much early by its timer
MOST_MB = 8.0  # that may have been added in all: what the article says the server needs


class NoLeak(Claim):
    """72 hours without a leak."""

    id = "C8"
    said = "After 72 hours under load hyperlane had leaked no memory."
    tested = (
        "Resident memory by requests answered, at a constant rate for as long as the run was told "
        "to look (--soak): the slope of its second half, and the band in which it may lie."
    )
    rule = (
        "It fails when memory goes on growing in the second half as it did in the first, outside "
        "its band, in a look of 30 s or more. It holds when after 72 hours it is ruled out that "
        f"more than {MOST_MB:g} MB were added, as much as the server is said to need at all. What "
        "was ruled out after less cannot be compared: what that says about 72 hours is a line "
        f"drawn on, and no measurement. {ERRORS}"
    )
    changes = (
        "A longer look. A leak of a path that was not asked for, of connections that break, or of "
        "one that begins after a day is not seen. Rust's ownership frees what goes out of scope; "
        "what a list or a cycle still holds it keeps, as every language does."
    )
    question = "Can this run say that hyperlane leaks nothing in 72 hours under load?"

    def decide(self, figures: Figures) -> Verdict:
        return verdict([_soaked(figures)], _figures(figures))


def _soaked(figures: Figures) -> Finding:
    looks = figures.rounds(SOAK, HYPERLANE)
    if not looks:
        return absent(figures, SOAK, HYPERLANE)
    if errors := faulty(figures, SOAK, HYPERLANE):
        return Finding(Word.OPEN, f"{HYPERLANE}: {errors} under the soak")
    longest = max(looks, key=lambda look: look["seconds"])
    word = alike(_word(look) for look in looks)
    return Finding(word, f"{HYPERLANE}: {_told(longest)}")


def _word(look: Mapping[str, float]) -> Word:
    if look["is_leak"]:
        return Word.FAILS if _lasted(look, LEAST_S) else Word.OPEN
    return Word.HOLDS if _lasted(look, SAID_S) and _most_mb(look) <= MOST_MB else Word.OPEN


def _lasted(look: Mapping[str, float], seconds: float) -> bool:
    return look["seconds"] >= seconds - TICK_S


def _most_mb(look: Mapping[str, float]) -> float:
    """What it may have added over the whole look, if all of it went on as its second half."""
    return max(look["bytes_per_request"] + look["band"], 0.0) * look["requests"] / 1e6


def _told(look: Mapping[str, float]) -> str:
    """What was seen, and what it says about the hours that were not."""
    slope = f"{look['bytes_per_request']:+,.1f} ± {look['band']:,.1f} bytes a request"
    seen = f"{slope} in {units.seconds(look['seconds'])} and {number(look['requests'])} requests"
    if look["is_leak"]:
        short = "" if _lasted(look, LEAST_S) else ", too short to tell a leak from warming up"
        return f"memory goes on growing, {seen}{short}"
    level = "level" if look["is_level"] else "neither level nor a leak as yet"
    if _lasted(look, SAID_S):
        return f"{level}, {seen}: at most {megabytes(_most_mb(look))} more"
    part = SAID_S / look["seconds"]
    would = f"at most {megabytes(part * _most_mb(look))} more if all goes on as it went"
    return f"{level}, {seen}; {HOURS} hours are {part:,.0f} times as long: {would}"


def _figures(figures: Figures) -> Iterator[Row]:
    yield from rows(figures, SOAK, "seconds", units.seconds, "looked for")
    yield from rows(figures, SOAK, "bytes_per_request", _bytes, "growth a request")
    yield from rows(figures, SOAK, "band", _bytes, "band of the growth, either way")
    yield from rows(figures, SOAK, "grown_mb", megabytes, "grown in all")


def _bytes(value: float) -> str:
    return f"{value:,.1f} bytes"
