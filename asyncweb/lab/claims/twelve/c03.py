"""C3: a thread for each request, above 1,000 connections.

Rule: threads are blamed only for what the number of connections alone does not do: the same
requests a second on more connections, never as many as go.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterator

from asyncweb.lab.claims import names
from asyncweb.lab.claims.claim import Claim
from asyncweb.lab.claims.figures import Figures
from asyncweb.lab.claims.names import APACHE, FULL, OUR_THREADS, STEADY
from asyncweb.lab.claims.twelve.finding import Finding, every, verdict
from asyncweb.lab.claims.twelve.growth import FEW, MANY, Growth, most
from asyncweb.lab.claims.twelve.looks import DOUBTS, absent, failed, rise, sound
from asyncweb.lab.claims.twelve.reach import COUNTED_NOISE, TIMED_NOISE, counted, timed
from asyncweb.lab.claims.twelve.rows import Row, banded, microseconds, rows, share, times, tried
from asyncweb.lab.claims.verdict import Verdict, Word

DRAMATIC, CPU_SAID = 3.0, 0.9
MORE_CPU = 1.5  # less than so much more is not brought about by the connections
THREADS = (*APACHE[:2], names.SPRING, names.WAITRESS, names.GUNICORN, OUR_THREADS)
LOOPS = (
    names.HYPERLANE, names.HYPERLANE_NOW, names.TOKIO, names.NODE, names.UVICORN, names.GRANIAN,
    names.OUR_LOOP,
)  # fmt: skip


class ThreadPerRequest(Claim):
    """Above 1,000 connections latency rises dramatically, CPU above 90 %."""

    id = "C3"
    said = (
        "With a thread for each request, above 1,000 connections latency rises dramatically and "
        "the CPU is busy for more than 90 %."
    )
    tested = (
        "The same requests a second on 100, 1,000, 2,000 and 4,000 connections (an open loop); "
        "then as many as go (a closed loop); servers with threads or processes beside event loops."
    )
    rule = (
        "In a closed loop the mean is connections by requests a second for every server (Little's "
        "law), and the CPU is always full: neither decides. Latency rises dramatically when at "
        "the same requests a second the mean on most connections, 2,000 at least, is three times "
        "that on 100, or when in the closed loop each request costs three times the CPU; and an "
        "event loop's must rise by less than half of that. The CPU must be above 90 %, too; it "
        "fails when it is below and a request costs less than half more on more connections, in "
        "both loops. It is said of all threads: one server that does otherwise is enough. "
        f"{TIMED_NOISE} {COUNTED_NOISE} {DOUBTS}"
    )
    changes = (
        "More memory for each thread, a lower limit of threads or a kernel with a slower "
        "scheduler; Python's threads take turns, Apache's and Java's do not; at a higher rate the "
        "CPU of any server passes 90 %. A pool lets connections wait and is no thread for each."
    )
    question = (
        "At the same requests a second, is every server with threads at least three times slower "
        "on thousands of connections than on 100, with its CPU above 90 %?"
    )

    def decide(self, figures: Figures) -> Verdict:
        seen = sound(figures)
        loops = _loops(seen)
        found = [_threads(seen, system, loops) for system in THREADS]
        there = [part for part in found if part.word is not Word.UNMEASURED]
        if not there:
            return verdict([_nobody(figures)], _figures(figures))
        word = every(part.word for part in there)
        told = [part.words for part in there if part.word is word]
        of = f"the mean on thousands of connections, by that on {FEW} at the same rate"
        why = f"{', '.join(told)}: {of}"
        if loops is not None:
            why += (
                f"; of the event loops the middle one {times(loops)}, by that or by CPU a request"
            )
        return verdict([Finding(word, why)], _figures(figures))


def _nobody(figures: Figures) -> Finding:
    if failed(figures, STEADY[MANY[-1]], OUR_THREADS):
        return absent(figures, STEADY[MANY[-1]], OUR_THREADS)
    few = f"no server with threads has been looked at on {MANY[-1]:,} connections"
    return Finding(Word.UNMEASURED, f"{few}, as a full run does")


def _threads(figures: Figures, system: str, loops: float | None) -> Finding:
    grown = Growth.of(figures, system)
    if grown is None:
        return absent(figures, STEADY[most(figures, system)], system)
    if grown.doubt:
        return Finding(Word.OPEN, f"{system} ({grown.doubt})")
    cost = grown.cost
    dearer = cost and counted(cost).at_least(MORE_CPU) is not Word.FAILS
    full = f", {times(cost.median)} the CPU a request at full load" if cost and dearer else ""
    told = f"{system} {times(grown.latency.median)} (CPU {share(grown.cpu.median)}{full})"
    return Finding(every((_dramatic(grown, loops), _busy(grown))), told)


def _dramatic(grown: Growth, loops: float | None) -> Word:
    steady = timed(grown.latency).at_least(DRAMATIC)
    full = counted(grown.cost).at_least(DRAMATIC) if grown.cost else Word.OPEN
    if Word.HOLDS not in (steady, full):
        return steady if steady is full else Word.OPEN
    return Word.HOLDS if loops is not None and loops < grown.most / 2 else Word.OPEN


def _busy(grown: Growth) -> Word:
    """Whether the connections bring the CPU above what was said, here or at a higher rate."""
    above = counted(grown.cpu).at_least(CPU_SAID)
    if above is not Word.FAILS:
        return above
    rises = (grown.cpu_rise, grown.cost)
    more = {counted(band).at_least(MORE_CPU) if band else Word.OPEN for band in rises}
    return Word.FAILS if more == {Word.FAILS} else Word.OPEN


def _loops(figures: Figures) -> float | None:
    """By how much the middle one of the event loops rises."""
    grown = [Growth.of(figures, system) for system in LOOPS]
    rises = [each.most for each in grown if each and not each.doubt]
    return statistics.median(rises) if rises else None


def _figures(figures: Figures) -> Iterator[Row]:
    many = MANY[0]
    yield from rows(figures, STEADY[many], "mean_us", microseconds, f"mean on {many:,}, same rate")
    yield from rows(figures, STEADY[many], "cpu_share", share, f"CPU on {many:,}, same rate")
    yield from _rises(figures, STEADY, "mean_us", "mean, same rate")
    yield from _rises(figures, FULL, "cpu_us", "CPU per request, as fast as it goes")
    yield from _rises(figures, FULL, "mean_us", "mean, as fast as it goes (Little's law: 40)")


def _rises(figures: Figures, load: dict[int, str], name: str, what: str) -> Iterator[Row]:
    few, many = load[FEW], load[MANY[0]]
    bands = {system: rise(figures, system, few, many, name) for system in tried(figures, many)}
    told = f"{what}, {MANY[0]:,} by {FEW}"
    return ((f"{told}, {system}", banded(band, times)) for system, band in bands.items() if band)
