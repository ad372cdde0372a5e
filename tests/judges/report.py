"""What the judges said, for people and for programs.

Rule: everything that was found is shown; security first.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from tests.judges.explained import EXPLAINED
from tests.judges.hearing import Finding, Hearing

_ORDER = ("unsafe", "wrong", "strict")


def show(console: Console, hearings: Sequence[Hearing], missing: dict[str, str]) -> None:
    """Prints the table, then every failure, then what was explained and what could not run."""
    table = Table(title="outside judges")
    for column in ("judge", "engine", "cases", "passed", "explained", "failed"):
        table.add_column(column, justify="left" if column in ("judge", "engine") else "right")
    for h in hearings:
        row = (h.cases, h.passed, h.explained, len(h.failures))
        table.add_row(h.judge, h.engine, *map(str, row))
    console.print(table)
    for group in merged(hearings):
        _show_failure(console, *group)
    for name, why in missing.items():
        console.print(f"[yellow]not heard:[/] {name}: {escape(why)}")
    for stale in stale_explanations(hearings):
        console.print(f"[yellow]explains nothing any more:[/] {escape(stale)}")


def merged(hearings: Sequence[Hearing]) -> list[tuple[Finding, list[str]]]:
    """Failures with the engines that share them, the unsafe ones first."""
    groups: dict[tuple[str, ...], tuple[Finding, list[str]]] = {}
    for hearing in hearings:
        for found in hearing.failures:
            key = (found.case.judge, found.case.name, found.way, found.deviation.says)
            groups.setdefault(key, (found, []))[1].append(found.engine)
    return sorted(groups.values(), key=lambda group: _ORDER.index(group[0].deviation.kind))


def _show_failure(console: Console, found: Finding, engines: list[str]) -> None:
    case = found.case
    colour = "red" if found.deviation.kind == "unsafe" else "magenta"
    console.print(
        f"[bold {colour}]{found.deviation.kind}[/] {case.judge}: {escape(case.name)} "
        f"({', '.join(engines)}; {found.way})",
        emoji=False,
    )
    console.print(
        f"  sent {escape(repr(case.data[:400]))}", soft_wrap=True, highlight=False, emoji=False
    )
    console.print(
        f"  expected {case.verdict}; came {escape(found.came)}", soft_wrap=True, emoji=False
    )
    console.print(f"  {escape(found.deviation.says)}", soft_wrap=True, emoji=False)


def stale_explanations(hearings: Sequence[Hearing]) -> list[str]:
    """The lines of the reviewed table that matched nothing, of the judges that were heard."""
    heard = {hearing.judge for hearing in hearings}
    used = {id(found.explanation) for hearing in hearings for found in hearing.findings}
    return [
        f"{line.judge}: {line.case}: {line.says}"
        for line in EXPLAINED
        if line.judge in heard and id(line) not in used
    ]


def as_json(hearings: Sequence[Hearing], missing: dict[str, str]) -> dict[str, Any]:
    """The same as plain data."""
    return {
        "hearings": [
            {
                "judge": h.judge, "engine": h.engine, "cases": h.cases, "passed": h.passed,
                "explained": h.explained, "failed": len(h.failures),
            }
            for h in hearings
        ],
        "findings": [_plain(found) for h in hearings for found in h.findings],
        "missing": missing,
        "stale": stale_explanations(hearings),
    }  # fmt: skip


def _plain(found: Finding) -> dict[str, Any]:
    why = found.explanation
    return {
        "judge": found.case.judge,
        "engine": found.engine,
        "case": found.case.name,
        "sent": found.case.data.decode("latin-1"),
        "expected": str(found.case.verdict),
        "came": found.came,
        "kind": found.deviation.kind,
        "says": found.deviation.says,
        "way": found.way,
        "explained": f"{why.section}: {why.why}" if why else None,
    }
