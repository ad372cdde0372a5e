"""What a thread that does not end is doing.

Rule: nobody can end a thread from outside; but its line can be named, and it keeps nobody waiting.
"""

from __future__ import annotations

import sys
import threading
import time
import traceback
import warnings
from collections.abc import Iterable

from asyncweb.loopless import is_asyncio, is_own

END_TIMEOUT_S = 10.0  # for a server, after its drain


def left_behind(threads: Iterable[threading.Thread], end: float) -> list[threading.Thread]:
    """Those of `threads` that have not ended at `end` by time.monotonic, but for the present one.

    So a handler may stop its own server. Returns earlier when all have ended.
    """
    others = [thread for thread in threads if thread is not threading.current_thread()]
    for thread in others:
        thread.join(max(end - time.monotonic(), 0.0))
    return [thread for thread in others if thread.is_alive()]


def warn_of(thread: threading.Thread, what: str) -> None:
    """Warns that `thread` has not ended, and what keeps it; it goes on as a daemon."""
    warnings.warn(
        f"{what} has not ended: {_what_keeps(thread)}. It is left behind, and ends when that does, "
        "or with this Python",
        RuntimeWarning,
        stacklevel=4,
    )


def _what_keeps(thread: threading.Thread) -> str:
    """In words: the line of a handler that does not return, or a task that cannot be ended."""
    line = None
    for frame, number in traceback.walk_stack(sys._current_frames().get(thread.ident or 0)):
        if is_own(frame):
            if line is not None:
                break
            continue  # in a wait of ours, which a handler may have called
        line = f"{frame.f_code.co_name} is in {frame.f_code.co_filename}, line {number}"
        if is_asyncio(frame) or frame.f_code.co_filename == threading.__file__:
            line = None
    return line or "one of its tasks does not take that it is cancelled"
