"""C9: one request waits, and the others do not.

Rule: who is held up has waited for a good part of the other's wait; a few more µs are the CPU's.
"""

from __future__ import annotations

from collections.abc import Iterator

from asyncweb.lab.claims.claim import Claim
from asyncweb.lab.claims.figures import Figures
from asyncweb.lab.claims.material import WAIT_MS
from asyncweb.lab.claims.names import HYPERLANE, OTHERS
from asyncweb.lab.claims.twelve.finding import Finding, verdict
from asyncweb.lab.claims.twelve.looks import ERRORS, doubt, weighed
from asyncweb.lab.claims.twelve.reach import TIMED_NOISE, Reach, timed
from asyncweb.lab.claims.twelve.rows import Row, banded, microseconds, milliseconds, number, rows
from asyncweb.lab.claims.verdict import Verdict, Word

HELD_UP_US = 0.1 * 1000 * WAIT_MS  # a tenth of the wait
BESIDE, BLOCKED = "beside_p50_us", "blocked_p50_us"


class WaitingRequest(Claim):
    """One waiting request does not hold up the others."""

    id = "C9"
    said = "While one request waits for 10 ms, hyperlane answers the others."
    tested = (
        "The median latency of a few connections that ask for 'Hello World', alone, and beside "
        "many connections whose requests each wait for 10 ms; event loops and thread pools alike."
    )
    rule = (
        "It holds when the others' median is less than 1 ms longer beside those that wait than "
        "alone, a tenth of the wait; it fails when it is longer by more. That the test can see it "
        "is shown by a handler of our own that blocks its event loop instead of waiting, beside as "
        "many requests: the others must be held up there, or the verdict says so. "
        f"{TIMED_NOISE} {ERRORS}"
    )
    changes = (
        "A handler that computes, or that waits by blocking its thread, holds up an event loop in "
        "any language. A pool holds the others up as soon as more requests wait than it has "
        "threads. p99 tells of the few that meet a busy moment, and is longer."
    )
    question = "Beside many requests that wait for 10 ms, are the others still answered at once?"

    def decide(self, figures: Figures) -> Verdict:
        part = weighed(figures, OTHERS, HYPERLANE, BESIDE, lambda band: _weigh(figures))
        return verdict([part], _figures(figures))


def _weigh(figures: Figures) -> Finding:
    waiting = figures.median(OTHERS, HYPERLANE, "waiting") or 1
    more = _longer(figures, HYPERLANE)
    alone = figures.median(OTHERS, HYPERLANE, "alone_p50_us") or 0.0
    beside = figures.median(OTHERS, HYPERLANE, BESIDE) or 0.0
    word = Word.OPEN if more is None else more.at_most(HELD_UP_US)
    told = (
        f"{HYPERLANE} answers the others within {microseconds(beside)} beside {number(waiting)} "
        f"that wait, {microseconds(alone)} alone"
    )
    return Finding(word, f"{told}; {_held_up(figures)}")


def _held_up(figures: Figures) -> str:
    """Whom the same test found held up: without anybody, it has not shown that it can find one."""
    found = [
        system
        for system in figures.systems(OTHERS)
        if not doubt(figures, OTHERS, system) and _is_held_up(figures, system, BESIDE)
    ]
    found += [
        f"{system} when its handler blocks, {milliseconds(blocked / 1e3)}"
        for system in figures.systems(OTHERS)
        if (blocked := figures.median(OTHERS, system, BLOCKED))
        and _is_held_up(figures, system, BLOCKED)
    ]
    if not found:
        return "no system here is held up, so the test has not shown that it would notice"
    return f"held up: {', '.join(found)}"


def _is_held_up(figures: Figures, system: str, name: str) -> bool:
    more = _longer(figures, system, name)
    return more is not None and more.at_most(HELD_UP_US) is Word.FAILS


def _longer(figures: Figures, system: str, name: str = BESIDE) -> Reach | None:
    """By how many µs the others take longer beside those that wait, or that block."""
    alone = figures.band(OTHERS, system, "alone_p50_us")
    beside = figures.band(OTHERS, system, name)
    return _difference(timed(beside), timed(alone)) if alone and beside else None


def _difference(one: Reach, other: Reach) -> Reach:
    return Reach(one.low - other.high, one.high - other.low)


def _figures(figures: Figures) -> Iterator[Row]:
    yield from rows(figures, OTHERS, "alone_p50_us", microseconds, "others' median, alone")
    yield from rows(figures, OTHERS, BESIDE, microseconds, "others' median, beside")
    yield from rows(figures, OTHERS, "beside_p99_us", microseconds, "others' p99, beside")
    for system in figures.systems(OTHERS):
        if blocked := figures.band(OTHERS, system, BLOCKED):
            what = f"others' median, beside a handler that blocks, {system}"
            yield what, banded(blocked, microseconds)
