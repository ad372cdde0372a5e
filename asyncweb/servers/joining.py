"""The end of several threads, for which one waits.

Rule: the wait is for all of them together, and it has an end.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable


def left_behind(threads: Iterable[threading.Thread], end: float) -> list[threading.Thread]:
    """Those of `threads` that have not ended at `end` by time.monotonic, but for the present one.

    So a handler may stop its own server. Returns earlier when all have ended.
    """
    others = [thread for thread in threads if thread is not threading.current_thread()]
    for thread in others:
        thread.join(max(end - time.monotonic(), 0.0))
    return [thread for thread in others if thread.is_alive()]
