"""A rich picture as text and as HTML, for whatever shows it later.

Rule: drawn on a console of its own, so nothing reaches the terminal.
"""

from __future__ import annotations

import html
import io

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
    console = Console(
        record=True, file=io.StringIO(), width=WIDTH, force_jupyter=False, color_system="truecolor"
    )
    console.print(picture)
    drawn = console.export_html(inline_styles=True, code_format=_HTML, clear=False)
    spoken = f'<pre role="img" aria-label="{html.escape(says)}"' if says else "<pre"
    return {
        "text/html": drawn.replace("<pre", spoken, 1) + more_html,
        "text/plain": console.export_text(),
    }
