"""Whether the next instruction of a frame reads or writes what several threads can share.

Rule: what only one thread can have (its own variables, what is on its stack) is no reason to
switch; nor are names that are made once and only read: modules, classes and functions.
"""

from __future__ import annotations

import dis
import sys
from functools import cache
from types import CodeType, FrameType, FunctionType, ModuleType
from typing import Any

_WORDS = {
    "LOAD_ATTR": "reads",
    "LOAD_DEREF": "reads",
    "LOAD_GLOBAL": "reads",
    "BINARY_SUBSCR": "reads",
    "LOAD_METHOD": "calls",
    "STORE_ATTR": "writes",
    "STORE_DEREF": "writes",
    "STORE_GLOBAL": "writes",
    "STORE_SUBSCR": "writes",
    "DELETE_SUBSCR": "writes",
}
_MADE_ONCE = (type, FunctionType, ModuleType)


def shared_access(frame: FrameType, offset: int) -> str:
    """What the instruction at `offset` does: "before it writes balance"; "" for nothing shared.

    >>> def visit(room, at=0):
    ...     seen = room[at].visits
    ...     room[at].visits = seen + len("x")
    ...     return sys._getframe()
    >>> frame = visit([type("Room", (), {"visits": 0})])
    >>> steps = dis.get_instructions(visit)
    >>> list(filter(None, [shared_access(frame, step.offset) for step in steps]))[:3]
    ['before it reads an item', 'before it reads visits', 'before it reads an item']
    """
    kind, name = _accesses(frame.f_code).get(offset, ("", ""))
    if not kind or (kind == "LOAD_GLOBAL" and _is_made_once(frame, name)):
        return ""
    return f"before it {_WORDS[kind]} {name}"


def _is_made_once(frame: FrameType, name: str) -> bool:
    missing: Any = type  # a builtin
    return isinstance(frame.f_globals.get(name, missing), _MADE_ONCE)


@cache
def _accesses(code: CodeType) -> dict[int, tuple[str, str]]:
    return {
        step.offset: (_kind(step), _name(step))
        for step in dis.get_instructions(code)
        if _kind(step) in _WORDS
    }


def _kind(step: dis.Instruction) -> str:
    """Its name, as Python 3.11 has it."""
    if step.opname == "BINARY_OP" and step.argrepr == "[]":  # from Python 3.14 on
        return "BINARY_SUBSCR"
    is_method = sys.version_info >= (3, 12) and step.opname == "LOAD_ATTR" and (step.arg or 0) & 1
    return "LOAD_METHOD" if is_method else step.opname


def _name(step: dis.Instruction) -> str:
    named = isinstance(step.argval, str) and not _kind(step).endswith("SUBSCR")
    return str(step.argval) if named else "an item"
