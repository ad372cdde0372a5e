"""C10: Windows, Linux and macOS differ by less than 5 %.

Rule: one machine that starts all three decides; figures of different machines stand side by side.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import permutations

from asyncweb.lab.claims.claim import Claim
from asyncweb.lab.claims.figures import Band, Figures
from asyncweb.lab.claims.names import (
    HELLO,
    HYPERLANE,
    LOADED,
    MERGED,
    OPERATING_SYSTEMS,
    OUR_LOOP,
    RATE,
    START,
    on,
)
from asyncweb.lab.claims.verdict import Verdict, Word
from asyncweb.loadtest.noise import ENOUGH_ROUNDS

LINE = 1.05
REFERENCE = OUR_LOOP
SHOWN = (  # measure, number, in words, unit
    (RATE, "cpu_us", "CPU for each request at a fixed rate", "µs"),
    (HELLO[1], "mean_us", "mean latency, one at a time", "µs"),
    (HELLO[64], "requests_per_s", "answers by 64 connections", "a second"),
    (START, "first_answer_ms", "from start to first answer", "ms"),
    (LOADED, "uss_mb", "memory after the loads", "MB"),
)
ONE_REPORT = (
    "A run sees one operating system. Run `asyncweb claims --json FILE` on Linux, macOS and "
    "Windows, then `asyncweb claims --merge` with the three files on one of them."
)
MAYBE_APART = (
    "The machine is in every figure, and nobody has said that these are reports of one. If one "
    "machine was started with each system, say so with --same-machine."
)


class AnySystem(Claim):
    """The same program, on the same machine, under three operating systems."""

    id = "C10"
    said = "Windows, Linux and macOS differ by less than 5 %."
    tested = (
        "Reports of the three, brought together by `asyncweb claims --merge`: hyperlane's CPU for "
        "each request at a fixed rate. Its latency, start and memory stand beside it, and all "
        "other systems; and how each stands to asyncweb on its own machine."
    )
    rule = (
        "Only reports of one machine that was started with each of the three are compared, and "
        "whoever merges them says that they are; others cannot be compared, for the machine is in "
        "every figure. Then the most CPU by the least decides, with all that the rounds leave "
        "open: it holds when even the furthest rounds are within 5 %, does not when two systems "
        "are further apart than their nearest rounds, and cannot be compared between. Two systems "
        f"are enough against the claim, three are needed for it; {ENOUGH_ROUNDS} rounds of each "
        "for either."
    )
    changes = (
        "Another machine, for drivers differ. A virtual machine counts for little: its host is in "
        "the figure. Windows counts CPU in ticks of 16 ms, so that short runs are coarse; and "
        "where a server cannot be kept to one core, Tokio has a thread for each."
    )
    question = "Does hyperlane's CPU for a request differ by less than 5 % between the three?"

    def decide(self, figures: Figures) -> Verdict:
        """By `rule`."""
        places = [place for place in OPERATING_SYSTEMS if place in figures.systems(MERGED)]
        if len(places) < 2:
            return Verdict(Word.UNMEASURED, ONE_REPORT)
        rows = tuple(_rows(figures, places))
        bands = {place: figures.band(on(RATE, place), HYPERLANE, "cpu_us") for place in places}
        there = {place: band for place, band in bands.items() if band}
        if len(there) < 2:
            return Verdict(Word.UNMEASURED, _absent(figures, places), rows)
        if not all(figures.median(MERGED, place, "same_machine") for place in places):
            return Verdict(Word.OPEN, MAYBE_APART, rows)
        if faulty := [place for place in there if _errors(figures, place)]:
            why = f"hyperlane's answers had errors on {_listed(faulty)}."
            return Verdict(Word.OPEN, why, rows)
        word, why = _compared(there)
        return Verdict(word, why, rows)


def _compared(there: dict[str, Band]) -> tuple[Word, str]:
    """What bands of one machine come to."""
    pairs = list(permutations(there.values(), 2))
    surely = max(_by(one.least, other.most) for one, other in pairs)
    perhaps = max(_by(one.most, other.least) for one, other in pairs)
    medians = [band.median for band in there.values()]
    told = "; ".join(f"{band.median:.1f} µs on {place}" for place, band in there.items())
    told = f"A request costs hyperlane {told}: {_by(max(medians), min(medians)) - 1:.0%} apart."
    is_short = any(band.rounds < ENOUGH_ROUNDS for band in there.values())
    if surely > LINE and not is_short:
        return Word.FAILS, told
    missing = [place for place in OPERATING_SYSTEMS if place not in there]
    if missing:
        return Word.UNMEASURED, f"{told} {_listed(missing)} is missing."
    if is_short:
        return Word.OPEN, f"{told} Fewer than {ENOUGH_ROUNDS} rounds do not show 5 %."
    if perhaps > LINE:
        return Word.OPEN, f"{told} The rounds on one system are as far apart as the systems."
    return Word.HOLDS, told


def _by(one: float, other: float) -> float:
    return one / other if other else float("inf")


def _errors(figures: Figures, place: str) -> float:
    return sum(look.get("errors", 0) for look in figures.rounds(on(RATE, place), HYPERLANE))


def _absent(figures: Figures, places: Sequence[str]) -> str:
    told = (
        f"{place}: {figures.failure(on(RATE, place), HYPERLANE) or 'not in its report'}"
        for place in places
        if not figures.rounds(on(RATE, place), HYPERLANE)
    )
    return f"hyperlane has figures of fewer than two systems ({'; '.join(told)})."


def _rows(figures: Figures, places: Sequence[str]) -> Iterator[tuple[str, str]]:
    for measure, name, words, unit in SHOWN:
        for system in _systems(figures, measure, places):
            bands = {place: figures.band(on(measure, place), system, name) for place in places}
            told = (f"{band.median:,.1f} on {place}" for place, band in bands.items() if band)
            yield f"{words}, {system}", f"{'; '.join(told)} ({unit})"
    for system in _systems(figures, RATE, places):
        if ratios := list(_ratios(figures, system, places)):
            yield f"CPU for each request, {system} by {REFERENCE}", "; ".join(ratios)


def _ratios(figures: Figures, system: str, places: Sequence[str]) -> Iterator[str]:
    """How it stands to the reference on each machine: this machines have less part in."""
    for place in places if system != REFERENCE else ():
        band = figures.ratio(on(RATE, place), "cpu_us", system, REFERENCE)
        if band:
            yield f"{band.median:.2f} on {place}"


def _systems(figures: Figures, measure: str, places: Sequence[str]) -> list[str]:
    """Who has figures there on any of them, each once."""
    return list(
        dict.fromkeys(system for place in places for system in figures.systems(on(measure, place)))
    )


def _listed(words: Sequence[str]) -> str:
    return " and ".join(words)
