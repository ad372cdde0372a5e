"""Whether the next instruction of a frame reads or writes what several threads can share.

Rule: what only one thread can have (its own variables, what is on its stack) is no reason to
switch; nor are names that are made once and only read: modules, classes and functions.
"""

from __future__ import annotations

import dis
from functools import cache
from types import CodeType, FrameType, FunctionType, ModuleType
from typing import Any

_READS = {"LOAD_ATTR", "LOAD_DEREF", "LOAD_GLOBAL", "BINARY_SUBSCR"}
_WRITES = {"STORE_ATTR", "STORE_DEREF", "STORE_GLOBAL", "STORE_SUBSCR", "DELETE_SUBSCR"}
_MADE_ONCE = (type, FunctionType, ModuleType)


def shared_access(frame: FrameType) -> str:
    """What it does next, in words: "before it writes balance"; "" for nothing shared.

    >>> import sys
    >>> from threading import Thread
    >>> from types import SimpleNamespace
    >>> def visit(room):
    ...     room.visits += 1
    >>> told = []
    >>> def look(frame, event, value):
    ...     frame.f_trace_opcodes = True
    ...     told.append(shared_access(frame) if event == "opcode" else "")
    ...     return look
    >>> def traced():
    ...     sys.settrace(look)
    ...     visit(SimpleNamespace(visits=0))
    >>> thread = Thread(target=traced)
    >>> thread.start()
    >>> thread.join()
    >>> [access for access in told if "visits" in access]
    ['before it reads visits', 'before it writes visits']
    """
    access = _accesses(frame.f_code).get(frame.f_lasti)
    if access is None:
        return ""
    kind, name = access
    if kind == "LOAD_GLOBAL" and _is_made_once(frame, name):
        return ""
    return f"before it {'reads' if kind in _READS else 'writes'} {name}"


def _is_made_once(frame: FrameType, name: str) -> bool:
    missing: Any = type  # a builtin
    return isinstance(frame.f_globals.get(name, missing), _MADE_ONCE)


@cache
def _accesses(code: CodeType) -> dict[int, tuple[str, str]]:
    return {
        step.offset: (step.opname, _name(step))
        for step in dis.get_instructions(code)
        if step.opname in _READS | _WRITES
    }


def _name(step: dis.Instruction) -> str:
    named = isinstance(step.argval, str) and not step.opname.endswith("SUBSCR")
    return step.argval if named else "an item"
