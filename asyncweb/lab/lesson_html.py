"""How a notebook shows guesses and claims.

Rule: what is shown is also said in words, colour adds to them; and it is readable on any theme.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping

_RIGHT, _OTHER, _CLAIM = "#2a9d8f", "#e09f3e", "#5b8def"
_WIDEST_EM = 18.0
_CODE = re.compile("`([^`]+)`")


def prediction(question: str, said: str) -> str:
    """A guess that waits."""
    return _box(_OTHER, f"<b>{_safe(question)}</b><br>You say: {_safe(said)}. Now measure.")


def revealed(question: str, rows: str, comment: str, is_right: bool) -> str:
    """A guess and a measurement, which `rows` has made, and what is said to them."""
    mark = "✓ " if is_right else ""
    colour = _RIGHT if is_right else _OTHER
    return _box(colour, f"<b>{_safe(question)}</b>{rows}<div>{mark}{_safe(comment)}</div>")


def rows(said: Mapping[str, str], values: tuple[float, float] | None) -> str:
    """A line for each thing said; with a bar as long as its value, where there are values."""
    lengths = _lengths(values) if values and min(values) >= 0 else [None, None]
    lines = zip(said.items(), lengths, (_OTHER, _CLAIM), strict=True)
    return "".join(_row(name, text, length, colour) for (name, text), length, colour in lines)


def claim(line: str) -> str:
    """A claim that holds."""
    return _line(_CLAIM, f"✓ {_safe(line)}")


def aside(line: str) -> str:
    """A line that neither asks for a guess nor holds a claim."""
    return _line(_OTHER, _safe(line))


def _line(colour: str, inside: str) -> str:
    return f'<div style="border-left:4px solid {colour};padding:1px 12px">{inside}</div>'


def _row(name: str, text: str, length: float | None, colour: str) -> str:
    bar = (
        f'<span style="display:inline-block;width:{length:.1f}em;height:.8em;'
        f'background:{colour};margin-right:.5em"></span>'
        if length is not None
        else ""
    )
    label = f'<span style="display:inline-block;width:6em">{name}</span>'
    return f"<div>{label}{bar}{_safe(text)}</div>"


def _lengths(values: tuple[float, float]) -> list[float | None]:
    most = max(values) or 1.0
    return [max(0.1, _WIDEST_EM * value / most) for value in values]


def _box(colour: str, inside: str) -> str:
    style = f"border-left:4px solid {colour};padding:4px 12px;margin:4px 0;max-width:50em"
    return f'<div style="{style}">{inside}</div>'


def _safe(text: str) -> str:
    """`text` with what stands between backticks as code."""
    return _CODE.sub(r"<code>\1</code>", html.escape(text))
