"""Whether what judges is still what it was before the student's code ran.

Rule: functions and classes only, and compared by identity: what is looked at is never called.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import CodeType, FunctionType, ModuleType
from typing import Any

WATCHED = ("builtins", "_pytest", "pytest", "pluggy", "asyncweb", "asyncio", "hmac", "json", "time")


class Inventory:
    """The functions and classes of the modules that judge, as they are now.

    `also` are the names of further modules, as the tests are.

    >>> import asyncweb.grading.seal as judge
    >>> inventory = Inventory()
    >>> inventory.changed()
    ''
    >>> kept, judge.Seal.read = judge.Seal.read, lambda self, line: {"outcome": "passed"}
    >>> inventory.changed()
    'asyncweb.grading.seal.Seal.read'
    >>> judge.Seal.read = kept
    """

    def __init__(self, also: Iterable[str] = ()):
        names = [name for name in sys.modules if name.partition(".")[0] in WATCHED]
        self._modules = {name: sys.modules[name] for name in [*names, *also]}
        self._parts = [
            part for name, module in self._modules.items() for part in _parts(name, module)
        ]

    def changed(self) -> str:
        """The name of something that was replaced or taken away; empty when nothing was."""
        for name, module in self._modules.items():
            if sys.modules.get(name) is not module:
                return name
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


def _parts(name: str, module: ModuleType) -> Iterator[_Part]:
    if not isinstance(module, ModuleType):
        return
    for attribute, value in vars(module).items():
        if isinstance(value, FunctionType | type) or (name == "builtins" and callable(value)):
            yield _Part(f"{name}.{attribute}", vars(module), attribute, value, _code(value))
        if isinstance(value, type) and value.__module__ == name:
            yield from _members(f"{name}.{attribute}", value)


def _members(name: str, kind: type) -> Iterator[_Part]:
    for attribute, member in vars(kind).items():
        if code := _code(member):
            yield _Part(f"{name}.{attribute}", vars(kind), attribute, member, code)


def _code(value: object) -> CodeType | None:
    """The code of a function, a method or a property."""
    for kind, name in ((property, "fget"), (staticmethod, "__func__"), (classmethod, "__func__")):
        if type(value) is kind:
            value = getattr(value, name)
    return value.__code__ if type(value) is FunctionType else None
