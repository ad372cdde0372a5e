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
        "its band, in a look of 30 s or more. It holds when growth is ruled out after 72 hours. "
        "Growth that is ruled out after less cannot be compared: what that says about 72 hours is "
        f"a line drawn on, and no measurement. {ERRORS}"
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
        return Word.FAILS if look["seconds"] >= LEAST_S else Word.OPEN
    return Word.HOLDS if look["is_level"] and look["seconds"] >= SAID_S else Word.OPEN


def _told(look: Mapping[str, float]) -> str:
    """What was seen, and what it says about the hours that were not."""
    slope = f"{look['bytes_per_request']:+,.1f} ± {look['band']:,.1f} bytes a request"
    seen = f"{slope} in {units.seconds(look['seconds'])} and {number(look['requests'])} requests"
    if look["is_leak"]:
        short = "" if look["seconds"] >= LEAST_S else ", too short to tell a leak from warming up"
        return f"memory goes on growing, {seen}{short}"
    level = "level" if look["is_level"] else "neither level nor a leak as yet"
    if look["seconds"] >= SAID_S:
        return f"{level}, {seen}"
    part = SAID_S / look["seconds"]
    most = (look["bytes_per_request"] + look["band"]) * look["requests"] * part
    would = f"at most {megabytes(max(most, 0) / 1e6)} more if all goes on as it went"
    return f"{level}, {seen}; {HOURS} hours are {part:,.0f} times as long: {would}"


def _figures(figures: Figures) -> Iterator[Row]:
    yield from rows(figures, SOAK, "seconds", units.seconds, "looked for")
    yield from rows(figures, SOAK, "bytes_per_request", _bytes, "growth a request")
    yield from rows(figures, SOAK, "band", _bytes, "band of the growth, either way")
    yield from rows(figures, SOAK, "grown_mb", megabytes, "grown in all")


def _bytes(value: float) -> str:
    return f"{value:,.1f} bytes"
