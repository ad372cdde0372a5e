"""At which line of the code under test a task waits.

Rule: what it awaits is followed inwards to the last frame that is neither asyncio's nor ours.
"""

from __future__ import annotations

import asyncio
from types import FrameType
from typing import Any

from asyncweb.awaits import awaited_frames
from asyncweb.loopless import is_asyncio, is_own
from asyncweb.servers.blocking import code_at


def waits_at(task: asyncio.Task[Any]) -> str:
    """In words: "at line 7: await lock.acquire()"; "nowhere" for one that has ended.

    >>> async def student():
    ...     await asyncio.sleep(10)
    >>> async def main():
    ...     task = asyncio.create_task(student())
    ...     await asyncio.sleep(0)
    ...     return waits_at(task)
    >>> asyncio.run(main())
    'at line 2: await asyncio.sleep(10)'
    """
    frame = waiting_frame(task)
    return "nowhere" if frame is None else f"at {line_of(frame)}"


def waiting_frame(task: asyncio.Task[Any]) -> FrameType | None:
    """The frame where `task` waits, or begins; None when it has ended."""
    frames = list(awaited_frames(task.get_coro()))
    of_tests = [frame for frame in frames if not (is_asyncio(frame) or is_own(frame))]
    return next(reversed(of_tests or frames), None)


def line_of(frame: FrameType) -> str:
    """In words: "line 7: await lock.acquire()"."""
    code = code_at(frame)
    return f"line {frame.f_lineno}" + (f": {code}" if code else "")
