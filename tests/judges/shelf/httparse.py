"""httparse's tests of its request parser: Rust byte strings with complete, partial or an error.

Rule: heads only, so a complete one is one request.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from tests.judges.cases import UNFINISHED, Case, Seen, Verdict, answered, refused
from tests.judges.hosts import with_host
from tests.judges.literals import unescaped

NAME = "httparse"
_TEST = re.compile(
    r'req! \{\s*(?://[^\n]*\n\s*)*(\w+),\s*b?"((?:[^"\\]|\\.)*)",\s*((?:Ok|Err)\([^|]*\))?,?\s*\|',
    re.S,
)


_NAMED = re.compile(r"req! \{\s*(?://[^\n]*\n\s*)*(\w+),")


def cases(folder: Path) -> Iterator[Case]:
    """The req! tests of src/lib.rs."""
    text = (folder / "src" / "lib.rs").read_text(encoding="utf-8")
    for name, data, result in _TEST.findall(text):
        yield Case(NAME, name, with_host(unescaped(data)), _verdict(result))


def unread(folder: Path) -> list[str]:
    """The req! tests whose form is another."""
    text = (folder / "src" / "lib.rs").read_text(encoding="utf-8")
    read = {case.name for case in cases(folder)}
    return [name for name in _NAMED.findall(text) if name not in read]


def _verdict(result: str) -> Verdict:
    if "Partial" in result:
        return UNFINISHED
    return refused() if result.startswith("Err") else answered(Seen())
