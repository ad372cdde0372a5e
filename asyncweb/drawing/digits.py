"""Large digits, for whoever sits at the back of the room.

Rule: text in, lines out, all of one width; a sign that has no large form is left out.
"""

from __future__ import annotations

LINES, LOW_LINES = 5, 3
_FORMS = {
    "0": ("###", "# #", "# #", "# #", "###"),
    "1": (" # ", "## ", " # ", " # ", "###"),
    "2": ("###", "  #", "###", "#  ", "###"),
    "3": ("###", "  #", "###", "  #", "###"),
    "4": ("# #", "# #", "###", "  #", "  #"),
    "5": ("###", "#  ", "###", "  #", "###"),
    "6": ("###", "#  ", "###", "# #", "###"),
    "7": ("###", "  #", "  #", " # ", " # "),
    "8": ("###", "# #", "###", "# #", "###"),
    "9": ("###", "# #", "###", "  #", "###"),
    ".": (" ", " ", " ", " ", "#"),
    ",": (" ", " ", " ", "#", "#"),
    "-": ("   ", "   ", "###", "   ", "   "),
    "–": ("   ", "   ", "###", "   ", "   "),  # noqa: RUF001  not measured
}
_HALVES = {("#", "#"): "█", ("#", " "): "▀", (" ", "#"): "▄", (" ", " "): " "}


def digits(text: str) -> list[str]:
    """`text` on LINES lines, seven columns a digit.

    >>> print("\\n".join(digits("0.4")))
    ██████      ██  ██
    ██  ██      ██  ██
    ██  ██      ██████
    ██  ██          ██
    ██████  ██      ██
    """
    return [row.replace("#", "██").replace(" ", "  ") for row in _rows(text)]


def low_digits(text: str) -> list[str]:
    """`text` on LOW_LINES lines, four columns a digit.

    >>> print("\\n".join(low_digits("0.4")))
    █▀█   █ █
    █ █   ▀▀█
    ▀▀▀ ▀   ▀
    """
    rows = [*_rows(text), " " * len(_rows(text)[0])]
    return [
        "".join(_HALVES[pair] for pair in zip(upper, lower, strict=True))
        for upper, lower in zip(rows[::2], rows[1::2], strict=True)
    ]


def _rows(text: str) -> list[str]:
    forms = [_FORMS[sign] for sign in text if sign in _FORMS]
    return [" ".join(row) for row in zip(*forms, strict=True)] or [""] * LINES
