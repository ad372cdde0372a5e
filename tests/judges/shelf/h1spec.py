"""h1spec: a list of requests with the ranges of status codes that may answer each.

Rule: the list is read out of its TypeScript as data.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

from tests.judges.cases import UNFINISHED, Case, Seen, Verdict, answered, refused
from tests.judges.literals import unescaped

NAME = "h1spec"
_ITEM = re.compile(
    r'\{\s*request: "((?:[^"\\]|\\.)*)",\s*description: "([^"]*)",\s*expectedStatus: '
    r"(\[\[.*?\]\]),?"
    r"(.*?)\}",
    re.S,
)
_BODY = re.compile(r'expectedBody: "((?:[^"\\]|\\.)*)"')


def cases(folder: Path) -> Iterator[Case]:
    """Every test case of http_test.ts."""
    text = (folder / "http_test.ts").read_text(encoding="utf-8")
    for request, description, ranges, more in _ITEM.findall(text):
        body = _BODY.search(more)
        seen = Seen(body=unescaped(body[1]) if body else None)
        yield Case(NAME, description, unescaped(request), _verdict(json.loads(ranges), seen))


def _verdict(ranges: list[list[int]], seen: Seen) -> Verdict:
    if ranges == [[-1, -1]]:
        return UNFINISHED
    statuses = {status for low, high in ranges for status in range(low, high + 1)}
    if 200 in statuses:
        return answered(seen, may_refuse=400 in statuses)
    return refused(*statuses)
