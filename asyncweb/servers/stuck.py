"""What a thread that does not end is doing.

Rule: nobody can end a thread from outside; but its line can be named, and it keeps nobody waiting.
"""

from __future__ import annotations

import sys
import threading
import traceback
import warnings

from asyncweb.loopless import is_asyncio, is_own

END_TIMEOUT_S = 10.0  # for a server, after its drain


def warn_of(
    thread: threading.Thread,
    what: str,
    otherwise: str = "one of its tasks does not take that it is cancelled",
) -> None:
    """Warns that `thread` has not ended, and what keeps it; it goes on as a daemon.

    That is a line of the app's, or `otherwise`, in words, where it is in none.
    """
    keeps = _line_of(thread) or otherwise
    warnings.warn(
        f"{what} has not ended: {keeps}. It is left behind, and ends when that does, or with this "
        "Python",
        RuntimeWarning,
        stacklevel=4,
    )


def _line_of(thread: threading.Thread) -> str | None:
    """In words, the line of a handler that does not return."""
    line = None
    for frame, number in traceback.walk_stack(sys._current_frames().get(thread.ident or 0)):
        if is_own(frame):
            break
        line = f"{frame.f_code.co_name} is in {frame.f_code.co_filename}, line {number}"
        if is_asyncio(frame):
            line = None
    return line
