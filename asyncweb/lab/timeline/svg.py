"""A timeline as a picture: a row for each request, and below them one for each thread.

Rule: form tells as much as colour. What runs is high, what waits is a low band, what is blocked is
hatched; the colours are those that colour-blind people tell apart (Okabe and Ito). The picture
brings its own ground, so that it can be read on white and on black.
"""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence

from asyncweb.lab.timeline.scale import Scale, thread_spans
from asyncweb.lab.timeline.story import BLOCKED, RUNS, UNDER_WAY, WAITS, Event, Timeline
from asyncweb.lab.timeline.words import holdups, in_words, processor_share

WIDTH, MARGIN, RIGHT = 960, 190, 24
ROW, BAR, BAND, AXIS, LINE = 26, 18, 6, 28, 18
ROWS = 30
LEAST = 1.6  # what is shorter would not be seen
BLUE, PALE, SKY, ORANGE, GREY, INK = (
    "#0072b2", "#d9ebf7", "#56b4e9", "#d55e00", "#9a9a9a", "#222222",
)  # fmt: skip
ORDER = (UNDER_WAY, WAITS, BLOCKED, RUNS)  # what is drawn later covers what is drawn before
_HATCH = (
    '<pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" '
    f'patternTransform="rotate(45)"><rect width="6" height="6" fill="#fbe3d3"/>'
    f'<rect width="2.4" height="6" fill="{ORANGE}"/></pattern>'
)
_LEGEND = (
    (RUNS, "runs (filled: its share of a processor)"),
    (WAITS, "waits"),
    (BLOCKED, "blocked: another has the thread"),
    (UNDER_WAY, "under way"),
)


def drawn(timeline: Timeline) -> str:
    """The whole picture, as an SVG file."""
    scale = Scale(timeline.lasted_ms, WIDTH - MARGIN - RIGHT)
    rows = [*_request_rows(timeline), *_thread_rows(timeline)]
    below = LINE + ROW * len(rows)
    said = list(holdups(timeline))
    if len(timeline.visits) > ROWS:
        said.append(f"{len(timeline.visits) - ROWS} requests more are not drawn.")
    height = below + AXIS + LINE * (len(said) + 2)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" '
        f'height="{height}" role="img" font-family="system-ui, sans-serif" font-size="13">',
        f"<title>{html.escape(in_words(timeline))}</title><defs>{_HATCH}</defs>",
        f'<rect width="{WIDTH}" height="{height}" rx="6" fill="#ffffff"/>',
        *_axis(scale, below),
    ]
    for number, (label, events, is_thread) in enumerate(rows):
        parts += _row(label, events, is_thread, LINE + ROW * number, scale)
    parts += _legend(below + AXIS)
    for number, line in enumerate(said):
        parts.append(_text(12, below + AXIS + LINE * (number + 2), line))
    return "\n".join([*parts, "</svg>"])


_Row = tuple[str, Sequence[Event], bool]  # its name, what happens, and whether it is a thread


def _request_rows(timeline: Timeline) -> Iterator[_Row]:
    for visit in timeline.visits[:ROWS]:
        events = [event for event in timeline.events if event.request == visit.number]
        failed = f" → {visit.status}" if (visit.status or 0) >= 400 else ""
        yield f"{visit.number}  {visit.name}{failed}", events, False


def _thread_rows(timeline: Timeline) -> Iterator[_Row]:
    for thread in timeline.threads[:ROWS]:
        yield thread, thread_spans(timeline, thread), True


def _row(
    label: str, events: Sequence[Event], is_thread: bool, top: float, scale: Scale
) -> Iterator[str]:
    middle = top + ROW / 2
    yield _text(12, middle + 4.5, label[:26], "italic" if is_thread else "normal")
    yield (
        f'<line x1="{MARGIN}" x2="{WIDTH - RIGHT}" y1="{middle}" y2="{middle}" stroke="#ececec"/>'
    )
    for event in sorted(events, key=lambda event: ORDER.index(event.what)):
        # What is offloaded runs elsewhere, while its request waits: it has a row of its own.
        if is_thread or not event.thread.startswith("offload"):
            left = MARGIN + scale.place(event.begins_ms)
            width = max(scale.place(event.lasts_ms), LEAST)
            yield from _bar(event, left, width, middle)
            if is_thread and width > 9 * len(str(event.request)):
                yield _number(event, left + width / 2, middle)


def _bar(event: Event, left: float, width: float, middle: float) -> Iterator[str]:
    if event.what == RUNS:
        share = processor_share(event)
        filled = BAR * (1.0 if share is None or width <= 2 * LEAST else share)
        yield _rect(left, middle - BAR / 2, width, BAR, PALE, BLUE)
        yield _rect(left, middle + BAR / 2 - filled, width, filled, BLUE)
    elif event.what == BLOCKED:
        yield _rect(left, middle - BAR / 2 + 2, width, BAR - 4, "url(#hatch)", ORANGE)
    elif event.what == WAITS:
        yield _rect(left, middle - BAND / 2, width, BAND, SKY)
    else:
        yield _rect(left, middle - 1, width, 2, GREY)


def _number(event: Event, centre: float, middle: float) -> str:
    return (
        f'<text x="{centre:.1f}" y="{middle + 4}" text-anchor="middle" font-size="11" '
        f'font-weight="bold" fill="{INK}" stroke="#ffffff" stroke-width="3" '
        f'paint-order="stroke">{event.request}</text>'
    )


def _axis(scale: Scale, below: float) -> Iterator[str]:
    for tick_ms in scale.ticks():
        x = MARGIN + scale.place(tick_ms)
        yield (
            f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{LINE - 4}" y2="{below + 4}" stroke="#dddddd"/>'
            f'<text x="{x:.1f}" y="{below + 18}" text-anchor="middle" fill="{INK}">'
            f"{tick_ms:g}</text>"
        )
    yield _text(12, below + 18, "time in ms")


def _legend(top: float) -> Iterator[str]:
    left = 12.0
    for what, means in _LEGEND:
        sample = Event(0, what, 0.0, 1.0, "", cpu_ms=0.6)
        yield from _bar(sample, left, 22, top + 10)
        yield _text(left + 30, top + 14.5, means)
        left += 58 + 6.6 * len(means)


def _rect(x: float, y: float, width: float, height: float, fill: str, stroke: str = "") -> str:
    line = f' stroke="{stroke}"' if stroke else ""
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" '
        f'fill="{fill}"{line}/>'
    )


def _text(x: float, y: float, text: str, style: str = "normal") -> str:
    return f'<text x="{x}" y="{y:.1f}" font-style="{style}" fill="{INK}">{html.escape(text)}</text>'
