"""C3: a thread for each request, above 1,000 connections.

Rule: threads are blamed only for what the number of connections alone does not do: the same
requests a second on more connections, never as many as go.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterator

from asyncweb.lab.claims import names
from asyncweb.lab.claims.claim import Claim
from asyncweb.lab.claims.figures import Band, Figures
from asyncweb.lab.claims.names import APACHE, FULL, OUR_THREADS, STEADY
from asyncweb.lab.claims.twelve.finding import Finding, every, verdict
from asyncweb.lab.claims.twelve.looks import absent, doubt, faulty, rise
from asyncweb.lab.claims.twelve.reach import counted, timed
from asyncweb.lab.claims.twelve.rows import Row, banded, microseconds, rows, share, times
from asyncweb.lab.claims.verdict import Verdict, Word

FEW, MANY = 100, (4000, 2000)  # connections; "above 1,000" are as many as could be looked at
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
        "both loops. It is said of all threads: one server that does otherwise is enough."
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
        loops = _loops(figures)
        found = [_threads(figures, system, loops) for system in THREADS]
        there = [part for part in found if part.word is not Word.UNMEASURED]
        word = every(part.word for part in there)
        told = [part.words for part in there if part.word is word]
        if not there:
            told = [absent(figures, STEADY[MANY[-1]], OUR_THREADS).words]
        elif loops is not None:
            told.append(f"the middle one of the event loops: {times(loops)}")
        return verdict([Finding(word, "; ".join(told))], _figures(figures))


def _threads(figures: Figures, system: str, loops: float | None) -> Finding:
    count = _most(figures, system)
    latency, cost = _latency(figures, system), _cost(figures, system)
    cpu = figures.band(STEADY[count], system, "cpu_share")
    more = rise(figures, system, STEADY[FEW], STEADY[count], "cpu_share")
    if latency is None or cpu is None:
        return absent(figures, STEADY[count], system)
    for place in (FEW, count):
        if why := doubt(figures, STEADY[place], system):
            return Finding(Word.OPEN, f"{system} on {place:,}: {why}")
    full = f", CPU per request at full load {times(cost.median)}" if cost else ""
    told = f"mean {times(latency.median)} that on {FEW}{full}, CPU {share(cpu.median)}"
    word = every((_dramatic(latency, cost, loops), _busy(cpu, more, cost)))
    return Finding(word, f"{system} on {count:,}: {told}")


def _dramatic(latency: Band, cost: Band | None, loops: float | None) -> Word:
    steady = timed(latency).at_least(DRAMATIC)
    full = counted(cost).at_least(DRAMATIC) if cost else Word.OPEN
    if Word.HOLDS not in (steady, full):
        return steady if steady is full else Word.OPEN
    return Word.HOLDS if loops is not None and loops < _more(latency, cost) / 2 else Word.OPEN


def _busy(cpu: Band, more: Band | None, cost: Band | None) -> Word:
    """Whether the connections bring the CPU above what was said, here or at a higher rate."""
    above = counted(cpu).at_least(CPU_SAID)
    if above is not Word.FAILS:
        return above
    grows = [counted(band).at_least(MORE_CPU) if band else Word.OPEN for band in (more, cost)]
    return Word.FAILS if grows == [Word.FAILS, Word.FAILS] else Word.OPEN


def _loops(figures: Figures) -> float | None:
    """By how much the middle one of the event loops rises."""
    rises = [
        _more(latency, _cost(figures, system))
        for system in LOOPS
        if (latency := _latency(figures, system))
        and not doubt(figures, STEADY[_most(figures, system)], system)
    ]
    return statistics.median(rises) if rises else None


def _most(figures: Figures, system: str) -> int:
    """On how many connections it was looked at."""
    return next((count for count in MANY if figures.rounds(STEADY[count], system)), MANY[-1])


def _latency(figures: Figures, system: str) -> Band | None:
    return rise(figures, system, STEADY[FEW], STEADY[_most(figures, system)], "mean_us")


def _cost(figures: Figures, system: str) -> Band | None:
    """The generator may be the limit there: what a request costs the server is the same."""
    many = FULL[_most(figures, system)]
    if any(faulty(figures, measure, system) for measure in (FULL[FEW], many)):
        return None
    return rise(figures, system, FULL[FEW], many, "cpu_us")


def _more(latency: Band, cost: Band | None) -> float:
    return max(latency.median, cost.median if cost else 0.0)


def _figures(figures: Figures) -> Iterator[Row]:
    for count, measure in STEADY.items():
        what = f"mean on {count:,} at the same rate"
        yield from rows(figures, measure, "mean_us", microseconds, what)
    for count in (FEW, MANY[0]):
        what = f"CPU on {count:,} at the same rate"
        yield from rows(figures, STEADY[count], "cpu_share", share, what)
    for system in (*THREADS, *LOOPS):
        if little := rise(figures, system, FULL[FEW], FULL[MANY[0]], "mean_us"):
            what = f"mean as fast as it goes, {MANY[0]:,} by {FEW}, {system}"
            yield what, f"{banded(little, times)}; Little's law alone makes 40 times"
