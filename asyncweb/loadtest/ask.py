"""What is asked: one kind of request, and how each of them is spelled.

Rule: values only, and a seed: the same load asks the same again. What cannot be sent is refused
when it is written down, not when it is sent.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from random import Random
from typing import TypeAlias

from asyncweb.errors import LoadError
from asyncweb.http.fields import Headers

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
WITH_BODY = ("POST", "PUT", "PATCH")
_BLANK = re.compile(r"\{\{\s*(\w+)([^{}]*)\}\}")
Blank: TypeAlias = Callable[[int, Random], str]  # of the request's number, from 0, and the dice


@dataclass(frozen=True, slots=True)
class Ask:
    """One kind of request; of several, each is asked as often as its `weight` says.

    Target, header values and body may have blanks, filled in for each request: `{{n}}` is its
    number, `{{random 1 6}}` a whole number, `{{choice a b c}}` one of those words, `{{uuid}}` a
    UUID. An empty target is the path of the URL that is loaded.

    >>> ask = Ask("/users/{{n}}", headers={"x-dice": "{{random 1 6}}"})
    >>> ask.has_blanks
    True
    >>> spelled = ask.speller("example.com", "/", keep_alive=True)
    >>> spelled(7, Random(1))
    b'GET /users/7 HTTP/1.1\\r\\nhost: example.com\\r\\nx-dice: 2\\r\\n\\r\\n'
    """

    target: str = ""
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    weight: float = 1.0

    def __post_init__(self) -> None:
        if self.method not in METHODS:
            raise LoadError(f"method={self.method!r}: expected one of {', '.join(METHODS)}")
        if self.target and not self.target.startswith("/"):
            raise LoadError(f"target {self.target!r}: expected a path such as '/{self.target}'")
        if not isinstance(self.body, bytes):
            kind = type(self.body).__name__
            raise LoadError(f"body: expected bytes, got {kind}; text becomes bytes by .encode()")
        if not self.weight > 0:
            raise LoadError(f"weight={self.weight!r}: expected a number above 0")

    @property
    def has_blanks(self) -> bool:
        """Whether no two requests of this kind need be alike."""
        text = "".join((self.target, *self.headers.values(), self.body.decode("latin-1")))
        return len(_blanks(text)) > 1

    def speller(self, host: str, target: str, keep_alive: bool) -> Callable[[int, Random], bytes]:
        """What spells each request of this kind. Raises LoadError for what HTTP forbids."""
        head, body = self._head(host, self.target or target, keep_alive), self.body
        blanks_of_head, blanks_of_body = _blanks(head), _blanks(body.decode("latin-1"))
        says_length = bool(body) or self.method in WITH_BODY

        def spelled(number: int, dice: Random) -> bytes:
            said = _filled(blanks_of_body, number, dice)
            length = f"content-length: {len(said)}\r\n" if says_length else ""
            return f"{_filled(blanks_of_head, number, dice)}{length}\r\n{said}".encode("latin-1")

        _check_target(_filled(_blanks(self.target or target), 0, Random(0)))
        if len(blanks_of_head) == len(blanks_of_body) == 1:
            constant = spelled(0, Random(0))
            return lambda number, dice: constant
        return spelled

    def _head(self, host: str, target: str, keep_alive: bool) -> str:
        try:
            headers = Headers({"host": host, **self.headers})
        except ValueError as error:
            raise LoadError(str(error)) from None
        headers.pop("content-length", None)
        if not keep_alive:
            headers["connection"] = "close"
        fields = "".join(f"{name}: {value}\r\n" for name, value in headers.fields())
        return f"{self.method} {target} HTTP/1.1\r\n{fields}"


def mixed(asks: Sequence[Ask], dice: Random) -> Iterator[int]:
    """Which of `asks` is next, by number: each as often as its weight says, in no order.

    >>> dice = Random(1)
    >>> [number for number, _ in zip(mixed([Ask(weight=3), Ask("/b")], dice), range(8))]
    [0, 1, 1, 0, 0, 0, 0, 1]
    """
    numbers, upto = range(len(asks)), list(accumulate(ask.weight for ask in asks))
    while True:
        yield from dice.choices(numbers, cum_weights=upto, k=100)


def _check_target(target: str) -> None:
    if not target.isascii() or any(character <= " " for character in target):
        raise LoadError(f"{target!r} must be percent-encoded, e.g. by urllib.parse.quote")


def _blanks(text: str) -> list[str | Blank]:
    """Text and blanks in turns; the first and the last are text. Raises LoadError."""
    parts: list[str | Blank] = []
    at = 0
    for found in _BLANK.finditer(text):
        parts += [text[at : found.start()], _blank(found[1], found[2].split())]
        at = found.end()
    return [*parts, text[at:]]


def _filled(parts: list[str | Blank], number: int, dice: Random) -> str:
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
