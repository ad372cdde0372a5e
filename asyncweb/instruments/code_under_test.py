"""Which code an exploration watches, and where that code finds its locks.

Rule: a scenario's own file and the modules that are named, and nothing else: what a library does
between two of their lines is not looked into.
"""

from __future__ import annotations

import functools
import inspect
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import (
    BuiltinFunctionType,
    ClassMethodDescriptorType,
    CodeType,
    FunctionType,
    GetSetDescriptorType,
    MemberDescriptorType,
    MethodDescriptorType,
    MethodType,
    ModuleType,
    WrapperDescriptorType,
)
from typing import Any, TypeAlias

from asyncweb.errors import InstrumentError

# By identity: two functions may have the same code, and only one of them run.
Codes: TypeAlias = Mapping[int, CodeType]
Place: TypeAlias = dict[str, Any] | type  # whose names stand for something
# Where methods, properties, partials, caches and decorators keep what they call.
_WRAPPED = ("__wrapped__", "__func__", "func", "fget", "fset", "fdel")
_FIELDS = (GetSetDescriptorType, MemberDescriptorType)  # of what is written in C
_IN_C = (*_FIELDS, BuiltinFunctionType, ClassMethodDescriptorType, MethodDescriptorType,
         WrapperDescriptorType)  # fmt: skip


def function_of(scenario: Callable[..., Any]) -> FunctionType:
    """The function behind a method or a partial. Raises InstrumentError for what has none.

    >>> function_of(functools.partial(function_of, 1)) is function_of
    True
    """
    inner: Any = scenario
    while isinstance(inner, (functools.partial, MethodType)):
        inner = inner.func if isinstance(inner, functools.partial) else inner.__func__
    if not isinstance(inner, FunctionType):
        raise InstrumentError(f"{scenario!r}: expected a scenario that is written in Python")
    return inner


def places_of(function: FunctionType, modules: Sequence[ModuleType]) -> list[Place]:
    """Where the code under test finds its locks: its modules, and the classes they define."""
    spaces = [function.__globals__, *map(vars, modules)]
    classes = [
        value
        for space in spaces
        for value in space.values()
        if isinstance(value, type) and value.__module__ == space.get("__name__")
    ]
    return [*spaces, *classes]


def codes_of(function: FunctionType, modules: Sequence[ModuleType]) -> Codes:
    """The code of every function and method in there, however deep.

    >>> import queue
    >>> names = {code.co_qualname for code in codes_of(codes_of, [queue]).values()}
    >>> {"codes_of", "function_of", "Queue.put", "Queue.get"} <= names
    True
    """
    files = {function.__code__.co_filename, *(module.__file__ for module in modules)}
    found: dict[int, CodeType] = {}
    seen: set[int] = set()
    waiting: list[Any] = [function]
    for place in (function.__globals__, *map(vars, modules)):
        waiting += [value for value in place.values() if not isinstance(value, ModuleType)]
    while waiting:
        value = waiting.pop()
        if id(value) in seen:
            continue
        seen.add(id(value))
        if isinstance(value, CodeType) and value.co_filename in files:
            found[id(value)] = value
        waiting += _within(value)
    return found


def _within(value: Any) -> Iterator[Any]:
    """What may be code, or lead to it."""
    if isinstance(value, CodeType):
        yield from (const for const in value.co_consts if isinstance(const, CodeType))
    elif isinstance(value, FunctionType):
        yield value.__code__
        yield from _cells(value)
    elif isinstance(value, type):
        yield from vars(value).values()
    elif not isinstance(value, _IN_C):
        yield type(value)  # an object: what it can do stands in its class
        yield from _wrapped(value)


def _wrapped(value: Any) -> Iterator[Any]:
    """What an object calls when it is called, or read as an attribute."""
    if isinstance(value, functools.cached_property) and sys.version_info < (3, 12):
        return  # its own lock takes no turns: who came to it would wait for ever
    if not callable(value) and not hasattr(type(value), "__get__"):
        return
    for name in _WRAPPED:
        found = inspect.getattr_static(value, name, None)  # a Mock would make up one
        if isinstance(found, _FIELDS):
            found = getattr(value, name, None)
        if found is not None:
            yield found


def _cells(function: FunctionType) -> Iterator[Any]:
    for cell in function.__closure__ or ():
        try:
            yield cell.cell_contents
        except ValueError:  # nothing is in it yet
            continue
