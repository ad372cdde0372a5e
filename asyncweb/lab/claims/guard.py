"""The end of a program and of all that it has started, also when its starter can end nothing.

Rule: the guard hears of its starter's end by a pipe that closes, as our own children do; it costs
the program that it guards nothing.
"""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Callable, Iterator

# Ends with its input: in the end of the with, or of a process that was killed.
WAITS = 'read pid; read nothing; kill -s KILL -- "-$pid"'


@contextlib.contextmanager
def guard() -> Iterator[Callable[[int], None]]:
    """Tell it the id of a program in a session of its own: after the with, all of it is gone.

    On Windows, where there are no sessions, it does nothing.
    """
    if sys.platform == "win32":
        yield lambda pid: None
        return
    with subprocess.Popen(
        ["sh", "-c", WAITS], stdin=subprocess.PIPE, stderr=subprocess.DEVNULL,
        text=True, bufsize=1, start_new_session=True,
    ) as shell:  # fmt: skip
        assert shell.stdin is not None
        told = shell.stdin
        yield lambda pid: print(pid, file=told)
