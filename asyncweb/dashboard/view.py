"""From a frame to a picture: servers side by side, on one scale.

Rule: a pure function. The same frame and width give the same picture; nothing is measured here.
"""

from __future__ import annotations

import math
import textwrap
from itertools import chain

from rich.text import Text

from asyncweb.dashboard.box import (
    EDGES,
    Line,
    Picture,
    box,
    one_line,
    printable,
    same_height,
    side_by_side,
)
from asyncweb.dashboard.cause import causes, silent_s
from asyncweb.dashboard.difference import differences
from asyncweb.dashboard.figures import Figures, columns_of, headings, margin
from asyncweb.dashboard.heat import heat_lines, used_bands
from asyncweb.dashboard.honesty import honesty
from asyncweb.dashboard.lists import failure_lines, heap_lines, route_lines
from asyncweb.dashboard.load_lines import load_lines, packed
from asyncweb.dashboard.panels import Layout, wanted
from asyncweb.dashboard.rows import BY_ADDRESS
from asyncweb.dashboard.spread import ends, spread_lines
from asyncweb.metrics.snapshot import Frame, Track

# Blue, orange and green keep apart for the colour-blind, and all of them from white and black.
COLOURS = {"async": "#2f7fc4", "threads": "#c96a00"}
OTHER_COLOURS = ("#2f7fc4", "#c96a00", "#23895f", "#a352a8")
SILENT_STYLE = "#808080"
KINDS = {"async": "event loop", "threads": "a thread each"}
LEAST_PANEL = 36
BORDERS, AXIS_LINES = 2, 1
MARKS_TOLD = 3
LISTS = {"failures": failure_lines, "routes": route_lines, "heap": heap_lines}


def render(frame: Frame, width: int = 100, height: int | None = None) -> Picture:
    """The picture of `frame`, at most `width` columns wide; panels stack where it is narrow.

    Where a `height` is given, pictures and rows go until it fits, or no more can go.
    """
    tracks = frame.tracks
    across = max(1, min(len(tracks), width // LEAST_PANEL))
    head, foot = _head(frame, width), _foot(frame, width)
    room = None
    if height is not None:
        lines = height - len(head) - len(foot)
        room = lines // max(math.ceil(len(tracks) / across), 1) - BORDERS
    boxes = _boxes(frame, width // across, room)
    rows = [side_by_side(boxes[at : at + across]) for at in range(0, len(boxes), across)]
    around = [[[line] for line in lines] for lines in (head, foot)]
    return Picture([*around[0], *chain(*rows), *around[1]])


def colour(track: Track, place: int) -> str:
    """The colour of a server: always the same for the same engine."""
    return COLOURS.get(track.engine, OTHER_COLOURS[place % len(OTHER_COLOURS)])


def _head(frame: Frame, width: int) -> list[Text]:
    lines = [one_line(frame.title, width, "bold")]
    if frame.turn is not None:
        lines += load_lines(frame.turn, width)
    places = {track.name: place for place, track in enumerate(frame.tracks)}
    has_ended = frame.turn is not None and frame.turn.has_ended
    for name, trouble in [] if has_ended else causes(frame):
        place = places[name]
        style = f"bold {colour(frame.tracks[place], place)}"
        for line in textwrap.wrap(printable(f"{name} {trouble}"), width):
            lines.append(Text(line, style=style))
    return lines


def _foot(frame: Frame, width: int) -> list[Text]:
    has_ended = frame.turn is not None and frame.turn.has_ended
    # Of a race that has ended the verdict speaks, which knows the noise.
    # And beside a dead server nothing is compared.
    is_silent = any(silent_s(frame, track) for track in frame.tracks)
    said = [] if has_ended or is_silent else differences(frame)
    lines = [Text(line) for sentence in said for line in textwrap.wrap(printable(sentence), width)]
    marks = list(enumerate(frame.marks, 1))[-MARKS_TOLD:]
    told = [f"{number}: {printable(mark.label)}, at {mark.at_s:.0f} s" for number, mark in marks]
    lines += [Text(line) for line in packed(told, width)]
    own = textwrap.wrap("; ".join(honesty(frame)), width)
    lines += [Text(line, style="dim") for line in own]
    if frame.note:
        lines.append(one_line(frame.note, width, "dim"))
    return lines


def _boxes(frame: Frame, width: int, room: int | None) -> list[list[Line]]:
    """A box for each server, all of the same height."""
    inner = width - EDGES
    rows, columns = wanted(frame), columns_of(frame.tracks, inner)
    if room is not None:
        room -= len(headings(columns, rows)) + AXIS_LINES + bool(frame.marks)
    layout = Layout.of(frame, rows, room)
    figures = Figures.of(frame, layout.rows, columns, inner)
    styles = [
        SILENT_STYLE if silent_s(frame, track) else colour(track, place)
        for place, track in enumerate(frame.tracks)
    ]
    contents = same_height(
        [_content(frame, place, figures, layout, style) for place, style in enumerate(styles)]
    )
    return [
        box(_title(frame, track), lines, width, style)
        for track, lines, style in zip(frame.tracks, contents, styles, strict=True)
    ]


def _title(frame: Frame, track: Track) -> str:
    if quiet_s := silent_s(frame, track):
        return f"{track.name}: no answer for {quiet_s:.0f} s"
    if track.engine == BY_ADDRESS:
        return track.name
    return f"{track.name}: {KINDS.get(track.engine, track.engine)}"


def _content(frame: Frame, place: int, figures: Figures, layout: Layout, style: str) -> list[Line]:
    """What stands in the box of the server at `place`."""
    track, columns = frame.tracks[place], figures.columns
    lines = [*headings(columns, figures.rows), *figures.lines(frame, place, style)]
    if most := layout.lines.get("heat"):
        bands = used_bands(frame.tracks)
        lines += heat_lines(figures.cells[place], bands, most, margin(columns), style)
    if lines:
        lines += figures.axis(frame)
    for name, lister in LISTS.items():
        lines += lister(track, layout.lines.get(name, 0))
    inner = margin(columns) + figures.timeline.width
    bars = layout.lines.get("histogram", 0)
    return [*lines, *spread_lines(track, ends(frame.tracks), bars, inner, style)]
