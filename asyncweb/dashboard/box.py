"""Lines in a frame with a title, and frames side by side.

Rule: as wide as asked, whatever is in it; what is too long ends in an ellipsis.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from rich.console import Console, ConsoleOptions
from rich.segment import Segment
from rich.text import Text

Line = Sequence[Text]  # side by side

EDGES = 4  # columns: a border and a space at each side
_SPACES = {ord(space): " " for space in "\t\n\v\f\r\x85\u2028\u2029"}
# U+2400 and those after it are pictures of what steers a terminal: ESC is seen as one letter.
_STEERING = {code: 0x2400 + code for code in range(32)} | {127: 0x2421}
_UNSEEN = _STEERING | dict.fromkeys(range(128, 160), "\ufffd") | _SPACES


def printable(text: str) -> str:
    """`text`, which somebody else has written, on one line and without power over a terminal.

    >>> printable("no tea\\nno milk\\x1b[2J")
    'no tea no milk␛[2J'
    """
    return text.translate(_UNSEEN)


def box(title: str, lines: Sequence[Line], width: int, style: str) -> list[Line]:
    """`lines` in a frame of `style`, `width` columns wide.

    >>> for line in box("tea", [[Text("green, "), Text("black or none")]], 16, ""):
    ...     print("".join(part.plain for part in line))
    ╭─ tea ────────╮
    │ green, blac… │
    ╰──────────────╯
    """
    head = one_line(title, width - 6, f"bold {style}".strip())
    rest = "─" * (width - 5 - head.cell_len)
    left = Text("│ ", style)
    drawn: list[Line] = [[Text("╭─ ", style), head, Text(f" {rest}╮", style)]]
    for line in lines:
        room = width - EDGES - sum(part.cell_len for part in line)
        fitted = line if room >= 0 else [_cut(line, width - EDGES)]
        drawn.append([left, *fitted, Text(f"{' ' * room} │", style)])
    drawn.append([Text(f"╰{'─' * (width - 2)}╯", style=style)])
    return drawn


def _cut(line: Line, width: int) -> Text:
    whole = Text.assemble(*line)
    whole.truncate(width, overflow="ellipsis")
    return whole


def one_line(text: str, width: int, style: str) -> Text:
    """`text` in at most `width` columns."""
    line = Text(printable(text), style=style)
    line.truncate(width, overflow="ellipsis")
    return line


def same_height(contents: Sequence[list[Line]]) -> list[list[Line]]:
    """`contents` of boxes, all as long as the longest."""
    most = max((len(lines) for lines in contents), default=0)
    return [[*lines, *[[]] * (most - len(lines))] for lines in contents]


def side_by_side(boxes: Sequence[list[Line]]) -> list[Line]:
    """`boxes` of the same height as the lines of one picture."""
    return [list(chain(*parts)) for parts in zip(*boxes, strict=True)]


@dataclass(frozen=True, slots=True)
class Picture:
    """Lines that are one each: it is known how high they are before they are drawn."""

    lines: Sequence[Line]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Segment]:
        for line in self.lines:
            for part in line:
                if part.spans:
                    yield from part.render(console)
                else:  # of which rich would forget the style
                    yield Segment(part.plain, console.get_style(part.style))
            yield Segment.line()
