"""Another answer, right or wrong, told by what it does otherwise than the solution.

Rule: who reads such a file sees the mistake and nothing else; all the rest is the solution's.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from asyncweb.errors import ExerciseError
from asyncweb.grading.stub import BEGIN, END


def variant_of(solution: str, changes: str) -> str:
    """The solution, with each function, class and name of `changes` in the place of its own.

    What the solution does not have comes before the first that is replaced, imports on top. Raises
    ExerciseError for other statements.

    >>> print(variant_of('def one():\\n    return 1\\n\\n\\ndef two():\\n    return one() + 1\\n',
    ...                  'def one():\\n    return 7\\n'), end="")
    def one():
        return 7
    <BLANKLINE>
    <BLANKLINE>
    def two():
        return one() + 1
    """
    lines = [line for line in solution.splitlines() if BEGIN not in line and END not in line]
    there = dict(_named(ast.parse("\n".join(lines))))
    imports: list[str] = []
    texts: dict[str, str] = {}
    for node in ast.parse(changes).body:
        text = _text(changes.splitlines(), node)
        if isinstance(node, ast.Import | ast.ImportFrom):
            imports.append(text)
        elif names := _names(node):
            texts[names[0]] = text
        elif not isinstance(node, ast.Expr):  # a docstring is about the change
            raise ExerciseError(
                f"line {node.lineno} of an answer is {text!r}: expected imports, functions, "
                "classes and names alone"
            )
    replaced = sorted(there.keys() & texts.keys(), key=lambda name: -there[name].lineno)
    added = [text + "\n\n" for name, text in texts.items() if name not in there]
    for name in replaced:
        first, last = _span(there[name])
        lines[first:last] = [*(added if name == replaced[-1] else []), texts[name]]
    top = _after_docstring("\n".join(lines))
    return "\n".join([*lines[:top], *imports, *lines[top:]]) + "\n"


def _named(tree: ast.Module) -> Iterator[tuple[str, ast.stmt]]:
    for node in tree.body:
        for name in _names(node):
            yield name, node


def _names(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [node.name]
    targets = getattr(node, "targets", []) or [getattr(node, "target", None)]
    return [target.id for target in targets if isinstance(target, ast.Name)]


def _span(node: ast.stmt) -> tuple[int, int]:
    """The lines of `node`, its decorators too, as a slice."""
    decorators = getattr(node, "decorator_list", [])
    return min([node.lineno, *(each.lineno for each in decorators)]) - 1, node.end_lineno or 0


def _text(lines: list[str], node: ast.stmt) -> str:
    first, last = _span(node)
    return "\n".join(lines[first:last])


def _after_docstring(text: str) -> int:
    body = ast.parse(text).body
    has_docstring = bool(body) and isinstance(body[0], ast.Expr)
    return (body[0].end_lineno or 0) + 1 if has_docstring else 0
