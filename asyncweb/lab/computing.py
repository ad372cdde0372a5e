"""Something else that this process computes, while it serves or measures.

Rule: it ends with its block, whatever happens in there.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

STRETCH = 10_000  # numbers added between two looks at whether it shall end


@contextmanager
def computing() -> Iterator[None]:
    """A thread computes in Python, without a pause, for as long as the block lasts.

    >>> with computing():
    ...     pass
    """
    ended = threading.Event()
    thread = threading.Thread(target=_compute_until, args=(ended,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _compute_until(ended: threading.Event) -> None:
    while not ended.is_set():
        sum(range(STRETCH))
