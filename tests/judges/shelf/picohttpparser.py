"""picohttpparser's tests of its request parser: C strings with "whole", "partial" or "broken".

Rule: heads only, so a whole one is one request without a body.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from tests.judges.cases import UNFINISHED, Case, Seen, answered, refused
from tests.judges.hosts import with_host
from tests.judges.literals import unescaped

NAME = "picohttpparser"
_REQUESTS = re.compile(r"static void test_request.*?#undef PARSE", re.S)
_PARSE = re.compile(r'PARSE\("((?:[^"\\]|\\.)*)",.*?, (-?\d), "([^"]*)"\);')
VERDICTS = {"0": answered(Seen(body=b"")), "-1": refused(), "-2": UNFINISHED}


def cases(folder: Path) -> Iterator[Case]:
    """The PARSE lines of test_request in test.c."""
    text = (folder / "test.c").read_text(encoding="utf-8")
    found = _REQUESTS.search(text)
    for data, result, comment in _PARSE.findall(found[0] if found else ""):
        yield Case(NAME, comment, with_host(unescaped(data)), VERDICTS[result])
