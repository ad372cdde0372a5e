"""waitress's functional tests of its echo server: raw bytes and the status that must answer.

Rule: a test is a case when it sends once and checks one status line.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.judges.cases import Case, Seen, answered, refused
from tests.judges.hosts import with_host
from tests.judges.plain import assigned, calls_of, functions, value

NAME = "waitress"


def cases(folder: Path) -> Iterator[Case]:
    """The raw requests of the echo and of the length tests in tests/test_functional.py."""
    tree = ast.parse((folder / "tests" / "test_functional.py").read_text(encoding="utf-8"))
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    for suite in classes:
        if suite.name.startswith(("Echo", "Pipelining", "ExpectContinue", "TooLarge")):
            yield from _cases_of(suite)


def unread(folder: Path) -> list[str]:
    """The tests that send bytes of their own and are no case."""
    text = (folder / "tests" / "test_functional.py").read_text(encoding="utf-8")
    read = {case.name for case in cases(folder)}
    suites = [node for node in ast.parse(text).body if isinstance(node, ast.ClassDef)]
    tests = [(suite.name, test) for suite in suites for test in functions(suite)]
    raw = [f"{suite}.{test.name}" for suite, test in tests if "to_send" in ast.unparse(test)]
    return [name for name in raw if name not in read and ".test_" in name]


def _cases_of(suite: ast.ClassDef) -> Iterator[Case]:
    for function in functions(suite):
        names = assigned(function.body, {})
        data = names.get("to_send")
        checks = calls_of(function, "assertline")
        statuses = {value(check.args[1], names) for check in checks}
        if not isinstance(data, bytes) or len(statuses) != 1 or len(checks) != 1:
            continue
        status = int(statuses.pop())
        # waitress is an HTTP/1.0 server at heart, and lets HTTP/1.1 without a Host pass.
        verdict = answered(Seen()) if status < 400 else refused()
        yield Case(NAME, f"{suite.name}.{function.name}", with_host(data), verdict)
