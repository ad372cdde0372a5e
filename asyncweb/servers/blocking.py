"""What holds up the event loop: the line of the app's own code that does not let go of it.

Rule: whoever looks reads the frames of another thread and changes nothing there.
"""

from __future__ import annotations

import linecache
import sysconfig
from collections.abc import Iterator
from itertools import takewhile
from types import CodeType, FrameType
from typing import NamedTuple

from asyncweb.loopless import is_asyncio, is_own

_LIBRARIES = tuple(sysconfig.get_paths()[name] for name in ("stdlib", "purelib", "platlib"))


class Block(NamedTuple):
    """A while in which nothing else ran on the loop, and what did.

    >>> block = Block("user", "/app/main.py", 7, "time.sleep(1)", began=0.0, seconds=0.25)
    >>> print(block)
    user held the loop for 250 ms: /app/main.py, line 7: time.sleep(1)
    """

    function: str  # its qualified name: "user", "App.user"
    file: str
    line: int
    code: str  # that line; empty where the source is not at hand
    began: float  # when the loop was last seen free, in seconds since the epoch
    seconds: float  # so far, or in all

    def __str__(self) -> str:
        held = f"{self.function} held the loop for {1000 * self.seconds:.0f} ms"
        return f"{held}: {self.file}, line {self.line}" + (f": {self.code}" if self.code else "")


def culprit(frame: FrameType | None, beneath: CodeType | None = None) -> FrameType | None:
    """The innermost frame of the app's own code, below `frame`; of a library, if there is none.

    `beneath` is the code that runs the loop, where that is known: no culprit is there or outside.
    None when the loop's thread is in no such code: it waits for news, or for its turn.
    """
    inside = takewhile(lambda call: call.f_code is not beneath, _outwards(frame))
    calls = [call for call in inside if not (is_own(call) or is_asyncio(call))]
    # Beneath everything lies what has started the thread.
    while calls and _is_of_library(calls[-1]) and _starts_threads(calls[-1]):
        calls.pop()
    own = (call for call in calls if not _is_of_library(call))
    return next(own, calls[-1] if calls else None)


def code_at(frame: FrameType) -> str:
    """The line of source where `frame` is; empty where it is not at hand."""
    return linecache.getline(frame.f_code.co_filename, frame.f_lineno, frame.f_globals).strip()


def block_at(frame: FrameType, began: float, seconds: float) -> Block:
    """The block that `frame` makes."""
    code = frame.f_code
    return Block(code.co_qualname, code.co_filename, frame.f_lineno, code_at(frame), began, seconds)


def _outwards(frame: FrameType | None) -> Iterator[FrameType]:
    while frame is not None:
        yield frame
        frame = frame.f_back


def _is_of_library(frame: FrameType) -> bool:
    return frame.f_code.co_filename.startswith(_LIBRARIES) or not frame.f_code.co_filename


def _starts_threads(frame: FrameType) -> bool:
    return frame.f_code.co_filename.endswith(("threading.py", "runpy.py"))
