"""Whether what judges is still what it was before the student's code ran.

Rule: compared by identity, so that what is looked at is never called. Of what judges, functions and
classes count; of the tests, whatever stands in them, for they compare with it.
"""

from __future__ import annotations

import builtins
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import BuiltinFunctionType, CodeType, FunctionType, MethodType, ModuleType
from typing import Any

WATCHED = (
    "builtins", "_pytest", "pytest", "pluggy", "asyncweb", "asyncio", "hmac", "json", "math",
    "random", "time",
)  # fmt: skip
_KINDS = (FunctionType, BuiltinFunctionType, MethodType, type)
_WRAPPERS = (
    (property, "fget"), (staticmethod, "__func__"), (classmethod, "__func__"),
    (MethodType, "__func__"),
)  # fmt: skip
_BUILTINS = frozenset(vars(builtins))


class Inventory:
    """The functions and classes of the modules that judge, and all of those of the tests, as now.

    >>> import asyncweb.grading.seal as judge
    >>> inventory = Inventory()
    >>> inventory.changed()
    ''
    >>> kept, judge.Seal.read = judge.Seal.read, lambda self, line: {"outcome": "passed"}
    >>> inventory.changed()
    'asyncweb.grading.seal.Seal.read'
    >>> judge.Seal.read = kept
    """

    def __init__(self, tests: Iterable[ModuleType] = ()):
        self._loaded = {
            name: module
            for name, module in sys.modules.items()
            if name.partition(".")[0] in WATCHED and isinstance(module, ModuleType)
        }
        self._modules = [_Module(module, _KINDS) for module in self._loaded.values()]
        self._modules += [_Module(module, object) for module in tests]

    def changed(self) -> str:
        """The name of something that was replaced, hidden or taken away; empty when nothing was."""
        for name, module in self._loaded.items():
            if sys.modules.get(name) is not module:
                return name
        return next(filter(None, (module.changed() for module in self._modules)), "")


class _Module:
    """What of those `kinds` is in a module."""

    def __init__(self, module: ModuleType, kinds: type | tuple[type, ...]):
        self._name = module.__name__
        self._namespace = vars(module)
        self._own = _BUILTINS & self._namespace.keys()
        self._parts = list(_parts(module, kinds))

    def changed(self) -> str:
        # A new global of the name of a builtin is what the module's functions find first.
        hiding = (_BUILTINS & self._namespace.keys()) - self._own
        if hiding:
            return f"{self._name}.{min(hiding)}"
        return next((part.name for part in self._parts if part.is_changed()), "")


@dataclass(frozen=True, slots=True)
class _Part:
    """What stands under `attribute` in the namespace of a module or a class."""

    name: str
    namespace: Mapping[str, Any]
    attribute: str
    value: object
    code: CodeType | None

    def is_changed(self) -> bool:
        now = self.namespace.get(self.attribute)
        return now is not self.value or _code(now) is not self.code


def _parts(module: ModuleType, kinds: type | tuple[type, ...]) -> Iterator[_Part]:
    name = module.__name__
    for attribute, value in vars(module).items():
        if isinstance(value, kinds):
            yield _Part(f"{name}.{attribute}", vars(module), attribute, value, _code(value))
        if isinstance(value, type) and value.__module__ == name:
            yield from _members(f"{name}.{attribute}", value)


def _members(name: str, kind: type) -> Iterator[_Part]:
    for attribute, member in vars(kind).items():
        if code := _code(member):
            yield _Part(f"{name}.{attribute}", vars(kind), attribute, member, code)


def _code(value: object) -> CodeType | None:
    """The code of a function, a method or a property."""
    for kind, inside in _WRAPPERS:
        if type(value) is kind:
            value = getattr(value, inside)
    return value.__code__ if type(value) is FunctionType else None
