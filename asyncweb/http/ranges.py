"""Ranges: which bytes of a content a client asks for.

Rule: what is no range of bytes is not heard, and the whole is sent; many small or overlapping
ranges never make an answer larger than that (RFC 9110, 14.2 and 17.15).
"""

from __future__ import annotations

import re

RANGES = 16  # of one request; with more, the whole is sent
_SPEC = r"([0-9]{0,18})-([0-9]{0,18})"
Span = tuple[int, int]  # the first byte, and the one after the last


def parse_ranges(text: str, size: int) -> list[Span] | None:
    """The spans of `size` bytes that a Range field asks for, in its order; overlapping ones joined.

    None: send the whole. Empty: there is nothing where the client asks, which is a 416.

    >>> parse_ranges("bytes=0-1, -3", 10)
    [(0, 2), (7, 10)]
    >>> parse_ranges("bytes=10-", 10)
    []
    """
    unit, equals, specs = text.partition("=")
    if not equals or unit.strip().lower() != "bytes" or size == 0:
        return None
    spans = []
    asked = [spec.strip(" \t") for spec in specs.split(",")]
    for spec in filter(None, asked):
        match = re.fullmatch(_SPEC, spec)
        if match is None or spec == "-" or len(asked) > RANGES:
            return None
        first, last = match.groups()
        if first and last and int(last) < int(first):
            return None
        span = _span(first, last, size)
        if span is not None:
            spans.append(span)
    return _joined(spans) if any(asked) else None


def content_range(span: Span, size: int) -> str:
    """The Content-Range of `span`: "bytes 0-1/10"."""
    return f"bytes {span[0]}-{span[1] - 1}/{size}"


def _span(first: str, last: str, size: int) -> Span | None:
    if not first:
        return (max(size - int(last), 0), size) if int(last) else None
    if int(first) >= size:
        return None
    return int(first), min(int(last) + 1, size) if last else size


def _joined(spans: list[Span]) -> list[Span]:
    """`spans` as they are when none overlaps another, else sorted and joined."""
    in_order = sorted(spans)
    joined = in_order[:1]
    for first, after in in_order[1:]:
        if first < joined[-1][1]:
            joined[-1] = joined[-1][0], max(joined[-1][1], after)
        else:
            joined.append((first, after))
    return spans if len(joined) == len(spans) else joined
