"""What to tell a student whose handler, run by a thread, awaits what only a loop can finish.

Rule: the traceback ends on the student's own line, and the message names the way out.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from types import FrameType, TracebackType

from asyncweb.errors import NeedsEventLoop

ADVICE = (
    "only an event loop can finish this await, and a thread has none: on ThreadServer use "
    "`await ctx.sleep(seconds)` to wait and `await ctx.offload(function)` to work, or serve "
    "this app with AsyncServer"
)
_ASYNCIO = os.path.dirname(asyncio.__file__)
_PACKAGE = os.path.dirname(os.path.realpath(__file__))


def as_needs_event_loop(error: BaseException) -> BaseException:
    """`error`, or, when an event loop was missing, NeedsEventLoop raised at the very await."""
    traces = list(_traces(error.__traceback__))
    if not _misses_loop(error, traces):
        return error
    lines = [trace for trace in traces if not _is_ours(trace.tb_frame)]
    if not lines:
        return error
    _cut_after(lines[-1])
    advice = str(error) if isinstance(error, NeedsEventLoop) else ADVICE
    return NeedsEventLoop(advice).with_traceback(error.__traceback__)


def is_own(frame: FrameType) -> bool:
    """Whether asyncweb's own code runs there."""
    return frame.f_code.co_filename.startswith(_PACKAGE)


def _misses_loop(error: BaseException, traces: list[TracebackType]) -> bool:
    if isinstance(error, AttributeError):  # a lock or an event asks the loop it does not have
        return "NoneType" in str(error) and is_asyncio(traces[-1].tb_frame)
    if isinstance(error, RuntimeError):
        return "no running event loop" in str(error) or "no current event loop" in str(error)
    return isinstance(error, NeedsEventLoop)


def _traces(trace: TracebackType | None) -> Iterator[TracebackType]:
    while trace is not None:
        yield trace
        trace = trace.tb_next


def _is_ours(frame: FrameType) -> bool:
    return is_own(frame) or is_asyncio(frame)


def is_asyncio(frame: FrameType) -> bool:
    """Whether asyncio's own code runs there."""
    return frame.f_code.co_filename.startswith(_ASYNCIO)


def _cut_after(trace: TracebackType) -> None:
    trace.tb_next = None
