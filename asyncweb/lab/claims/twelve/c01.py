"""C1: how long Apache takes for each of 10,000 requests.

Rule: an average means one request at a time, for at more connections it is mostly queue.
"""

from __future__ import annotations

from collections.abc import Iterator

from asyncweb.lab.claims.claim import Claim
from asyncweb.lab.claims.figures import Figures
from asyncweb.lab.claims.names import APACHE, HELLO, READ, WRK
from asyncweb.lab.claims.twelve.finding import Finding, alike, listed, verdict
from asyncweb.lab.claims.twelve.looks import (
    DOUBTS,
    absent,
    average,
    doubt,
    faulty,
    one_at_a_time,
    sound,
)
from asyncweb.lab.claims.twelve.reach import TIMED_NOISE
from asyncweb.lab.claims.twelve.rows import Row, averages, microseconds, number, rows
from asyncweb.lab.claims.verdict import Verdict, Word

SAID_US, FACTOR = 300.0, 2.0
COMPLEX_US, COMPLEX_CONNECTIONS = 2_500.0, 8


class ApacheLatency(Claim):
    """300 µs on average, above 2,500 µs in complex cases."""

    id = "C1"
    said = "Apache answers 10,000 requests in 300 µs on average, in complex cases above 2,500 µs."
    tested = (
        "The mean over 10,000 requests to Apache with its prefork, worker and event models: "
        "'Hello World' to 1, 8 and 64 connections, a file and a row of a database to 1 and 8."
    )
    rule = (
        "The article names no machine, no number of connections and no model of Apache. So 300 µs "
        "is taken for an order of size, right within a factor of 2, and for one request at a time, "
        "where the mean is not made of queueing; the complex case is a file and a database on 8 "
        "connections. Both must be so, by the mean and by the median, for 'on average' may be "
        "either. What all models say is said of Apache; where they differ, "
        f"or a line lies within the noise, it cannot be compared. {TIMED_NOISE} {DOUBTS}"
    )
    changes = (
        "A core half as fast doubles each of these figures, a network between the machines adds "
        "its way to each. On more connections the mean is connections by requests a second: any "
        "number can be had by choosing them. TLS, PHP or .htaccess files make Apache slower."
    )
    question = (
        "Does Apache answer within 150 to 600 µs one at a time, and take more than 2,500 µs when "
        "it reads a file and a database for 8 at once?"
    )

    def decide(self, figures: Figures) -> Verdict:
        seen = sound(figures)
        simple = [_simple(seen, model) for model in APACHE]
        complicated = [_complicated(seen, model) for model in APACHE]
        parts = (
            _apache(f"One at a time{_count(figures)}", simple, "150 to 600 µs count as 300"),
            _apache("File and database for 8 at once", complicated, "said: above 2,500 µs"),
        )
        return verdict(parts, _figures(figures))


def _simple(figures: Figures, model: str) -> Finding:
    reach = one_at_a_time(figures, HELLO[1], model)
    word = reach.between(SAID_US / FACTOR, SAID_US * FACTOR) if reach else None
    return _found(figures, HELLO[1], model, word, faulty(figures, HELLO[1], model))


def _complicated(figures: Figures, model: str) -> Finding:
    measure = READ[COMPLEX_CONNECTIONS]
    reach = average(figures, measure, model)
    word = reach.at_least(COMPLEX_US) if reach else None
    return _found(figures, measure, model, word, doubt(figures, measure, model))


def _found(figures: Figures, measure: str, model: str, word: Word | None, why: str) -> Finding:
    if word is None:
        return absent(figures, measure, model)
    told = f"{model} {averages(figures, measure, model)}"
    return Finding(Word.OPEN, f"{told}, but {why}") if why else Finding(word, told)


def _count(figures: Figures) -> str:
    """A quick run makes fewer requests than the article."""
    looks = [look for model in APACHE for look in figures.rounds(HELLO[1], model)]
    return f", {number(min(look['requests'] for look in looks))} requests each" if looks else ""


def _apache(what: str, models: list[Finding], line: str) -> Finding:
    return Finding(alike(model.word for model in models), f"{what}: {listed(models)} ({line})")


def _figures(figures: Figures) -> Iterator[Row]:
    for connections, measure in HELLO.items():
        what = f"mean of Hello World, {connections} at once"
        yield from rows(figures, measure, "mean_us", microseconds, what, APACHE)
    for connections, measure in READ.items():
        what = f"mean of file and database, {connections} at once"
        yield from rows(figures, measure, "mean_us", microseconds, what)
    for connections, measure in WRK.items():
        what = f"mean of Hello World, {connections} at once, by wrk"
        yield from rows(figures, measure, "mean_us", microseconds, what, APACHE)
