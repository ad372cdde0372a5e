"""Which line a program waits in: of its tasks, and of its threads.

Rule: it is only looked at, from a thread beside it; nothing is stopped, cancelled or awaited.
"""

from __future__ import annotations

import asyncio
import gc
import inspect
import sys
import threading
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from types import FrameType
from typing import Any

from asyncweb.awaits import awaited_frames

Place = tuple[str, int]  # a file, and the number of a line in it


@dataclass(frozen=True, slots=True)
class Waiting:
    """A task or a thread, and the places it has come through, the innermost last."""

    places: tuple[Place, ...]
    runs: bool = False

    def innermost(self, files: Collection[str]) -> Place | None:
        """The last place that is in one of `files`."""
        inside = [place for place in self.places if place[0] in files]
        return inside[-1] if inside else None


def places_in(file: str) -> list[Place]:
    """The lines of `file` that are waited in, without repetition, the most telling first.

    A line that runs a loop's task comes before tasks that wait, and these before the thread that
    has started the loop.
    """
    tasks, threads = list(_tasks()), list(_threads())
    runs = [waiting for waiting in threads if waiting.runs]
    found = [waiting.innermost({file}) for waiting in [*runs, *tasks, *threads]]
    if any(found[: len(runs) + len(tasks)]):
        found = found[: len(runs) + len(tasks)]
    return list(dict.fromkeys(place for place in found if place))


def _tasks() -> Iterator[Waiting]:
    """Every task of every loop that runs, the oldest first."""
    for loop in _running_loops():
        for task in sorted(asyncio.all_tasks(loop), key=_age):
            yield Waiting(tuple(map(_place, awaited_frames(task.get_coro()))))


def _running_loops() -> list[asyncio.AbstractEventLoop]:
    loops = asyncio.AbstractEventLoop
    # By type, for isinstance would ask the objects of the student what they are.
    found = [each for each in gc.get_objects() if issubclass(type(each), loops)]
    return [loop for loop in found if loop.is_running()]


def _age(task: asyncio.Task[Any]) -> tuple[int, str]:
    """As tasks are named one after the other, Task-1 first, so their names tell their age."""
    number = task.get_name().rpartition("-")[2]
    return (int(number) if number.isdecimal() else sys.maxsize, task.get_name())


def _place(frame: FrameType) -> Place:
    return frame.f_code.co_filename, frame.f_lineno


def _threads() -> Iterator[Waiting]:
    """Every thread but this one, the main one first."""
    frames = sys._current_frames()
    frames.pop(threading.get_ident(), None)
    main = threading.main_thread().ident
    for thread in sorted(frames, key=lambda thread: (thread != main, thread)):
        places, runs, frame = [], False, frames[thread]
        while frame is not None:
            places.append(_place(frame))
            runs = runs or bool(frame.f_code.co_flags & inspect.CO_COROUTINE)
            frame = frame.f_back  # type: ignore[assignment]
        yield Waiting(tuple(reversed(places)), runs)
