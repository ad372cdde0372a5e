"""The few figures that decide, so large that the back of the room reads them.

Rule: a pure function of a frame and a size, in the colours and on the scale of the whole view.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from asyncweb.dashboard.box import one_line
from asyncweb.dashboard.difference import differences
from asyncweb.dashboard.load_lines import turns
from asyncweb.dashboard.view import colour
from asyncweb.drawing import units
from asyncweb.drawing.digits import LINES, LOW_LINES, digits, low_digits
from asyncweb.metrics.snapshot import Frame, Snapshot, Track

FIGURES: tuple[tuple[str, Callable[[Snapshot], str]], ...] = (
    ("requests", lambda moment: units.rate(moment.throughput_rps)),
    ("p99", lambda moment: units.seconds(moment.latency_s.get("p99"))),
    ("memory", lambda moment: units.memory(moment.rss_bytes)),
    ("threads", lambda moment: units.count(moment.threads)),
)
CELL = 38  # columns of a figure: four digits, a point and a unit
LOW_CELL = 24
_NUMBER = re.compile(r"[-\d.,–]*")  # noqa: RUF001  an en dash is a figure too


def render_big(frame: Frame, width: int, height: int) -> RenderableType:
    """The picture of `frame`, at most `width` columns wide; in lower digits where it must be."""
    said = [Text(sentence, style="bold", overflow="fold") for sentence in differences(frame)]
    head = [one_line(frame.title, width, "bold")]
    if frame.turn is not None and turns(frame.turn):
        head.append(one_line(turns(frame.turn), width, ""))
    if frame.note:
        head.append(one_line(frame.note, width, "dim"))
    room = (height - len(head) - 2 * len(said)) // max(len(frame.tracks), 1)
    is_low = room < LINES + 2 or width < 2 * CELL
    shown = FIGURES[: max(width // (LOW_CELL if is_low else CELL), 1)]
    tracks = [
        _track(track, shown, colour(track, place), is_low)
        for place, track in enumerate(frame.tracks)
    ]
    return Group(*head, *tracks, *said)


def _track(
    track: Track,
    shown: Sequence[tuple[str, Callable[[Snapshot], str]]],
    style: str,
    is_low: bool,
) -> RenderableType:
    table = Table.grid(padding=(0, 2, 0, 0))
    for _ in shown:
        table.add_column(width=(LOW_CELL if is_low else CELL) - 2, no_wrap=True)
    table.add_row(*(Text(label, style="dim") for label, _ in shown))
    table.add_row(*(_figure(text(track.now), style, is_low) for _, text in shown))
    return Group(Text(track.name, style=f"bold reverse {style}", no_wrap=True), table)


def _figure(text: str, style: str, is_low: bool) -> Text:
    number = _NUMBER.match(text)
    end = number.end() if number else 0
    lines = low_digits(text[:end]) if is_low else digits(text[:end])
    lines[-1 if not is_low else LOW_LINES - 2] += f"  {text[end:].strip()}"
    return Text("\n".join(lines), style=f"bold {style}", no_wrap=True)
