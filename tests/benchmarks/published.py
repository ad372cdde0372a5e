"""What the README shows of the figures: a table, and a picture of the two that matter most.

    python -m tests.benchmarks.published FILE README.md .readme/cost.svg

FILE is what `python -m tests.benchmarks --json FILE` has kept. Rule: nothing is shown that is not
in there, and what ours differs from itself is shown with it.
"""

from __future__ import annotations

import argparse
from html import escape
from pathlib import Path

from tests.benchmarks.book import Book
from tests.benchmarks.measures import IDLE, START
from tests.benchmarks.report import ratio
from tests.benchmarks.servers import AGAIN, LIMIT, OURS

BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"
COLUMNS = {  # measure, figure: title
    ("hello", "cpu_us"): "hello",
    ("varied", "cpu_us"): "varied",
    ("task", "cpu_us"): "task",
    ("route", "cpu_us"): "route",
    ("json", "cpu_us"): "JSON",
    ("upload", "cpu_us"): "10 KiB in",
    ("large", "cpu_us"): "64 KiB out",
    ("pipelined", "cpu_us"): "pipelined",
    ("close", "cpu_us"): "close",
    ("wait", "cpu_us"): "1,000 wait",
    (IDLE, "bytes_per_connection"): "idle, bytes",
    (START, "base_mb"): "base, MB",
    (START, "first_answer_ms"): "start, ms",
}
WIDTH, LINE, NAMES, BAR = 760, 22, 210, 200
OWN, LIMITS, OTHERS = "#2a78d6", "#9aa0a6", "#d98c3f"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0], prog="published")
    parser.add_argument("figures", type=Path)
    parser.add_argument("readme", type=Path)
    parser.add_argument("picture", type=Path)
    options = parser.parse_args()
    book = Book.kept(options.figures)
    put(options.readme, BEGIN, END, markdown(book))
    options.picture.write_text(svg(book))


def put(readme: Path, begin: str, end: str, text: str) -> None:
    """Writes `text` between the two marks, instead of what is there."""
    before, _, rest = readme.read_text().partition(begin)
    _, found, after = rest.partition(end)
    if not found:
        raise SystemExit(f"{readme} has no place for the table: {begin} ... {end}")
    readme.write_text(f"{before}{begin}\n{text}{end}{after}")


def markdown(book: Book) -> str:
    """The table, and what it was measured on."""
    servers = sorted(book.servers("hello"), key=lambda server: _of(book, "hello", "cpu_us", server))
    shown = {what: title for what, title in COLUMNS.items() if what[0] in book.figures.looks}
    rows = [["server", *shown.values()], ["---", *("--:" for _ in shown)]]
    rows += [_row(book, server, list(shown)) for server in servers if server != AGAIN]
    table = "".join(f"| {' | '.join(row)} |\n" for row in rows)
    band = ratio(book, "hello", AGAIN, OURS)
    note = f" Ours a second time: {band:.2f} of itself." if band else ""
    versions = ", ".join(f"{name} {said}" for name, said in book.about["versions"].items() if said)
    return (
        f"\n{table}\nCPU in µs for each request, medians of one interleaved run on a "
        f"shared machine; Python {book.about['python']}, {book.about['system']}.{note} "
        f"{versions}.\n\n"
    )


def _row(book: Book, server: str, shown: list[tuple[str, str]]) -> list[str]:
    figures = [_spelled(book.figures.median(measure, server, name)) for measure, name in shown]
    return [f"**{server}**" if server.startswith(OURS) else server, *figures]


def _spelled(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}"


def svg(book: Book) -> str:
    """Two columns of bars: CPU per hello request, and memory per idle connection."""
    servers = [server for server in book.servers("hello") if server != AGAIN]
    servers.sort(key=lambda server: _of(book, "hello", "cpu_us", server))
    height = LINE * (len(servers) + 2)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        'font-family="sans-serif" font-size="13" fill="#888">',
        _text(NAMES, LINE, "CPU for each hello, µs"),
        _text(NAMES + BAR + 60, LINE, "memory of an idle connection, bytes"),
    ]
    for number, server in enumerate(servers, 2):
        parts.append(_text(NAMES - 10, LINE * number, server, anchor="end"))
        parts += _bar(book, "hello", "cpu_us", server, NAMES, LINE * number)
        parts += _bar(book, IDLE, "bytes_per_connection", server, NAMES + BAR + 60, LINE * number)
    return "\n".join([*parts, "</svg>\n"])


def _bar(book: Book, measure: str, name: str, server: str, x: int, y: int) -> list[str]:
    value = book.figures.median(measure, server, name)
    if value is None:
        return []
    # The slowest are far away: their bars end where three times our cost would.
    most = 3 * max(_of(book, measure, name, OURS), 1e-9)
    width = BAR * min(value / most, 1)
    colour = OWN if server.startswith(OURS) else LIMITS if server == LIMIT else OTHERS
    bar = f'<rect x="{x}" y="{y - 12}" width="{width:.0f}" height="15" fill="{colour}"/>'
    return [bar, _text(x + int(width) + 5, y, _spelled(value) + (" …" if value > most else ""))]


def _of(book: Book, measure: str, name: str, server: str) -> float:
    value = book.figures.median(measure, server, name)
    return float("inf") if value is None else value


def _text(x: int, y: int, text: str, anchor: str = "start") -> str:
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}">{escape(text)}</text>'


if __name__ == "__main__":
    main()
