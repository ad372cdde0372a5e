"""A function of others that does not return, told of instead of waited for.

Rule: whoever is waited for is looked at from another thread, for the loop that would tell stands
still with it.
"""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Callable

from asyncweb.errors import LoadError
from asyncweb.loadtest.function import Asking, stuck

LOOK_S = 0.1


class Standstill:
    """Looks after the present loop, from now until `end`.

    When the loop does not turn for `patience_s` and `function` is what it waits for, `tell` is
    called with a LoadError, in a thread of its own: the loop can do nothing any more.
    """

    def __init__(self, function: Asking, patience_s: float, tell: Callable[[LoadError], None]):
        self._function = function
        self._patience_s = patience_s
        self._tell = tell
        self._loop = asyncio.get_running_loop()
        self._waiter = threading.get_ident()
        self._over = threading.Event()
        threading.Thread(target=self._watch, name="standstill", daemon=True).start()

    def end(self) -> None:
        """The function is called no more."""
        self._over.set()

    def _watch(self) -> None:
        while not self._over.wait(LOOK_S):
            turned = threading.Event()
            self._loop.call_soon_threadsafe(turned.set)
            if turned.wait(self._patience_s) or self._over.is_set():
                continue
            told = stuck(self._function, sys._current_frames()[self._waiter], self._patience_s)
            if told is not None:
                self._tell(told)
                return
