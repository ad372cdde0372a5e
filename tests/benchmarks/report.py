"""The tables: one for each measure, with the medians and how they stand to the limit."""

from __future__ import annotations

from collections.abc import Iterator

from rich.table import Table

from tests.benchmarks.book import Book
from tests.benchmarks.measures import IDLE, START
from tests.benchmarks.servers import AGAIN, LIMIT, OURS
from tests.benchmarks.shapes import SHAPES

COLUMNS = {
    IDLE: {"bytes_per_connection": "bytes a connection"},
    START: {"first_answer_ms": "first answer, ms", "base_mb": "memory, MB"},
}
OF_SHAPES = {
    "cpu_us": "CPU a request, µs",
    "requests_per_s": "requests/s",
    "p50_ms": "p50, ms",
    "p99_ms": "p99, ms",
}


def ratio(book: Book, measure: str, server: str, other: str) -> float | None:
    """How the first figure of `server` stands to that of `other`, round by round."""
    return book.ratio(measure, server, other, next(iter(COLUMNS.get(measure, OF_SHAPES))))


def tables(book: Book) -> Iterator[Table]:
    """All that was measured."""
    for measure in book.measures():
        yield _table(book, measure)


def _table(book: Book, measure: str) -> Table:
    columns = COLUMNS.get(measure, OF_SHAPES)
    about = SHAPES[measure].about if measure in SHAPES else ""
    band = ratio(book, measure, AGAIN, OURS)
    notes = [f"{AGAIN}: {band:.2f} of {OURS}"] if band else []
    failed = book.figures.failures.get(measure, {})
    notes += [f"{name}: {why}" for name, why in failed.items()]
    title, caption = f"{measure}: {about}" if about else measure, "\n".join(notes)
    table = Table(title=title, caption=caption, caption_justify="left")
    table.add_column("server")
    for title in columns.values():
        table.add_column(title, justify="right")
    table.add_column(f"of {LIMIT}", justify="right")
    for server in sorted(book.servers(measure), key=lambda server: _rank(book, measure, server)):
        table.add_row(*_row(book, measure, server, list(columns)))
    return table


def _rank(book: Book, measure: str, server: str) -> float:
    value = book.figures.median(measure, server, next(iter(COLUMNS.get(measure, OF_SHAPES))))
    return float("inf") if value is None else value


def _row(book: Book, measure: str, server: str, names: list[str]) -> list[str]:
    values = (book.figures.median(measure, server, name) for name in names)
    to_limit = ratio(book, measure, server, LIMIT)
    told = ["" if value is None else _number(value) for value in values]
    return [server, *told, f"{to_limit:.2f}" if to_limit else ""]


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 1000 else f"{value:.1f}"
