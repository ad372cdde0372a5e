"""The lives of tasks as a picture: a lane for each, on one axis of time.

Rule: whoever has been told to end and still lives is drawn otherwise, in form as well as in
colour; how a life ended is said in words.
"""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from asyncweb.lab.lifelines import Life

COLUMNS = 40
LIVES, TOLD = "█", "▒"
LONGEST = 44  # letters of a name
_BLUE = "background:#0072b2"
_HATCHED = "background:repeating-linear-gradient(45deg,#d55e00 0 3px,#fbe3d3 3px 8px)"
_BAR = "display:inline-block;height:1em;vertical-align:middle"
_CELL = "padding:2px 8px;text-align:left;white-space:nowrap"
_WIDTH_EM = 32.0


def as_text(lives: Sequence[Life]) -> str:
    """A line for each life, as long as COLUMNS at most."""
    width = max((len(_short(life.name)) for life in lives), default=0)
    scale = COLUMNS / _lasted(lives)
    lines = []
    for life in lives:
        bar = "".join(
            letter * max(round(ms * scale), ms > 0)
            for letter, ms in zip((" ", LIVES, TOLD, LIVES), _parts(life), strict=True)
        )
        lines.append(f"{_short(life.name):<{width}}  {bar:<{COLUMNS}} {_end(life)}")
    return "\n".join(lines)


def as_html(lives: Sequence[Life]) -> str:
    """The same as a table, and what its colours mean."""
    scale = _WIDTH_EM / _lasted(lives)
    rows = "".join(_row(life, scale) for life in lives)
    means = (
        f'<span style="{_BAR};width:2em;{_BLUE}"></span> lives '
        f'<span style="{_BAR};width:2em;{_HATCHED}"></span> has been told to end, and still lives'
    )
    return f'<table style="border-collapse:collapse">{rows}</table><div>{means}</div>'


def _row(life: Life, scale: float) -> str:
    name = f'<td style="{_CELL}"><code>{html.escape(_short(life.name))}</code></td>'
    lane = f'<td style="{_CELL};width:{_WIDTH_EM + 1}em">{"".join(_bars(life, scale))}</td>'
    return f'<tr>{name}{lane}<td style="{_CELL}">{html.escape(_end(life))}</td></tr>'


def _bars(life: Life, scale: float) -> Iterator[str]:
    for look, ms in zip(("", _BLUE, _HATCHED, _BLUE), _parts(life), strict=True):
        yield f'<span style="{_BAR};width:{ms * scale:.2f}em;{look}"></span>'


def _parts(life: Life) -> tuple[float, float, float, float]:
    """How long it is not there yet, lives, lives on though told to end, and is free again."""
    told_ms = life.ends_ms if life.told_ms is None else life.told_ms
    freed_ms = life.ends_ms if life.freed_ms is None else life.freed_ms
    return life.begins_ms, told_ms - life.begins_ms, freed_ms - told_ms, life.ends_ms - freed_ms


def _end(life: Life) -> str:
    return f"{life.ended} at {life.ends_ms:g} ms"


def _lasted(lives: Sequence[Life]) -> float:
    return max((life.ends_ms for life in lives), default=0.0) or 1.0


def _short(name: str) -> str:
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"
