"""h11's tests of its request reader, and of the heads it must refuse.

Rule: only what the reader of a server's idle state is given is a request.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.judges.cases import Case, Seen, Verdict, answered, refused
from tests.judges.hosts import SEEN, with_host
from tests.judges.plain import UNKNOWN, Names, calls_of, raising, value

NAME = "h11"
READER, STATE = "READERS[CLIENT, IDLE]", "(CLIENT, IDLE)"


def cases(folder: Path) -> Iterator[Case]:
    """The heads of tests/test_io.py."""
    tree = ast.parse((folder / "h11" / "tests" / "test_io.py").read_text(encoding="utf-8"))
    failing = {id(call) for _, block in raising(tree) for call in calls_of(block, "tr")}
    for call in calls_of(tree, "tr"):
        if ast.unparse(call.args[0]) == READER:
            verdict = refused() if id(call) in failing else _request(call.args[2])
            yield from _case(call.args[1], verdict)
    for node in ast.walk(tree):
        match node:
            case ast.Tuple(elts=[state, request, data]) if ast.unparse(state) == STATE:
                yield from _case(data, _request(request))


def _case(node: ast.expr, verdict: Verdict) -> Iterator[Case]:
    data = value(node, {})
    if isinstance(data, bytes):
        yield Case(NAME, repr(data), with_host(data), verdict)


def _request(node: ast.expr) -> Verdict:
    if not isinstance(node, ast.Call):
        return refused()
    named: Names = {word.arg or "": value(word.value, {}) for word in node.keywords}
    fields = [(name.lower(), text) for name, text in named["headers"]]
    if named.get("http_version", "1.1") == "1.1" and "host" not in dict(fields):
        fields.append(SEEN)
    known = {key: None if named.get(key) is UNKNOWN else named.get(key) for key in named}
    return answered(Seen(known["method"], known["target"], b"", tuple(fields)))
