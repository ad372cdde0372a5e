"""The figures beneath a verdict, as people read them: a median, its band, and what to mind.

Rule: every system that was tried has its row, with its number or with the reason why it has none.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

from asyncweb.drawing import units
from asyncweb.lab.claims import names
from asyncweb.lab.claims.figures import Band, Figures
from asyncweb.lab.claims.twelve.looks import AVERAGES, doubt, failed

Show = Callable[[float], str]
Row = tuple[str, str]

ORDER = (
    names.HYPERLANE, names.HYPERLANE_NOW, names.TOKIO, *names.APACHE, names.NODE, names.SPRING,
    names.SPRING_VIRTUAL, names.WAITRESS, names.GUNICORN, names.UVICORN, names.GRANIAN,
    names.OUR_LOOP, names.OUR_THREADS,
)  # fmt: skip


def rows(
    figures: Figures,
    measure: str,
    name: str,
    show: Show,
    what: str,
    only: Collection[str] = (),
) -> Iterator[Row]:
    """One for each system, or each of `only`, that was tried there, in the order of the report.

    >>> figures = Figures()
    >>> figures.add("rate", "Node.js", {"cpu_share": 0.25, "errors": 3})
    >>> figures.fail("rate", "Tokio (hyper)", "cargo is not installed")
    >>> for row in rows(figures, "rate", "cpu_share", share, "CPU"):
    ...     print(*row, sep=": ")
    CPU, Tokio (hyper): not measured: cargo is not installed
    CPU, Node.js: 25 %, one round; 3 errors
    """
    for system in tried(figures, measure):
        if only and system not in only:
            continue
        band = figures.band(measure, system, name)
        if band:
            mind = doubt(figures, measure, system)
            yield f"{what}, {system}", banded(band, show) + (f"; {mind}" if mind else "")
        elif why := failed(figures, measure, system):
            yield f"{what}, {system}", f"not measured: {why}"


def tried(figures: Figures, measure: str) -> list[str]:
    """The systems that have looks there, or a reason to have none."""
    there = {*figures.systems(measure), *figures.failures.get(measure, {})}
    known = [system for system in ORDER if system in there]
    return known + sorted(there - set(known))


def banded(band: Band, show: Show) -> str:
    """A median and how far the rounds reached.

    >>> banded(Band.of([90.0, 120.0, 100.0]), microseconds)
    '100 µs (90.0 µs to 120 µs, 3 rounds)'
    """
    if band.rounds == 1:
        return f"{show(band.median)}, one round"
    return f"{show(band.median)} ({show(band.least)} to {show(band.most)}, {band.rounds} rounds)"


def averages(figures: Figures, measure: str, system: str) -> str:
    """The mean and the median of the answers' times.

    >>> figures = Figures()
    >>> figures.add("hello_1", "Node.js", {"mean_us": 90.0, "p50_us": 80.0})
    >>> averages(figures, "hello_1", "Node.js")
    '90.0 µs (median 80.0 µs)'
    """
    mean, median = (figures.median(measure, system, name) or 0.0 for name in AVERAGES)
    return f"{microseconds(mean)} (median {microseconds(median)})"


def microseconds(value: float) -> str:
    """A duration in the article's own unit.

    >>> microseconds(2500), microseconds(42)
    ('2,500 µs', '42.0 µs')
    """
    return f"{value:,.0f} µs" if value >= 100 else f"{value:.1f} µs"


def milliseconds(value: float) -> str:
    """A duration that was told in ms."""
    return units.seconds(value / 1e3)


def megabytes(value: float) -> str:
    """Memory in millions of bytes, as the article tells it.

    >>> megabytes(8.04), megabytes(212.3)
    ('8.0 MB', '212 MB')
    """
    return f"{value:.1f} MB" if abs(value) < 100 else f"{value:,.0f} MB"


def share(value: float) -> str:
    """A share of one core, or of a whole."""
    return units.percent(100 * value)


def times(value: float) -> str:
    """How often one thing is in another.

    >>> times(1.25), times(40.0)
    ('1.2 times', '40 times')
    """
    return f"{value:.1f} times" if value < 10 else f"{value:,.0f} times"


def number(value: float) -> str:
    """How many things."""
    return units.count(int(value))
