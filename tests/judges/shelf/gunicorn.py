"""gunicorn's request files: bytes in *.http, what they mean in *.py beside them.

Rule: the Python files are read as data with `ast`, never run.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.judges.cases import Case, Seen, Verdict, answered, refused
from tests.judges.hosts import SEEN, origin_target, with_hosts
from tests.judges.plain import UNKNOWN, assigned, value

NAME = "gunicorn"


def cases(folder: Path) -> Iterator[Case]:
    """Every file of tests/requests; a case that changes gunicorn's settings names them."""
    for file in sorted((folder / "tests" / "requests").glob("*valid/*.http")):
        names = _read(file.with_suffix(".py"))
        settings = ",".join(names["cfg"])
        name = f"{file.parent.name}/{file.stem}" + (f" [{settings}]" if settings else "")
        data, expected = _bytes_of(file), names.get("request")
        if file.parent.name == "invalid":
            yield Case(NAME, name, with_hosts(data, [0]), refused())
            continue
        wanted = expected if isinstance(expected, list) else [expected]
        yield Case(NAME, name, with_hosts(data, _starts(data, wanted)), _answers(wanted))


def _bytes_of(file: Path) -> bytes:
    data = file.read_bytes().replace(b"\n", b"")
    for spelled, meant in ((b"\\r", b"\r"), (b"\\n", b"\n"), (b"\\t", b"\t"), (b"\\0", b"\0")):
        data = data.replace(spelled, meant)
    parts = data.split(b"\\x")
    return parts[0] + b"".join(bytes([int(part[:2], 16)]) + part[2:] for part in parts[1:])


def _starts(data: bytes, wanted: list[Any]) -> Iterator[int]:
    """Where each expected request begins."""
    position = 0
    for request in wanted:
        line = f"{request['method']} {request['uri']} HTTP/".encode("latin-1", "replace")
        start = data.find(line, position)
        if start < 0:
            return
        yield start
        position = start + len(line)


def _answers(wanted: list[Any]) -> Verdict:
    return answered(*map(_seen, wanted))


def _seen(request: dict[str, Any]) -> Seen:
    fields, body = request.get("headers"), request.get("body")
    named = None
    if isinstance(fields, list) and not any(UNKNOWN in pair for pair in fields):
        named = [(name.lower(), text.strip(" \t")) for name, text in fields]
        if request["version"] == (1, 1) and not any(name == "host" for name, _ in named):
            named.append(SEEN)
    return Seen(
        request["method"],
        origin_target(request["uri"]),
        body if isinstance(body, bytes) else None,
        tuple(named) if named is not None else None,
    )


def _read(file: Path) -> dict[str, Any]:
    """The names the file assigns, and under "cfg" the settings it changes."""
    body = ast.parse(file.read_text(encoding="utf-8")).body
    names = assigned(_without_uri(body), {})
    calls = [node.value for node in body if isinstance(node, ast.Expr)]
    names["cfg"] = [str(value(call.args[0], names)) for call in calls if isinstance(call, ast.Call)]
    return names


class _Bare(ast.NodeTransformer):
    """Takes `uri("...")` for what stands in it."""

    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.generic_visit(node)
        is_uri = isinstance(node.func, ast.Name) and node.func.id == "uri"
        return node.args[0] if is_uri else node


def _without_uri(body: list[ast.stmt]) -> list[ast.stmt]:
    return [_Bare().visit(node) for node in body]
