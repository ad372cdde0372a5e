"""Lines in a frame with a title, and frames side by side.

Rule: as wide as asked, whatever is in it; what is too long ends in an ellipsis.
"""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text

EDGES = 4  # columns: a border and a space at each side


def box(title: str, lines: Sequence[Text], width: int, style: str) -> list[Text]:
    """`lines` in a frame of `style`, `width` columns wide.

    >>> for line in box("tea", [Text("green, black or none")], 16, ""):
    ...     print(line.plain)
    ╭─ tea ────────╮
    │ green, blac… │
    ╰──────────────╯
    """
    head = Text(title, style=f"bold {style}".strip())
    head.truncate(width - 6, overflow="ellipsis")
    rest = "─" * (width - 5 - head.cell_len)
    drawn = [Text.assemble(("╭─ ", style), head, (f" {rest}╮", style))]
    for line in lines:
        line.truncate(width - EDGES, overflow="ellipsis", pad=True)
        drawn.append(Text.assemble(("│ ", style), line, (" │", style)))
    drawn.append(Text(f"╰{'─' * (width - 2)}╯", style=style))
    return drawn


def side_by_side(contents: Sequence[list[Text]]) -> list[list[Text]]:
    """`contents` of boxes, all as long as the longest."""
    most = max((len(lines) for lines in contents), default=0)
    return [[*lines, *(Text() for _ in range(most - len(lines)))] for lines in contents]


def joined(boxes: Sequence[list[Text]]) -> list[Text]:
    """`boxes` of the same height as the lines of one picture."""
    return [Text.assemble(*parts) for parts in zip(*boxes, strict=True)]
