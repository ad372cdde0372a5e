"""A rich picture as text and as HTML, for whatever shows it later.

Rule: drawn on a console of its own, so nothing reaches the terminal.
"""

from __future__ import annotations

import html
import io
import itertools
import re
from pathlib import Path

from rich.console import Console, RenderableType

WIDTH = 100
_HTML = (
    "<pre style=\"line-height:1.25;font-family:Menlo,Consolas,'DejaVu Sans Mono',monospace;"
    'white-space:pre;overflow-x:auto">{code}</pre>'
)


def bundle(picture: RenderableType, more_html: str = "", says: str = "") -> dict[str, str]:
    """`picture` as HTML, with `more_html` below it, and as text for whoever cannot show that.

    Where the picture is no text to be read aloud, `says` is what a screen reader says instead.
    """
    console = _recorded(picture, WIDTH)
    drawn = console.export_html(inline_styles=True, code_format=_HTML, clear=False)
    spoken = f'<pre role="img" aria-label="{html.escape(says)}"' if says else "<pre"
    return {
        "text/html": drawn.replace("<pre", spoken, 1) + more_html,
        "text/plain": console.export_text(),
    }


def svg(picture: RenderableType, width: int, title: str = "asyncweb") -> str:
    """`picture` as an SVG file that needs nothing from elsewhere."""
    drawn = _recorded(picture, width).export_svg(title=title, unique_id="asyncweb")
    # The font would be fetched from elsewhere; whoever reads this has a monospaced one.
    return re.sub(r"@font-face \{.*?\}\s*", "", drawn, flags=re.DOTALL)


def save(picture: RenderableType, folder: Path, width: int) -> list[Path]:
    """Writes `picture` as SVG and as HTML beside what is there; gives the two files. OSError."""
    number = next(n for n in itertools.count(1) if not (folder / f"asyncweb-{n}.svg").exists())
    page = _recorded(picture, width).export_html(inline_styles=True)
    files = {".svg": svg(picture, width), ".html": page}
    for ending, text in files.items():
        (folder / f"asyncweb-{number}{ending}").write_text(text, encoding="utf-8")
    return [folder / f"asyncweb-{number}{ending}" for ending in files]


def _recorded(picture: RenderableType, width: int) -> Console:
    console = Console(
        record=True, file=io.StringIO(), width=width, force_jupyter=False, color_system="truecolor"
    )
    console.print(picture)
    return console
