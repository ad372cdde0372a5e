"""What a route's path looks like: words and parameters between slashes.

    /users/{id}        one segment, as text        {id:int} {x:float} {id:uuid}  converted
    /files/{path:path} the rest of the path        {tag:[a-z]+} a regex; in the last segment it
                                                   may take the rest of the path

Rule: a pattern that is not understood is an error when it is written, not when it is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from asyncweb.errors import BadRequest, RouteError
from asyncweb.http.target import percent_decode

_UUID = "[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}"


def _uuid(text: str) -> Any:
    from uuid import UUID  # loaded by those who have one: it asks what system this is

    return UUID(text)


CONVERTERS: dict[str, tuple[str, Callable[[str], Any]]] = {
    "str": (r"[^/]+", str),
    "int": (r"-?[0-9]+", int),
    "float": (r"-?[0-9]+(?:\.[0-9]+)?", float),
    "uuid": (_UUID, _uuid),
    "path": (r".+", str),
}
# More specific segments are tried first; a regex stands before the plain parameter.
SPECIFICITY = ("int", "float", "uuid", "regex", "str", "path")
_PARAMETER = r"(?s)\{([A-Za-z_][A-Za-z0-9_]*)(?::(.+))?\}"
_FOREIGN = r"<(?:(\w+):)?(\w+)>|:([A-Za-z_]\w*)"  # as Flask and Express have it
_LITERAL = r"(?s)\\.|\[\^?\]?(?:\\.|[^\]\\])*\]"
NUMBER_DIGITS = 300  # far beyond any id; int() is still quick, and float() is finite


class Segment:
    """One parameter of a pattern, e.g. `{id:int}`. Equal segments match the same text.

    >>> _, number = parse_pattern("/users/{id:int}")
    >>> number.convert("7"), number.convert("seven"), number.takes_rest
    (7, None, False)
    """

    __slots__ = ("_match", "kind", "name", "regex")

    def __init__(self, kind: str, regex: str, name: str):
        self.kind = kind
        self.regex = regex
        self.name = name
        self._match = re.compile(regex, re.DOTALL)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Segment) and self.regex == other.regex and self.kind == other.kind

    def __hash__(self) -> int:
        return hash((self.kind, self.regex))

    def __repr__(self) -> str:
        return f"Segment({self.kind!r}, {self.regex!r}, {self.name!r})"

    def convert(self, text: str) -> Any:
        """The value `text` stands for; None when it does not match."""
        if len(text) > NUMBER_DIGITS and self.kind in ("int", "float"):
            return None
        if not self._match.fullmatch(text):
            return None
        return CONVERTERS[self.kind][1](text) if self.kind in CONVERTERS else text

    @property
    def takes_rest(self) -> bool:
        """Whether it may match text with a slash in it."""
        return self.kind in ("path", "regex")


def check_is_path(pattern: object, method: str) -> None:
    """Raises RouteError for what a decorator was given in the place of a path.

    >>> check_is_path(len, "get")
    Traceback (most recent call last):
    asyncweb.errors.RouteError: @app.get without a path, at len: write @app.get("/path")
    """
    write = f'write @app.{method}("/path")'
    if callable(pattern):
        name = getattr(pattern, "__name__", repr(pattern))
        raise RouteError(f"@app.{method} without a path, at {name}: {write}")
    if not isinstance(pattern, str):
        raise RouteError(f"pattern {pattern!r}: expected a path as text: {write}")


def parse_pattern(pattern: str) -> tuple[str | Segment, ...]:
    """The segments of `pattern`. Raises RouteError that says what is wrong with it."""
    if not pattern.startswith("/"):
        raise RouteError(f"pattern {pattern!r} must begin with '/', e.g. '/{pattern}'")
    segments = tuple(_parse_segment(text, pattern) for text in _split(pattern[1:]))
    names = [segment.name for segment in segments if isinstance(segment, Segment)]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise RouteError(f"pattern {pattern!r} names {twice[0]!r} twice; names must differ")
    for segment in segments[:-1]:
        if isinstance(segment, Segment) and segment.kind == "path":
            raise RouteError(f"{{{segment.name}:path}} in {pattern!r} takes the rest: put it last")
    return segments


def _decoded(word: str, pattern: str) -> str:
    """`word` as requests are compared with it: "a%20b" means "a b"."""
    try:
        return percent_decode(word)
    except BadRequest:
        raise RouteError(f"{word!r} in {pattern!r} decodes to bytes that are not UTF-8") from None


def _split(text: str) -> list[str]:
    """Splits at the slashes that stand outside braces: a regex may hold both."""
    parts = [""]
    for piece, depth in _pieces(text):
        if piece == "/" and depth == 0:
            parts.append("")
        else:
            parts[-1] += piece
    return parts


def _pieces(text: str) -> Iterator[tuple[str, int]]:
    """`text` by the character, each with the number of braces that are open behind it."""
    depth = at = 0
    while at < len(text):
        # In a regex a brace that is escaped, or stands in a character class, is no brace.
        literal = re.match(_LITERAL, text[at:]) if depth else None
        piece = literal[0] if literal else text[at]
        depth += {"{": 1, "}": -1}.get(piece, 0)
        at += len(piece)
        yield piece, depth


def _word(text: str, pattern: str) -> str:
    """A segment without a parameter. Raises RouteError for what was meant as one elsewhere."""
    if text.startswith(("<", ":")) and (foreign := re.fullmatch(_FOREIGN, text)):
        kind, name = foreign[1], foreign[2] or foreign[3]
        ours = f"{name}:{kind}" if kind in CONVERTERS and kind != "str" else name
        raise RouteError(f"{text!r} in {pattern!r}: a parameter is written '{{{ours}}}'")
    for mark, name in (("?", "query"), ("#", "fragment")):
        if mark in text:
            raise RouteError(
                f"pattern {pattern!r} has a {name}, but is to be a path alone: what comes behind "
                f"the '?' is in ctx.query; a {mark!r} that is meant is written '%{ord(mark):X}'"
            )
    return _decoded(text, pattern)


def _parse_segment(text: str, pattern: str) -> str | Segment:
    if "{" not in text and "}" not in text:
        return _word(text, pattern)
    match = re.fullmatch(_PARAMETER, text)
    closes_early = any(depth == 0 for _, depth in list(_pieces(text))[:-1])
    if match is None or closes_early:
        raise RouteError(f"{text!r} in {pattern!r}: a parameter is a whole segment, '{{name:int}}'")
    name, kind = match[1], match[2] or "str"
    if kind in CONVERTERS:
        return Segment(kind, CONVERTERS[kind][0], name)
    if re.fullmatch(r"\w+", kind):
        known = ", ".join(CONVERTERS)
        raise RouteError(f"unknown converter {kind!r} in {pattern!r}; known: {known}, or a regex")
    try:
        re.compile(kind)
    except (re.error, ValueError, OverflowError, RecursionError) as error:
        raise RouteError(f"the regex {kind!r} in {pattern!r} is wrong: {error}") from None
    return Segment("regex", kind, name)
