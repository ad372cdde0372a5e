"""Python source read as plain data.

Rule: foreign Python is never run; an expression that is no plain data is UNKNOWN.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import product
from typing import Any

UNKNOWN = object()
Names = dict[str, Any]


def value(node: ast.expr, names: Names) -> Any:
    """What the expression stands for, with `names` known; UNKNOWN when it is no plain data."""
    match node:
        case ast.Constant():
            return node.value
        case ast.Name():
            return names.get(node.id, UNKNOWN)
        case ast.List() | ast.Set():
            return [value(item, names) for item in node.elts]
        case ast.Tuple():
            return tuple(value(item, names) for item in node.elts)
        case ast.Dict():
            keys = [value(key, names) for key in node.keys if key]
            return dict(zip(keys, (value(item, names) for item in node.values), strict=False))
        case ast.BinOp() | ast.UnaryOp():
            return _computed(node, names)
        case ast.JoinedStr():
            return _joined(node, names)
        case ast.Call():
            return _called(node, names)
    return UNKNOWN


def _computed(node: ast.BinOp | ast.UnaryOp, names: Names) -> Any:
    if isinstance(node, ast.UnaryOp):
        number = value(node.operand, names)
        is_minus = isinstance(node.op, ast.USub) and isinstance(number, int)
        return -number if is_minus else UNKNOWN
    left, right = value(node.left, names), value(node.right, names)
    if left is UNKNOWN or right is UNKNOWN or (isinstance(right, tuple) and UNKNOWN in right):
        return UNKNOWN
    try:
        match node.op:
            case ast.Add():
                return left + right
            case ast.Mult():
                return left * right
            case ast.Mod():
                return left % right
    except (TypeError, ValueError):
        pass
    return UNKNOWN


def _joined(node: ast.JoinedStr, names: Names) -> Any:
    parts = []
    for part in node.values:
        inner = part.value if isinstance(part, ast.FormattedValue) else part
        known = value(inner, names)
        if known is UNKNOWN or (isinstance(part, ast.FormattedValue) and part.format_spec):
            return UNKNOWN
        parts.append(str(known))
    return "".join(parts)


def _called(node: ast.Call, names: Names) -> Any:
    arguments = [value(argument, names) for argument in node.args]
    if UNKNOWN in arguments or not isinstance(node.func, ast.Attribute | ast.Name):
        return UNKNOWN
    if isinstance(node.func, ast.Name):
        return list(range(*arguments)) if node.func.id == "range" else UNKNOWN
    if node.func.attr == "param":  # pytest.param(value, id=...)
        return arguments[0] if len(arguments) == 1 else tuple(arguments)
    owner = value(node.func.value, names)
    match owner, node.func.attr:
        case str(), "encode":
            return owner.encode(*arguments)
        case dict(), "keys" | "values":
            return list(getattr(owner, node.func.attr)())
    return UNKNOWN


def assigned(body: list[ast.stmt], names: Names) -> Names:
    """`names` and what the simple assignments of `body` add to them, in order."""
    known = dict(names)
    for node in body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)]):
                known[name] = value(node.value, known)
            case ast.AnnAssign(target=ast.Name(id=name)) if node.value:
                known[name] = value(node.value, known)
            case ast.AugAssign(target=ast.Name(id=name), op=ast.Add()):
                sum_of = ast.BinOp(ast.Name(name), ast.Add(), node.value)
                known[name] = value(sum_of, known)
    return known


def parametrized(function: ast.FunctionDef | ast.AsyncFunctionDef, names: Names) -> Iterator[Names]:
    """The arguments of each run that pytest.mark.parametrize makes of a test function."""
    axes = []
    for call in function.decorator_list:
        if isinstance(call, ast.Call) and ast.unparse(call.func).endswith("parametrize"):
            axes.append(_axis(call, names))
    for combination in product(*axes):
        yield {name: one for arguments in combination for name, one in arguments.items()}


def _axis(call: ast.Call, names: Names) -> list[Names]:
    known = value(call.args[0], names)
    called = known.replace(",", " ").split() if isinstance(known, str) else known
    rows = value(call.args[1], names)
    if called is UNKNOWN or rows is UNKNOWN:
        return [{}]
    if len(called) == 1:
        return [{called[0]: row} for row in rows]
    return [dict(zip(called, row, strict=False)) for row in rows if isinstance(row, tuple | list)]


def functions(tree: ast.AST) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every test function, of classes too, in the order of the file."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    found = [node for node in ast.walk(tree) if isinstance(node, kinds)]
    return sorted(found, key=lambda node: node.lineno)


def raising(function: ast.AST) -> Iterator[tuple[str, ast.With]]:
    """The `with pytest.raises(Kind)` blocks, as (Kind, block)."""
    for node in ast.walk(function):
        call = node.items[0].context_expr if isinstance(node, ast.With) else None
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "pytest.raises":
            yield ast.unparse(call.args[0]).split(".")[-1], node


def calls_of(node: ast.AST, name: str) -> list[ast.Call]:
    """The calls of a function or method called `name`."""
    calls = [found for found in ast.walk(node) if isinstance(found, ast.Call)]
    return [call for call in calls if ast.unparse(call.func).split(".")[-1] == name]
