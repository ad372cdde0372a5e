"""Routing, read plainly: all routes are tried, and of those that fit the most specific is taken.

Rule: there is no tree and no early end here.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import unquote
from uuid import UUID

from asyncweb.http.pattern import Segment
from asyncweb.http.routing import Route

CONVERT = {"int": int, "float": float, "uuid": UUID}
ORDER = ("word", "int", "float", "uuid", "regex", "str", "path")
INT_DIGITS = 300
Rank = tuple[tuple[int, int, int], ...]


class Missed(Exception):
    """No route; carries the status and what Allow says."""


def find(routes: Sequence[Route], method: str, path: str) -> tuple[Route, dict[str, Any]]:
    """The route and its parameters. Raises Missed, and UnicodeDecodeError for no UTF-8."""
    if path == "*":
        everything = {one for route in routes for one in route.methods}
        raise Missed(*((405, allow(everything)) if everything else (404, None)))
    parts = [unquote(part, errors="strict") for part in path[1:].split("/")]
    fitting, there = [], set()
    for route in routes:
        for rank, values in fits(routes, route.segments, parts):
            there |= set(route.methods)
            if method in route.methods or (method == "HEAD" and "GET" in route.methods):
                fitting.append((rank, method not in route.methods, route, values))
    if fitting:
        _, _, route, values = min(fitting, key=lambda found: found[:2])
        return route, values
    if there:
        raise Missed(405, allow(there))
    unquote(path, errors="strict")
    raise Missed(404, None)


def allow(methods: set[str]) -> str:
    return ", ".join(sorted(methods | {"OPTIONS"} | ({"HEAD"} if "GET" in methods else set())))


def fits(
    routes: Sequence[Route], segments: tuple[str | Segment, ...], parts: list[str]
) -> Iterator[tuple[Rank, dict[str, Any]]]:
    """How specific each way is in which `parts` fit `segments`, and the values met."""
    ways = []
    if len(parts) == len(segments):
        ways.append((parts, 0))
    last = segments[-1]
    if isinstance(last, Segment) and last.kind in ("path", "regex") and len(parts) > len(segments):
        cut = len(segments) - 1
        ways.append(([*parts[:cut], "/".join(parts[cut:])], 1))
    for texts, takes_rest in ways:
        pairs = list(zip(segments, texts, strict=True))
        if all(is_met(segment, text) for segment, text in pairs):
            ranks = [rank(routes, segments, at) for at in range(len(segments))]
            ranks[-1] = (*ranks[-1][:2], takes_rest)
            yield tuple(ranks), values(pairs)


def is_met(segment: str | Segment, text: str) -> bool:
    if isinstance(segment, str):
        return segment == text
    if segment.kind == "int" and len(text) > INT_DIGITS:
        return False
    return re.fullmatch(segment.regex, text, re.DOTALL) is not None


def values(pairs: list[tuple[str | Segment, str]]) -> dict[str, Any]:
    return {
        segment.name: CONVERT.get(segment.kind, str)(text)
        for segment, text in pairs
        if isinstance(segment, Segment)
    }


def rank(
    routes: Sequence[Route], segments: tuple[str | Segment, ...], at: int
) -> tuple[int, int, int]:
    """The kind of a segment; then, of two regexes in one place, the one that was there first."""
    here = segments[at]
    if isinstance(here, str):
        return 0, 0, 0
    first = next(
        number
        for number, route in enumerate(routes)
        if route.segments[: at + 1] == segments[: at + 1]
    )
    return ORDER.index(here.kind), first, 0
