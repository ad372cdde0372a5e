"""A timeline in a terminal: a line for each request, and one for each thread.

Rule: what ran is seen however short it was; a column shows of the rest what lasted longest in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from asyncweb.lab.timeline.scale import Scale, thread_spans
from asyncweb.lab.timeline.story import BLOCKED, RUNS, UNDER_WAY, WAITS, Event, Timeline
from asyncweb.lab.timeline.words import holdups, processor_share

if TYPE_CHECKING:
    from rich.text import Text

COLUMNS = 64
ROWS = 24
STILL = "still"  # it has its thread, and for the most part no processor
SIGNS = {RUNS: "█", STILL: "▓", WAITS: "·", BLOCKED: "x", UNDER_WAY: "-"}
STYLES = {RUNS: "blue", STILL: "yellow", WAITS: "cyan", BLOCKED: "bold red", UNDER_WAY: "dim"}
LEGEND = {
    RUNS: "runs", STILL: "has its thread but mostly no processor", WAITS: "waits",
    BLOCKED: "blocked: another has the thread", UNDER_WAY: "under way",
}  # fmt: skip
_Row = tuple[str, list[str]]  # its name, and what happens in each column; "" is nothing


def as_text(timeline: Timeline) -> str:
    """All of it, as plain text."""
    return as_rich(timeline).plain


def as_rich(timeline: Timeline) -> Text:
    """All of it, in colours."""
    from rich.text import Text  # loaded by those who look

    scale = Scale(timeline.lasted_ms, COLUMNS)
    rows = list(_rows(timeline, scale))
    margin = max((len(name) for name, _ in rows), default=0) + 2
    text = Text(no_wrap=True)
    for name, cells in rows:
        text.append(name.ljust(margin))
        for cell in cells:
            text.append(SIGNS.get(cell, " "), STYLES.get(cell, ""))
        text.append("\n")
    if len(timeline.visits) > ROWS:
        text.append(f"and {len(timeline.visits) - ROWS} requests more\n", "dim")
    text.append(" " * margin + _axis(scale) + "\n", "dim")
    text.append("   ".join(f"{SIGNS[what]} {means}" for what, means in LEGEND.items()), "dim")
    for said in holdups(timeline):
        text.append(f"\n{said}")
    return text


def _rows(timeline: Timeline, scale: Scale) -> Iterator[_Row]:
    width = len(str(len(timeline.visits)))
    for visit in timeline.visits[:ROWS]:
        events = [event for event in timeline.events if event.request == visit.number]
        yield f"{visit.number:>{width}} {visit.name}", _cells(events, scale)
    for thread in timeline.threads[:ROWS]:
        yield f"{'':>{width}} {thread}", _cells(thread_spans(timeline, thread), scale)


def _cells(events: Sequence[Event], scale: Scale) -> list[str]:
    cells = [""] * scale.columns
    longest = [0.0] * scale.columns
    for event in events:
        runs = event.what == RUNS and not event.thread.startswith("offload")
        for column in scale.columns_of(event):
            share_ms = scale.share(event, column)
            weight = share_ms + (scale.column_ms if runs and share_ms else 0.0)
            if weight > longest[column]:
                longest[column], cells[column] = weight, _state(event)
    return cells


def _state(event: Event) -> str:
    if event.what != RUNS:
        return event.what
    share = processor_share(event)
    return STILL if share is not None and share < 0.5 else RUNS


def _axis(scale: Scale) -> str:
    line = [" "] * (scale.columns + 8)
    for tick_ms in scale.ticks():
        label = f"{tick_ms:g}"
        place = scale.column(tick_ms)
        line[place : place + len(label)] = label
    return "".join(line).rstrip() + " ms"
