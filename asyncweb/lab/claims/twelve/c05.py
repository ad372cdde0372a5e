"""C5: CPU under high load.

Rule: a share of the CPU means nothing without a rate; a rate is high when it is for somebody.
"""

from __future__ import annotations

from collections.abc import Iterator

from asyncweb.drawing import units
from asyncweb.lab.claims.claim import Claim
from asyncweb.lab.claims.figures import Figures
from asyncweb.lab.claims.names import HELLO, HYPERLANE, RATE
from asyncweb.lab.claims.twelve.finding import Finding, verdict
from asyncweb.lab.claims.twelve.looks import absent, doubt, faulty
from asyncweb.lab.claims.twelve.reach import COUNTED_NOISE, counted
from asyncweb.lab.claims.twelve.rows import Row, rows, share, tried
from asyncweb.lab.claims.verdict import Verdict, Word

SAID = 0.6
KEPT_UP = 0.95  # of the rate; a server that answers less often is asked too much


class CpuUnderLoad(Claim):
    """The CPU stays below 60 %."""

    id = "C5"
    said = "Under high load hyperlane's CPU stays below 60 %."
    tested = "The CPU of each system's processes at the same fixed requests a second, on one core."
    rule = (
        "Any server passes 60 % at some rate, so the rate must be told and must be high: it is "
        "when at least one other system needs more than 60 % for it or keeps up in no round. Then "
        "it holds when hyperlane keeps up with less than 60 %, and fails when it needs more. If "
        "nobody needs 60 %, the load was not high and it cannot be compared. "
        f"{COUNTED_NOISE} Any error, or a generator that did not send the rate, leaves it open."
    )
    changes = (
        "The rate: each system's row says at how many requests a second it would pass 60 %. "
        "Longer answers, TLS or a slower core bring that rate down; with more cores the same work "
        "is a smaller share. As fast as requests can be sent, every server is at 100 % of its core."
    )
    question = (
        "At a rate that is high for somebody here, does hyperlane need less than 60 % of a core?"
    )

    def decide(self, figures: Figures) -> Verdict:
        return verdict([_held(figures)], _figures(figures))


def _held(figures: Figures) -> Finding:
    band = figures.band(RATE, HYPERLANE, "cpu_share")
    if band is None:
        return absent(figures, RATE, HYPERLANE)
    if why := _doubt(figures, HYPERLANE):
        return Finding(Word.OPEN, f"{HYPERLANE}: {why}")
    rate = units.rate(figures.median(RATE, HYPERLANE, "rate"))
    keeps_up = _keeps_up(figures, HYPERLANE)
    if keeps_up is not Word.HOLDS:
        when = "" if keeps_up is Word.FAILS else " in every round"
        return Finding(keeps_up, f"{HYPERLANE} does not keep up with {rate}{when}")
    others = [system for system in figures.systems(RATE) if system != HYPERLANE]
    pressed = [system for system in others if _is_pressed(figures, system)]
    word = counted(band).at_most(SAID)
    if word is Word.HOLDS and not pressed:
        word = Word.OPEN
    high = f"a high load for {len(pressed)} of {len(others)} others"
    told = f"{HYPERLANE} needs {share(band.median)} of a core for {rate}, {high}"
    cost = figures.median(RATE, HYPERLANE, "cpu_us")
    return Finding(word, f"{told}; it would pass {share(SAID)} {_passes(cost)}" if cost else told)


def _doubt(figures: Figures, system: str) -> str:
    """A generator that was late, and still asked as often as it should, has spoiled no CPU."""
    keeps_up = _keeps_up(figures, system) is Word.HOLDS
    return faulty(figures, RATE, system) if keeps_up else doubt(figures, RATE, system)


def _is_pressed(figures: Figures, system: str) -> bool:
    if _doubt(figures, system):
        return False
    band = figures.band(RATE, system, "cpu_share")
    is_busy = band is not None and counted(band).at_least(SAID) is Word.HOLDS
    return is_busy or _keeps_up(figures, system) is Word.FAILS


def _keeps_up(figures: Figures, system: str) -> Word:
    """OPEN when it does in some rounds, and not in others."""
    looks = figures.rounds(RATE, system)
    kept = {look["requests_per_s"] >= KEPT_UP * look["rate"] for look in looks}
    if len(kept) > 1:
        return Word.OPEN
    return Word.HOLDS if True in kept else Word.FAILS


def _passes(cpu_us: float) -> str:
    return f"at about {units.rate(SAID * 1e6 / cpu_us)}, if each request costs as much as here"


def _figures(figures: Figures) -> Iterator[Row]:
    yield from rows(figures, RATE, "cpu_share", share, "CPU at the fixed rate")
    what = f"would pass {share(SAID)} of a core"
    costs = {system: figures.median(RATE, system, "cpu_us") for system in tried(figures, RATE)}
    yield from ((f"{what}, {system}", _passes(cost)) for system, cost in costs.items() if cost)
    yield from rows(figures, HELLO[64], "cpu_share", share, "CPU as fast as it goes")
