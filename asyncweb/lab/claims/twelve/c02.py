"""C2: the framework's 100 µs for the same requests, three times better than Apache.

Rule: the generator's own share in a latency is left open, and what it hides is not decided.
"""

from __future__ import annotations

from collections.abc import Iterator

from asyncweb.lab.claims.claim import Claim
from asyncweb.lab.claims.figures import Band, Figures
from asyncweb.lab.claims.names import APACHE, HELLO, HYPERLANE, WRK
from asyncweb.lab.claims.twelve.finding import Finding, alike, listed, verdict
from asyncweb.lab.claims.twelve.looks import ERRORS, absent, faulty, generator_us, one_at_a_time
from asyncweb.lab.claims.twelve.reach import TIMED_NOISE
from asyncweb.lab.claims.twelve.rows import Row, averages, banded, microseconds, rows, times
from asyncweb.lab.claims.verdict import Verdict, Word

SAID_US, SAID_TIMES = 100.0, 3.0


class HyperlaneLatency(Claim):
    """100 µs on average, three times better than Apache."""

    id = "C2"
    said = "hyperlane answers the same 10,000 requests in 100 µs on average, three times better."
    tested = (
        "The mean over 10,000 requests for 'Hello World' to hyperlane and to Apache's three "
        "models, at 1, 8 and 64 connections, and at 1 and 64 by wrk, a second generator, as well."
    )
    rule = (
        "Decided one at a time, by mean and median, as C1 is: by wrk where it has asked, for it "
        "computes less for a request than our generator. hyperlane's must be at most 100 µs, and "
        "Apache's at least three times as long, each round by itself. What the generator computes "
        "for a request is in what it sees; so the figure is anything between that and the same "
        "less the generator's CPU, and a line between the two cannot be decided. All "
        f"models that were measured must say the same. {TIMED_NOISE} {ERRORS}"
    )
    changes = (
        "A faster core shortens both; a network adds the same to both and brings them together: "
        "over one of 1 ms the difference is gone. Under full load on one core the ratio is that of "
        "the CPU per request, and a page that computes something evens it out."
    )
    question = (
        "One at a time, does hyperlane need at most 100 µs, and Apache at least three times that?"
    )

    def decide(self, figures: Figures) -> Verdict:
        parts = (_within(figures), _against_apache(figures))
        return verdict(parts, _figures(figures))


def _asked(figures: Figures, *systems: str) -> tuple[str, str]:
    """By which measure `systems` are judged, and by what generator."""
    by_wrk = all(figures.rounds(WRK[1], system) for system in systems)
    return (WRK[1], "wrk") if by_wrk else (HELLO[1], "our generator")


def _within(figures: Figures) -> Finding:
    measure, generator = _asked(figures, HYPERLANE)
    reach = one_at_a_time(figures, measure, HYPERLANE)
    if reach is None:
        return absent(figures, measure, HYPERLANE)
    if errors := faulty(figures, measure, HYPERLANE):
        return Finding(Word.OPEN, f"{HYPERLANE}: {errors}")
    spent = Band.of([generator_us(look) for look in figures.rounds(measure, HYPERLANE)])
    own = microseconds(spent.median) if spent else "an unknown part"
    told = (
        f"One at a time {HYPERLANE} needs {averages(figures, measure, HYPERLANE)} as {generator} "
        f"sees it, at most {own} of it that generator's own (said: 100 µs)"
    )
    return Finding(reach.at_most(SAID_US), told)


def _against_apache(figures: Figures) -> Finding:
    models = [_against(figures, model) for model in APACHE]
    told = f"{listed(models)} (said: three times)"
    return Finding(alike(model.word for model in models), told)


def _against(figures: Figures, model: str) -> Finding:
    measure, _ = _asked(figures, model, HYPERLANE)
    reach = one_at_a_time(figures, measure, model, HYPERLANE)
    if reach is None:
        return absent(figures, measure, model)
    if errors := faulty(figures, measure, model):
        return Finding(Word.OPEN, f"{model}: {errors}")
    if reach.high == float("inf"):
        takes = f"{times(reach.low)} as long or longer"
    else:
        takes = f"{reach.low:.1f} to {times(reach.high)} as long"
    return Finding(reach.at_least(SAID_TIMES), f"{model} takes {takes}")


def _figures(figures: Figures) -> Iterator[Row]:
    for measure, by in ((HELLO[1], ""), (WRK[1], ", by wrk")):
        yield from rows(figures, measure, "mean_us", microseconds, f"mean, one at a time{by}")
        yield from rows(figures, measure, "p50_us", microseconds, f"median, one at a time{by}")
    for connections in (8, 64):
        what = f"mean, {connections} at once"
        only = (HYPERLANE, *APACHE)
        yield from rows(figures, HELLO[connections], "mean_us", microseconds, what, only)
    yield from rows(figures, WRK[64], "mean_us", microseconds, "mean, 64 at once, by wrk")
    for measure, what in ((HELLO[8], "8 at once"), (WRK[64], "64 at once, by wrk")):
        for model in APACHE:
            if ratio := figures.ratio(measure, "mean_us", model, HYPERLANE):
                yield f"{model} by {HYPERLANE}, {what}", banded(ratio, times)
