"""Final figures of several servers, one row each.

Rule: a pure function of plain values.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from rich import box
from rich.markup import escape
from rich.table import Table

from asyncweb.dashboard import units


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


def results_table(rows: Sequence[Row], title: str = "") -> Table:
    """A table of `rows`; columns that nobody measured are left out."""
    table = Table(
        title=escape(title) or None,
        title_justify="left",
        box=box.SIMPLE_HEAD,
        show_edge=False,
        padding=0,  # so that ten columns fit into 80 characters
    )
    shown = [column for column in _COLUMNS if any(_cell(column, row) for row in rows)]
    for heading in shown:
        if heading == "server":
            table.add_column(heading, min_width=7, overflow="fold")
        else:
            table.add_column(heading, justify="right", no_wrap=True)
    for row in rows:
        cells = (_cell(heading, row) or units.NOT_MEASURED for heading in shown)
        table.add_row(*map(escape, cells))  # a name is no markup
    return table


_COLUMNS = (
    "server", "conn.", "req/s", "p50", "p99", "max", "RSS", "per conn", "threads", "errors",
)  # fmt: skip


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
