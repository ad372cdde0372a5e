"""Ends a test that does not end, and says where it was.

Rule: what hangs is told and then left, with its process; nothing is thrown into the student's code,
where it would be caught, or land in the wrong task. When even Python stands still, C ends it. Time
in which this process did not get the processor does not count: a busy machine fails nobody.
"""

from __future__ import annotations

import faulthandler
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

TICKS = 20  # in the seconds of a test; a tick that comes late is one all the same
LAST_RESORT_S = 1.0  # more than those seconds without a tick, and nothing else will come
STUCK = "Timeout ("  # how faulthandler begins what it writes


class Watchdog:
    """Calls `late` when a test has not ended after `seconds`; then nothing else is called.

    `late` is called on a thread of its own, and has to end the process. Where no thread gets a turn
    any more, the traceback is written to `error_output`, a descriptor, and the process ends.
    """

    def __init__(self, seconds: float, late: Callable[[], None], error_output: int):
        self._seconds = seconds
        self._late = late
        self._error_output = error_output
        self._lock = threading.Lock()

    @contextmanager
    def over(self) -> Iterator[None]:
        """Watches over what happens in the block."""
        ended = threading.Event()
        thread = threading.Thread(target=self._watch, args=[ended], daemon=True, name="watchdog")
        self._arm()
        thread.start()
        try:
            yield
        finally:
            with self._lock:
                ended.set()
                faulthandler.cancel_dump_traceback_later()

    def _watch(self, ended: threading.Event) -> None:
        for _ in range(TICKS):
            if ended.wait(self._seconds / TICKS):
                return
            with self._lock:
                if not ended.is_set():
                    self._arm()
        with self._lock:
            if not ended.is_set():
                self._late()

    def _arm(self) -> None:
        after = self._seconds + LAST_RESORT_S
        faulthandler.dump_traceback_later(after, exit=True, file=self._error_output)


def line_of_dump(dump: str, file: str) -> int | None:
    """The line of `file` that stood still, read from what the last resort has written.

    >>> dump = 'Timeout (0:00:03)!\\n  File "re.py", line 9 in match\\n  File "a.py", line 4 in f'
    >>> line_of_dump(dump, "a.py"), line_of_dump("", "a.py")
    (4, None)
    """
    _, stuck, lines = dump.rpartition(STUCK)
    for line in lines.splitlines() if stuck else ():
        before, here, after = line.partition(f'File "{file}", line ')
        if here and not before.strip():
            return int(after.split()[0])
    return None
