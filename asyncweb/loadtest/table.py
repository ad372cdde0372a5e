"""A result as a table, with what happened in each second and what limited it.

Rule: the latency from the send stands beside that from when a request was due only where the two
differ.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from asyncweb.drawing import units
from asyncweb.drawing.sparkline import sparkline
from asyncweb.loadtest.percentiles import percentiles
from asyncweb.loadtest.result import Result

WIDTH = 60  # of the line of seconds


def table(result: Result) -> RenderableType:
    """`result` as it is shown in a terminal and in a notebook."""
    parts = [Text(_headline(result), style="bold")]
    parts += [Text(line) for line in _lines(result)]
    words = f"What limited it: {result.explain()}."
    if not result.requests:
        return Group(*parts, Text(words))
    return Group(*parts, _percentiles(result), Text(words))


def _headline(result: Result) -> str:
    return (
        f"{result.target}: {units.rate(result.throughput_rps)} with "
        f"{units.count(result.connections)} connections in {units.seconds(result.duration_s)}"
        f"{', interrupted' if result.interrupted else ''}"
    )


def _lines(result: Result) -> Iterator[str]:
    if result.schedule:
        yield f"schedule  {result.schedule}"
    yield f"errors    {units.errors(result.errors)}"
    if result.dropped:
        yield f"dropped   {units.count(result.dropped)}"
    if len(result.seconds) > 1:
        yield _drawn("req/s     ", [second.requests for second in result.seconds], units.rate)
        yield _drawn(
            "p99       ", [second.p99_s or 0.0 for second in result.seconds], units.seconds
        )


def _drawn(name: str, values: Sequence[float], write: Callable[[float], str]) -> str:
    line = sparkline(values, min(WIDTH, len(values)), max(values))
    return f"{name}{line} {write(min(values))} to {write(max(values))} in each second"


def _percentiles(result: Result) -> Table:
    drawn = Table(box=box.SIMPLE_HEAD, show_edge=False)
    differ = result.is_open and result.service.count and result.service != result.latency
    headings = ["from due", "from send"] if differ else ["latency"]
    for heading in ("", *headings, "95 % band", "beyond"):
        drawn.add_column(heading, justify="right", no_wrap=True)
    sent = percentiles(result.service)
    for number, found in enumerate(result.percentiles):
        figures = [found.value_s, sent[number].value_s] if differ else [found.value_s]
        band = f"{_bound(found.low_s)} to {_bound(found.high_s)}"
        few = "" if found.is_firm else ", few"
        drawn.add_row(
            found.name, *map(units.seconds, figures), band, f"{units.count(found.beyond)}{few}"
        )
    longest = [result.latency.max, result.service.max] if differ else [result.latency.max]
    drawn.add_row("max", *map(units.seconds, longest))
    return drawn


def _bound(seconds: float | None) -> str:
    return "?" if seconds is None else units.seconds(seconds)
