"""Stops a thread before each instruction that reads or writes what threads can share.

Rule: all that is watched is prepared before the first thread runs, so that no run sees more places
than another.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import CodeType, FrameType
from typing import Any, TypeAlias

from asyncweb.instruments.code_under_test import Codes
from asyncweb.instruments.shared_access import shared_access

Stop: TypeAlias = Callable[[FrameType, str], None]  # where, and what comes next
TOOL = 4  # of those that sys.monitoring leaves to anybody: 3 and 4
HAS_MONITORING = sys.version_info >= (3, 12)


@contextmanager
def switch_points(codes: Codes, stop: Stop) -> Iterator[None]:
    """Calls `stop` in whichever thread comes to such an instruction of `codes`.

    Before Python 3.12 in those threads only that call `trace_here`.
    """
    if not HAS_MONITORING:
        yield
        return
    monitoring: Any = getattr(sys, "monitoring", None)
    instruction = monitoring.events.INSTRUCTION

    def look(code: CodeType, offset: int) -> None:
        _ask(sys._getframe(1), offset, stop)

    monitoring.use_tool_id(TOOL, "asyncweb.instruments")
    monitoring.register_callback(TOOL, instruction, look)
    for code in codes.values():
        monitoring.set_local_events(TOOL, code, instruction)
    try:
        yield
    finally:
        for code in codes.values():
            monitoring.set_local_events(TOOL, code, 0)
        monitoring.register_callback(TOOL, instruction, None)
        monitoring.free_tool_id(TOOL)


def trace_here(codes: Codes, stop: Stop) -> None:
    """Does the same for this thread, until it ends, where Python has no sys.monitoring."""
    if HAS_MONITORING:
        return

    def trace(frame: FrameType, event: str, value: Any) -> Any:
        if id(frame.f_code) not in codes:
            return None
        frame.f_trace_opcodes = True
        return look

    def look(frame: FrameType, event: str, value: Any) -> Any:
        if event == "opcode":
            _ask(frame, frame.f_lasti, stop)
        return look

    sys.settrace(trace)


def _ask(frame: FrameType, offset: int, stop: Stop) -> None:
    access = shared_access(frame, offset)
    if access:
        stop(frame, access)
