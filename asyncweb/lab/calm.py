"""The calm between two stalls of a server that fails on request.

Rule: all clocks of one machine agree on when it is, so nobody has to be asked.
"""

from __future__ import annotations

import time

from asyncweb.lab.trouble import Pause


def await_calm(stall: Pause, after_s: float = 0.0) -> None:
    """Returns `after_s` seconds after a stall has ended; what then runs for a whole period meets
    exactly one.

    >>> await_calm(Pause(for_s=0.001, every_s=0.002))
    """
    since_stall_s = time.monotonic() % stall.every_s
    time.sleep((stall.for_s + after_s - since_stall_s) % stall.every_s)
