"""Whether a function is another one that was defined again, as when a cell runs again.

Rule: a name is what a function is known by, and its code may have been edited. Of those that share
a name, the ones that are bound to different objects, or made of different values, all count.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import partial
from types import CellType
from typing import Any

from asyncweb.http.awaiting import function_of
from asyncweb.http.routing import handler_name

Function = Callable[..., Any]


def is_redefinition(function: Function, earlier: Function, around: tuple[Any, ...] = ()) -> bool:
    """Whether `function` is `earlier`, defined again. `around` are functions that hold it.

    A method is the same only of the same object. An object that is called is the same when it is
    equal: by default only itself, a dataclass when its fields are, and one of a class that was
    defined again is. What one function makes again and again is the same when it holds equal
    values, a `partial` when its arguments are equal. A lambda, which has no name, is the same when
    its code is, too.

    >>> def add(name):
    ...     def layer(ctx, next):
    ...         ctx.state.name = name
    ...         return next(ctx)
    ...     return layer
    >>> is_redefinition(add("x-a"), add("x-a")), is_redefinition(add("x-b"), add("x-a"))
    (True, False)
    >>> one, other = [], []
    >>> is_redefinition(one.clear, one.clear), is_redefinition(other.clear, one.clear)
    (True, False)
    """
    if any(earlier is one for one in around):
        return True  # a function may hold itself; the rest of it is being compared
    if handler_name(function) != handler_name(earlier):
        return False
    if _kind(function) is not _kind(earlier):
        return True  # their class itself was defined again
    held, held_before = _held(function), _held(earlier)
    around = (*around, earlier)
    shared = held.keys() & held_before.keys()
    return all(_is_same(held[name], held_before[name], around) for name in shared)


def _kind(function: Function) -> type:
    """The class of the object that it is bound to."""
    return type(getattr(function_of(function), "__self__", None))


def _held(function: Function) -> dict[str, Any]:
    """What tells `function` from others of its name, each by a name of its own."""
    if isinstance(function, partial):
        return {"func": function.func, "args": function.args, "keywords": function.keywords}
    below = function_of(function)
    if getattr(below, "__self__", None) is not None:
        return {"bound": function}
    if not inspect.isfunction(below) or "<" not in below.__qualname__:
        return {}  # neither in <locals> nor a <lambda>: there is one of that name
    code, cells = below.__code__, below.__closure__ or ()
    held = {name: _content(cell) for name, cell in zip(code.co_freevars, cells, strict=True)}
    if below.__name__ == "<lambda>":
        held |= {"<code>": code, "<defaults>": below.__defaults__}
    return held


def _content(cell: CellType) -> Any:
    try:
        return cell.cell_contents
    except ValueError:
        return None  # its variable has no value yet


def _is_same(value: Any, earlier: Any, around: tuple[Any, ...]) -> bool:
    if value is earlier:
        return True
    if inspect.isfunction(value) or isinstance(value, partial):
        return callable(earlier) and is_redefinition(value, earlier, around)
    try:
        return bool(value == earlier)
    except Exception:  # arrays are equal number by number
        return False
