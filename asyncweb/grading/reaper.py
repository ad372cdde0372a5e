"""Between the grader and the process of an exercise, on Linux: who ends what that has left behind.

Rule: it runs nothing of the student's, and it ends when nothing below it is left. Whoever loses
their parent becomes a child of this process, in whatever session and environment: a "subreaper".

`python reaper.py COMMAND` imports next to nothing, for each exercise waits for it.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import sys

PR_SET_CHILD_SUBREAPER = 36  # Source: prctl(2)


def main(command: list[str]) -> None:
    """Runs `command` until it ends, or SIGTERM comes; then ends all that it has started.

    Raises OSError where it cannot be seen what is left.
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    try:
        os.waitpid(_started(command), 0)
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        _end_all()


def _started(command: list[str]) -> int:
    child = os.fork()
    if child == 0:
        os.setsid()  # for it may end its whole group
        os.execv(command[0], command)
    return child


def _end_all() -> None:
    while children := _children():
        for child in children:
            with contextlib.suppress(PermissionError):  # it runs as somebody else
                os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)


def _children() -> list[int]:
    with open(f"/proc/self/task/{os.getpid()}/children", encoding="ascii") as children:
        return [int(child) for child in children.read().split()]


if __name__ == "__main__":
    main(sys.argv[1:])
