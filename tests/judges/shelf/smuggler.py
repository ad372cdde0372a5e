"""defparam's smuggler: lists of disguised Transfer-Encoding fields.

Rule: the lists are loops over plain data and are read as such; what a good server answers is
decided by `smuggling`, for the tool itself only measures time.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.judges.cases import Case
from tests.judges.plain import UNKNOWN, Names, value
from tests.judges.smuggling import disguised

NAME = "smuggler"


def cases(folder: Path) -> Iterator[Case]:
    """Every mutation of configs/*.py, each disguise once."""
    seen: set[str] = set()
    for file in sorted((folder / "configs").glob("*.py")):
        for name, gadget in _mutations(ast.parse(file.read_text("utf-8")).body, {}):
            if gadget not in seen:
                seen.add(gadget)
                yield disguised(NAME, f"{file.stem}/{name}", gadget.encode("latin-1"))


def _mutations(body: list[ast.stmt], names: Names) -> Iterator[tuple[str, str]]:
    """The pairs that `mutations[name] = render_template(gadget)` sets."""
    for node in body:
        match node:
            case ast.For(target=ast.Name(id=variable)):
                numbers = value(node.iter, names)
                for number in [] if numbers is UNKNOWN else numbers:
                    yield from _mutations(node.body, {**names, variable: number})
            case ast.Assign(targets=[ast.Subscript(slice=key)], value=ast.Call(args=[gadget])):
                yield value(key, names), value(gadget, names)
