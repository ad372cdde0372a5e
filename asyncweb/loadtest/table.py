"""A result as a table, with what happened in each second and what limited it.

Rule: the latency from the send stands beside that from when a request was due only where the two
differ.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from asyncweb.drawing import units
from asyncweb.drawing.sparkline import axis, bars, columns, sparkline
from asyncweb.loadtest.percentiles import percentiles
from asyncweb.loadtest.result import Result
from asyncweb.loadtest.second import Second
from asyncweb.metrics.histogram import Histogram

WIDTH = 60  # of the line of seconds, and of the picture of all answers
BAR_LINES = 3
CUT = "│"  # between the warm-up and what counts


def table(result: Result) -> RenderableType:
    """`result` as it is shown in a terminal and in a notebook."""
    parts = [Text(_headline(result), style="bold")]
    parts += [Text(line) for line in _lines(result)]
    words = Text(f"What limited it: {result.explain()}.")
    if not result.requests:
        return Group(*parts, words)
    return Group(*parts, _percentiles(result), *_answers(result.latency), Text(), words)


def _headline(result: Result) -> str:
    return (
        f"{result.target}: {units.rate(result.throughput_rps)} with "
        f"{units.count(result.connections)} connections in {units.seconds(result.duration_s)}"
        f"{', interrupted' if result.interrupted else ''}"
    )


def _lines(result: Result) -> Iterator[str]:
    if result.schedule:
        yield f"schedule  {result.schedule}"
    if result.warm_up_s:
        cut_off = units.count(result.warm_up_requests)
        yield f"warm-up   {units.seconds(result.warm_up_s)}, its {cut_off} answers are cut off"
    yield f"errors    {units.errors(result.errors)}"
    if result.dropped:
        yield f"dropped   {units.count(result.dropped)}"
    if result.unanswered:
        yield f"awaited   {units.count(result.unanswered)}, unanswered when the load was over"
    if result.connects.count:
        p50, most = result.connects.percentile(0.5), result.connects.max
        yield f"connect   {units.seconds(p50)}, at most {units.seconds(most)}"
    if len(result.seconds) > 1:
        yield _drawn("req/s     ", result, lambda second: second.requests, units.rate)
        yield _drawn("p99       ", result, lambda second: second.p99_s or 0.0, units.seconds)


def _drawn(
    name: str, result: Result, value: Callable[[Second], float], write: Callable[[float], str]
) -> str:
    """The seconds of `result` as a line, those of the warm-up before the cut."""
    warm_up = [value(second) for second in result.warm_up]
    counted = [value(second) for second in result.seconds]
    top = max([*warm_up, *counted])
    before = sparkline(warm_up, min(WIDTH, len(warm_up)), top) + CUT if warm_up else ""
    line = sparkline(counted, min(WIDTH, len(counted)), top)
    hint = f"; before {CUT} the warm-up" if warm_up else ""
    return f"{name}{before}{line} {write(min(counted))} to {write(max(counted))} each second{hint}"


def _answers(latency: Histogram) -> list[Text]:
    """All answers as bars, by how long they took."""
    low_s, high_s = max(latency.min, 1e-6) / 1.5, max(latency.max, 1e-6) * 1.5
    shares = columns(latency, low_s, high_s, WIDTH)
    drawn = bars(shares, BAR_LINES, max(shares))
    return [Text(line, no_wrap=True) for line in (*drawn, axis(low_s, high_s, WIDTH))]


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
