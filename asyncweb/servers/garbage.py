"""Python's garbage collector in a process that does nothing but serve.

Rule: the collector of a process that others share is theirs, and is left alone.

A full collection looks at every object and stops everyone meanwhile: with 10,000 clients for
0.1 s, and as Python comes out of the box it does so every few seconds while clients come and go.
"""

from __future__ import annotations

import contextlib
import gc
import time
from collections.abc import Callable, Iterator
from typing import Any

# How much must have been made and not unmade before the young are looked at, how many such looks
# before the middle-aged are, and how many of these before everything is.
YOUNG, MIDDLE, ALL = 2_000, 10, 50


def collect_rarely() -> None:
    """Looks no more at what was made up to now, and less often at the rest."""
    gc.collect()
    _leave_alone()


@contextlib.contextmanager
def starting() -> Iterator[None]:
    """Does so from the end of the `with` on, and within it looks at nothing at all.

    What a program makes while it starts is nearly all here to stay; to look for what is not would
    be a tenth of the work.
    """
    gc.disable()
    try:
        yield
        _leave_alone()
    finally:
        gc.enable()


def _leave_alone() -> None:
    gc.freeze()
    gc.set_threshold(YOUNG, MIDDLE, ALL)


class Pauses:
    """Tells `tell` how long each collection in this process takes, in seconds, until `close`.

    >>> told = []
    >>> pauses = Pauses(told.append)
    >>> found = gc.collect()
    >>> pauses.close()
    >>> len(told), 0 < told[0] < 10
    (1, True)
    """

    def __init__(self, tell: Callable[[float], None]):
        self._tell = tell
        self._began: float | None = None
        gc.callbacks.append(self._heard)

    def close(self) -> None:
        """Tells no more. Can be called twice."""
        with contextlib.suppress(ValueError):
            gc.callbacks.remove(self._heard)

    def _heard(self, phase: str, info: dict[str, Any]) -> None:
        now = time.perf_counter()
        if phase == "start":
            self._began = now
        elif self._began is not None:
            self._tell(now - self._began)
