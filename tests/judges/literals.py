"""Text between quotes in other languages, as bytes.

Rule: only spellings that C, C#, JavaScript and Rust share are read; anything else raises.
"""

from __future__ import annotations

import re

_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|([0-7]{1,3})|(\r?\n\s*)|(.))", re.S)
_NAMED = {"n": "\n", "r": "\r", "t": "\t", "f": "\f", "v": "\v", "b": "\b", "a": "\a"}
_PLAIN = frozenset("\\\"'`{}$/")


def unescaped(text: str) -> bytes:
    """The bytes that `text`, the inside of a quoted literal, stands for."""
    return _ESCAPE.sub(_one, text).encode("latin-1")


def _one(match: re.Match[str]) -> str:
    short, wide, octal, continued, named = match.groups()
    if continued:
        return ""
    if short or wide:
        return chr(int(short or wide, 16))
    if octal:
        return chr(int(octal, 8))
    if named in _PLAIN:
        return named
    return _NAMED[named]
