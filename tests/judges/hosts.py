"""Host fields for collections that test parsers and not servers.

Rule: a Host is added only where HTTP/1.1 needs one and the case has none, so that what the case is
about is judged and not the missing Host (RFC 9112, 3.2).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

FIELD = b"Host: judge\r\n"
SEEN = ("host", "judge")
_LINE_1_1 = re.compile(rb"[\r\n]*[^\r\n]* HTTP/1\.1\r?\n")
_HAS_HOST = re.compile(rb"\n[ \t]*host[ \t]*:", re.IGNORECASE)
_HEAD_END = re.compile(rb"\n\r?\n")


def with_host(data: bytes, start: int = 0) -> bytes:
    """`data` whose request at `start` has a Host, if its line is one of HTTP/1.1."""
    line = _LINE_1_1.match(data, start)
    if not line:
        return data
    end = _HEAD_END.search(data, line.end() - 1)
    if _HAS_HOST.search(data, start, end.end() if end else len(data)):
        return data
    return data[: line.end()] + FIELD + data[line.end() :]


def with_hosts(data: bytes, starts: Iterable[int]) -> bytes:
    """`data` whose requests at `starts` each have a Host."""
    for start in sorted(starts, reverse=True):
        data = with_host(data, start)
    return data


def origin_target(target: str) -> str:
    """`target` as the server shows it: of an absolute form, the path and query."""
    absolute = re.fullmatch(r"(?i)https?://[^/?#]*([/?].*)?", target)
    if not absolute:
        return target
    rest = absolute[1] or "/"
    return rest if rest.startswith("/") else "/" + rest
