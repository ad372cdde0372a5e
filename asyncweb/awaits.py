"""What a coroutine waits in: its own frame, and those of all that it awaits.

Rule: it is only looked at; nothing is run, closed or awaited.
"""

from __future__ import annotations

import gc
from collections.abc import AsyncGenerator, Iterator
from types import FrameType
from typing import Any


def awaited_frames(waiting: Any) -> Iterator[FrameType]:
    """The frames of `waiting`, a coroutine or generator, and of what it awaits, innermost last.

    >>> async def inner():
    ...     pass
    >>> async def outer():
    ...     await inner()
    >>> waiting = outer()
    >>> [frame.f_code.co_name for frame in awaited_frames(waiting)]  # it has not begun
    ['outer']
    >>> waiting.close()
    """
    while waiting is not None:
        if frame := _first(waiting, "cr_frame", "gi_frame", "ag_frame"):
            yield frame
            waiting = _first(waiting, "cr_await", "gi_yieldfrom", "ag_await")
        else:
            # What `async for` awaits is a step of a generator, and does not say of which.
            inner = gc.get_referents(waiting) if type(waiting) in _STEPS else []
            waiting = next((each for each in inner if hasattr(each, "ag_frame")), None)


def _first(waiting: Any, *names: str) -> Any:
    return next(filter(None, (getattr(waiting, name, None) for name in names)), None)


async def _nothing() -> AsyncGenerator[None, None]:
    yield


def _step_types() -> tuple[type, ...]:
    steps = _nothing().asend(None), _nothing().athrow(ValueError)
    for step in steps:
        step.close()  # from Python 3.13 on, one that is never awaited is warned of
    return tuple(map(type, steps))


_STEPS = _step_types()
