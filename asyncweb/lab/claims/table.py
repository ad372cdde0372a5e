"""The trial's results in a terminal: verdicts, costs with their bands, ours beside each.

Rule: pure functions of a report; what was not measured is a dash, and its reason stands below.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from asyncweb.lab.claims.claim import Claim
from asyncweb.lab.claims.costs import COSTS, rust_wins, spelled
from asyncweb.lab.claims.names import OUR_LOOP
from asyncweb.lab.claims.report import Report
from asyncweb.lab.claims.verdict import Verdict, Word

STYLES = {Word.HOLDS: "green", Word.FAILS: "red", Word.OPEN: "yellow", Word.UNMEASURED: "dim"}
SIGNS = {Word.HOLDS: "✓", Word.FAILS: "✗", Word.OPEN: "?", Word.UNMEASURED: "·"}


def results(report: Report) -> RenderableType:
    """All of it, the verdicts last: that is where a terminal stands in the end."""
    parts: list[RenderableType] = []
    if any(cost.band(report.figures, name) for cost in COSTS for name in report.names):
        parts += [costs_table(report), Text(), ratios_table(report), Text(), *_words(report)]
    return Group(*parts, *_doubts(report), verdicts_table(report.verdicts))


def verdicts_table(verdicts: Iterable[tuple[Claim, Verdict]]) -> Table:
    """A line for each claim: what was said, what became of it, and why."""
    table = _table("verdicts")
    table.add_column("", no_wrap=True)
    table.add_column("the article says", ratio=2)
    table.add_column("verdict", no_wrap=True)
    table.add_column("why", ratio=3)
    for claim, verdict in verdicts:
        table.add_row(claim.id, escape(claim.said), signed(verdict.word), escape(verdict.why))
    return table


def figures_list(verdict: Verdict) -> RenderableType:
    """What a verdict rests on, a line each."""
    return _indented(dict(verdict.figures))


def signed(word: Word) -> Text:
    """A verdict's word with its sign, so that no colour is needed."""
    return Text(f"{SIGNS[word]} {word}", STYLES[word])


def costs_table(report: Report) -> Table:
    """A line for each system: medians, and in brackets how far the rounds reached."""
    table = _table("what it costs: median (least-most of the rounds)")
    table.add_column("system")
    for cost in COSTS:
        table.add_column(f"{cost.title}, {cost.unit}", justify="right")
    for name in report.names:
        cells = [spelled(cost.band(report.figures, name), "-") for cost in COSTS]
        table.add_row(escape(name), *cells, style=_style(name))
    return table


def ratios_table(report: Report) -> Table:
    """How many times ours every other system costs, round by round."""
    table = _table(f"times the cost of {OUR_LOOP}: below 1 the other is ahead")
    table.add_column("system")
    for cost in COSTS:
        table.add_column(cost.title, justify="right")
    for name in report.names:
        if name != OUR_LOOP:
            table.add_row(
                escape(name), *(spelled(cost.ratio(report.figures, name), "-") for cost in COSTS)
            )
    return table


def systems_list(systems: Iterable[Mapping[str, Any]]) -> RenderableType:
    """Every system: which, whether it can be had, and what it is given."""
    parts: list[RenderableType] = []
    for system in systems:
        parts.append(Text(f"{system['name']}  {system['language']}, {system['model']}", "bold"))
        told = {
            "here": system["missing"] or system["version"],
            "licence": system["licence"],
            "settings": system["settings"],
        }
        parts.append(_indented(told))
    return Group(*parts)


def claims_list(claims: Iterable[Claim]) -> RenderableType:
    """Every claim with its rule, as it stands before anything is measured."""
    parts: list[RenderableType] = []
    for claim in claims:
        parts.append(Text(f"{claim.id}  {claim.said}", "bold"))
        told = {"tested": claim.tested, "rule": claim.rule, "may change": claim.changes}
        parts.append(_indented(told))
    return Group(*parts)


def _indented(told: Mapping[str, str]) -> Padding:
    lines = "\n".join(f"{head}: {text}" for head, text in told.items())
    return Padding(Text(lines), (0, 0, 1, 4))


def _words(report: Report) -> Iterator[RenderableType]:
    wins = rust_wins(report.figures, report.languages)
    if wins:
        yield Text("where Rust wins", "bold")
        yield from map(Text, wins)
    yield Text()


def _doubts(report: Report) -> Iterator[RenderableType]:
    yield Text("how this could mislead you", "bold")
    for doubt in report.misleading:
        yield Padding(Text(str(doubt)), (0, 0, 0, 2))
    yield Text()


def _table(title: str) -> Table:
    return Table(title=title, title_justify="left", box=SIMPLE_HEAD, show_edge=False, padding=0)


def _style(name: str) -> str:
    return "bold" if name == OUR_LOOP else ""
