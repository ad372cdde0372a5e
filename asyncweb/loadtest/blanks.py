"""Texts with blanks, which are filled in anew for each request.

Rule: what a blank becomes depends on the number of the request and the dice alone.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Sequence
from random import Random
from typing import TypeAlias

from asyncweb.errors import LoadError

_BLANK = re.compile(r"\{\{\s*(\w+)([^{}]*)\}\}")
Blank: TypeAlias = Callable[[int, Random], str]  # of the request's number, from 0, and the dice


def parts(text: str) -> Sequence[str | Blank]:
    """Text and blanks in turns; the first and the last are text.

    Raises LoadError for a blank that there is not.

    >>> filled(parts("/users/{{n}}?dice={{random 1 6}}"), 7, Random(1))
    '/users/7?dice=2'
    """
    found: list[str | Blank] = []
    at = 0
    for blank in _BLANK.finditer(text):
        found += [text[at : blank.start()], _blank(blank[1], blank[2].split())]
        at = blank.end()
    return [*found, text[at:]]


def filled(parts: Sequence[str | Blank], number: int, dice: Random) -> str:
    """The text of one request."""
    return "".join(part if isinstance(part, str) else part(number, dice) for part in parts)


def _blank(name: str, words: list[str]) -> Blank:
    match name, words:
        case "n", []:
            return lambda number, dice: str(number)
        case "random", [low, high] if _is_number(low) and _is_number(high):
            least, most = sorted((int(low), int(high)))
            return lambda number, dice: str(dice.randint(least, most))
        case "choice", [_, *_]:
            return lambda number, dice: dice.choice(words)
        case "uuid", []:
            return lambda number, dice: str(uuid.UUID(int=dice.getrandbits(128), version=4))
    asked = " ".join((name, *words))
    raise LoadError(
        f"a blank {{{{{asked}}}}}: expected {{{{n}}}}, {{{{random 1 6}}}}, {{{{choice a b}}}} or "
        "{{uuid}}"
    )


def _is_number(word: str) -> bool:
    return word.removeprefix("-").isdecimal()
