"""Conditional requests: whether a client that has a version still wants the present one.

Rule: RFC 9110, 13, in the order of 13.2.2. A condition that makes no sense is no condition, but a
client that must not change a version it does not know gets no answer by mistake.
"""

from __future__ import annotations

import re

from asyncweb.http.dates import parse_http_date
from asyncweb.http.fields import Headers

_TAG = r'(W/)?("[\x21\x23-\x7e\x80-\xff]*")'


def failed_condition(method: str, asked: Headers, etag: str, modified: int) -> int | None:
    """The status that answers in place of the content: 304 or 412; None when it is wanted.

    `etag` (quoted, perhaps weak) and `modified` (seconds since the epoch) are those of the content.
    """
    reads = method in ("GET", "HEAD")
    unmodified_since = parse_http_date(asked.get("if-unmodified-since", ""))
    modified_since = parse_http_date(asked.get("if-modified-since", ""))
    if "if-match" in asked:
        if not _names(asked["if-match"], etag, strongly=True):
            return 412
    elif unmodified_since is not None and modified > unmodified_since:
        return 412
    if "if-none-match" in asked:
        if _names(asked["if-none-match"], etag, strongly=False):
            return 304 if reads else 412
    elif reads and modified_since is not None and modified <= modified_since:
        return 304
    return None


def wants_ranges(asked: Headers, etag: str, modified: int) -> bool:
    """Whether If-Range lets the client have parts: of the version it knows, and of no other."""
    known = asked.get("if-range")
    if known is None:
        return True
    if tag := re.fullmatch(_TAG, known):
        return not tag[1] and known == etag
    return parse_http_date(known) == modified


def _names(tags: str, etag: str, strongly: bool) -> bool:
    """Whether `etag` is among `tags`, by the comparison of RFC 9110, 8.8.3.2."""
    if tags.strip() == "*":
        return True
    is_weak, opaque = etag.startswith("W/"), etag.removeprefix("W/")
    for weak, named in re.findall(_TAG, tags):
        if named == opaque and not (strongly and (weak or is_weak)):
            return True
    return False
