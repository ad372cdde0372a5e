"""Final figures of several servers, one row each.

Rule: a pure function of plain values and a width. However narrow it is, one can tell who is who.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from rich import box
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions
from rich.markup import escape
from rich.table import Table

from asyncweb.drawing import units


@dataclass(frozen=True, slots=True)
class Row:
    """What one server achieved; what was not measured is None."""

    name: str
    throughput_rps: float | None
    latency_s: Mapping[str, float | None]
    errors: Mapping[str, int] = field(default_factory=dict)
    rss_bytes: int | None = None
    bytes_per_connection: float | None = None
    threads_peak: int | None = None
    connections: int | None = None


@dataclass(frozen=True, slots=True)
class ResultsTable:
    """The table of `rows` as it fits where it is shown."""

    rows: Sequence[Row]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Table]:
        yield results_table(self.rows, width=options.max_width)


def results_table(rows: Sequence[Row], title: str = "", width: int | None = None) -> Table:
    """A table of `rows`; columns that nobody measured are left out.

    So are, and this is said below it, the least important ones that do not fit into `width`
    characters. The names always stay: folded when they would take more than half of it.
    """
    cells = {
        heading: [_cell(heading, row) or units.NOT_MEASURED for row in rows]
        for heading in _COLUMNS
        if any(_cell(heading, row) for row in rows)
    }
    left_out = [] if width is None else _narrow(cells, width)
    table = Table(
        title=escape(title) or None,
        title_justify="left",
        caption=f"no room here for: {', '.join(left_out)}" if left_out else None,
        caption_justify="left",
        box=box.SIMPLE_HEAD,
        show_edge=False,
        padding=0,  # so that ten columns fit into 80 characters
    )
    for heading in cells:
        if heading == "server":
            most = width and max(width - _width_beside_names(cells), 1)
            table.add_column(heading, overflow="fold", max_width=most)
        else:
            table.add_column(heading, justify="right", no_wrap=True)
    for row in zip(*cells.values(), strict=True):
        table.add_row(*map(escape, row))  # a name is no markup
    return table


def _narrow(cells: dict[str, list[str]], width: int) -> list[str]:
    """Makes the columns fit into `width` characters; gives the headings of those that went."""
    if not cells or _width("server", cells) + _width_beside_names(cells) <= width:
        return []
    names = min(_width("server", cells), width // 2)
    if "errors" in cells:  # one kind a line
        cells["errors"] = [cell.replace(", ", ",\n") for cell in cells["errors"]]
    went = []
    for heading in _FIRST_TO_GO:
        if names + _width_beside_names(cells) <= width:
            break
        if cells.pop(heading, None):
            went.append(heading)
    return went


def _width_beside_names(cells: Mapping[str, list[str]]) -> int:
    return sum(GAP + _width(heading, cells) for heading in cells if heading != "server")


def _width(heading: str, cells: Mapping[str, list[str]]) -> int:
    return max(cell_len(line) for cell in (heading, *cells[heading]) for line in cell.split("\n"))


_COLUMNS = (
    "server", "conn.", "req/s", "p50", "p99", "max", "RSS", "per conn", "threads", "errors",
)  # fmt: skip
_FIRST_TO_GO = ("max", "per conn", "RSS", "p50", "threads", "conn.", "errors", "p99")
GAP = 1  # between two columns


def _cell(heading: str, row: Row) -> str:
    cells = {
        "server": row.name,
        "conn.": units.count(row.connections),
        "req/s": units.rate(row.throughput_rps).removesuffix("/s"),
        **{name: units.seconds(row.latency_s.get(name)) for name in ("p50", "p99", "max")},
        "errors": units.errors(row.errors) if row.errors else units.NOT_MEASURED,
        "RSS": units.memory(row.rss_bytes),
        "per conn": units.memory(row.bytes_per_connection),
        "threads": units.count(row.threads_peak),
    }
    return "" if cells[heading] == units.NOT_MEASURED else cells[heading]
