"""Whether the next instruction of a frame reads or writes what several threads can share.

Rule: what only one thread can have (its own variables, what is on its stack) is no reason to
switch; nor are names that are made once and only read: modules, classes and functions. What an
instruction does is read from the words of its name, which each Python combines anew.
"""

from __future__ import annotations

import dis
import sys
from functools import lru_cache
from types import CodeType, FrameType, FunctionType, ModuleType
from typing import Any, NamedTuple

# The first word of an instruction's name, and what it may end with.
_VERBS = {"LOAD": "reads", "BINARY": "reads", "STORE": "writes", "DELETE": "deletes"}
_OF_A_NAME = ("ATTR", "METHOD", "GLOBAL", "GLOBALS", "DEREF")
_OF_AN_ITEM = ("SUBSCR", "SLICE")
_MADE_ONCE = (type, FunctionType, ModuleType)


class _Access(NamedTuple):
    verb: str
    what: str  # a name, or "an item"
    reads_global: bool = False


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
    access = _accesses(frame.f_code).get(offset)
    if access is None or (access.reads_global and _is_made_once(frame, access.what)):
        return ""
    return f"before it {access.verb} {access.what}"


def _is_made_once(frame: FrameType, name: str) -> bool:
    missing: Any = type  # a builtin
    return isinstance(frame.f_globals.get(name, missing), _MADE_ONCE)


@lru_cache(1024)
def _accesses(code: CodeType) -> dict[int, _Access]:
    steps = ((step.offset, _access(step)) for step in dis.get_instructions(code))
    return {offset: access for offset, access in steps if access is not None}


def _access(step: dis.Instruction) -> _Access | None:
    verb = _VERBS.get(step.opname.partition("_")[0])
    is_index = step.opname == "BINARY_OP" and step.argrepr == "[]"  # from Python 3.14 on
    if verb and (is_index or step.opname.endswith(_OF_AN_ITEM)):
        return _Access(verb, "an item")
    if verb and step.opname.endswith(_OF_A_NAME):
        is_global = verb == "reads" and "GLOBAL" in step.opname
        return _Access("calls" if _loads_method(step) else verb, str(step.argval), is_global)
    return None


def _loads_method(step: dis.Instruction) -> bool:
    """Whether what is read is called at once."""
    has_bit = sys.version_info >= (3, 12) and step.opname in ("LOAD_ATTR", "LOAD_SUPER_ATTR")
    return step.opname == "LOAD_METHOD" or (has_bit and bool((step.arg or 0) & 1))
