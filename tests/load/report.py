"""What a siege found, as tables for people and as plain values for JSON.

Rule: complaints come first; a number stands beside what it is compared with.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from rich.console import Console
from rich.table import Table

from tests.load.siege import PHASES, Findings, limited_by


def show(console: Console, found: Findings) -> None:
    """Prints it all."""
    complaints = found.complaints()
    console.rule(f"{found.engine}: {len(complaints)} complaints")
    for text in complaints:
        console.print(text, style="red", markup=False)
    for text in limited_by(found):
        console.print(f"limited by the generator: {text}", style="yellow")
    console.print(_good(found))
    console.print(
        f"p99 besieged / alone: {found.p99_ratio:.2f}; "
        f"another besieged / alone: {found.p99_elsewhere:.2f}; "
        f"alone after / before: {found.p99_band:.2f}"
    )
    console.print(_rogues(found))
    console.print(
        f"bad clients' process: {found.rogues['cpu']:.0%} of a core, at most "
        f"{found.rogues['slip_s']:.2f} s late"
    )
    console.print(f"before: {found.before}\nafter: {found.after}")
    for phase, story in found.memory.items():
        console.print(f"{phase}: {story}", soft_wrap=True)


def _good(found: Findings) -> Table:
    columns = ("phase", "sent", "answered", "wrong", "lost", "p50", "p99", "max", "slip p99", "cpu")
    table = Table(*columns, title="good clients; latencies in ms from the planned moment")
    for phase, tally in found.tallies.items():
        said = tally.to_dict()
        latency, slip = said["latency_s"], said["generator_slip_s"]
        figures = [latency["p50"], latency["p99"], latency["max"], slip["p99"]]
        counts = [said[name] for name in ("sent", "answered", "wrong", "lost")]
        table.add_row(
            phase, *(f"{count:,}" for count in counts),
            *("-" if one is None else f"{1000 * one:.1f}" for one in figures),
            f"{said['generator_cpu']:.0%}",
        )  # fmt: skip
    return table


def _rogues(found: Findings) -> Table:
    table = Table("kind", "clients", "tries", "statuses", "longest hold, s", title="bad clients")
    for name, record in found.rogues["records"].items():
        said = ", ".join(f"{outcome}: {count:,}" for outcome, count in record.outcomes.items())
        table.add_row(
            name, str(record.clients), f"{record.tries:,}", said, f"{record.longest_s:.1f}"
        )
    return table


def as_json(found: Findings) -> dict[str, Any]:
    """Plain values."""
    return {
        "engine": found.engine,
        "terms": asdict(found.terms),
        "complaints": found.complaints(),
        "limited_by": limited_by(found),
        "good": {phase: tally.to_dict() for phase, tally in found.tallies.items()},
        "p99_ratio": found.p99_ratio,
        "p99_elsewhere": found.p99_elsewhere,
        "p99_band": found.p99_band,
        "phases": PHASES,
        "bad": {
            **found.rogues,
            "records": {name: one.to_dict() for name, one in found.rogues["records"].items()},
        },
        "memory": found.memory,
        "before": found.before,
        "after": found.after,
        "server": found.stats,
        "errors": found.errors,
        "stderr": found.stderr,
    }
