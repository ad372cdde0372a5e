"""aiohttp's tests of its request parsers: what must be refused, and some heads that must not.

Rule: a test is a case when it feeds its parser once with bytes that can be read as data; a test
of responses, of payloads or of several feeds is no question to a server.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.judges.cases import Case, Seen, Verdict, answered, refused
from tests.judges.plain import Names, assigned, calls_of, functions, parametrized, raising, value

NAME = "aiohttp"
_HAS_BODY = re.compile(rb"(?i)\n(content-length|transfer-encoding)[ \t]*:")


def cases(folder: Path) -> Iterator[Case]:
    """The requests of tests/test_http_parser.py."""
    for _, found in _by_test(folder):
        yield from found


def unread(folder: Path) -> list[str]:
    """The tests of request parsers that are no single question, or no plain data."""
    return [test.name for test, found in _by_test(folder) if _is_of_requests(test) and not found]


def _is_of_requests(test: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    feeds = calls_of(test, "feed_data")
    given = {argument.arg for argument in test.args.args}
    return bool(feeds) and "parser" in given and test.name.startswith("test_")


def _by_test(folder: Path) -> Iterator[tuple[ast.FunctionDef | ast.AsyncFunctionDef, list[Case]]]:
    tree = ast.parse((folder / "tests" / "test_http_parser.py").read_text(encoding="utf-8"))
    names = assigned(tree.body, {})
    for test in functions(tree):
        yield test, list(_cases_of(test, names))


def _cases_of(function: ast.FunctionDef | ast.AsyncFunctionDef, names: Names) -> Iterator[Case]:
    feeds = calls_of(function, "feed_data")
    if len(feeds) != 1 or not function.name.startswith("test_"):
        return
    kinds = [kind for kind, block in raising(function) if calls_of(block, "feed_data")]
    for number, arguments in enumerate(parametrized(function, names)):
        known = assigned(function.body, {**names, **arguments})
        label = f"{function.name}#{number}" + (f" [{kinds[0]}]" if kinds else "")
        yield from _case(label, feeds[0], known, bool(kinds), function)


def _case(
    label: str, feed: ast.Call, known: Names, fails: bool, function: ast.AST
) -> Iterator[Case]:
    data = value(feed.args[0], known)
    if not isinstance(data, bytes) or data.startswith(b"HTTP/") or b"HTTP" not in data:
        return
    verdict = refused() if fails else _acceptance(data, function)
    if verdict:
        yield Case(NAME, label, data, verdict)


def _acceptance(data: bytes, function: ast.AST) -> Verdict | None:
    """Its requests, where the test neither expects an error in another way nor needs a body."""
    source = ast.unparse(function)
    if "except" in source or "expectation" in source or _HAS_BODY.search(data):
        return None
    requests = [Seen()] * data.count(b" HTTP/1.1\r\n")
    return answered(*requests) if data.endswith(b"\r\n\r\n") and requests else None
