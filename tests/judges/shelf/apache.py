"""Apache httpd's tables of odd heads and the status its strict mode answers.

Rule: the table of the strict mode wins over that of the unsafe mode.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.judges.cases import NO_OPINION, Case, Seen, Verdict, answered, refused
from tests.judges.plain import functions, parametrized

NAME = "apache"
FILES = ("test_006_unsafe.py", "test_007_strict.py")


def cases(folder: Path) -> Iterator[Case]:
    """The rows of test/modules/http1, named by their bytes."""
    rows: dict[str, tuple[str, Any]] = {}
    for file in FILES:
        tree = ast.parse((folder / "test" / "modules" / "http1" / file).read_text("utf-8"))
        for function in functions(tree):
            for row in parametrized(function, {}):
                if "intext" in row:
                    rows[row["intext"]] = (file.split("_")[-1][:-3], row["status"])
    for sent, (mode, status) in rows.items():
        yield Case(NAME, f"{mode} {sent!r}", sent.encode("utf-8"), _verdict(status))


def _verdict(status: int | None) -> Verdict:
    if status is None:  # dropped without an answer
        return NO_OPINION
    if status == 1 or 200 <= status < 300:
        return answered(Seen())
    return refused()
