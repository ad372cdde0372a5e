"""Several pieces of work at once, each of which waits for processes of its own.

Rule: results come as they are ready; after an interruption nothing new is begun.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import TypeVar

T = TypeVar("T")


def at_once(pieces: Sequence[Callable[[], T]], jobs: int | None = None) -> Iterator[T]:
    """What each of `pieces` returns, in the order in which they end; `jobs` of them at a time.

    By default one for each core. Raises ValueError for less than one, and what a piece raises.
    """
    jobs = jobs if jobs is not None else os.cpu_count() or 1
    if jobs < 1:
        raise ValueError(f"--jobs {jobs}: expected 1 or more, how many work at the same time")
    pool = ThreadPoolExecutor(jobs, thread_name_prefix="grading")
    try:
        for ready in as_completed([pool.submit(piece) for piece in pieces]):
            yield ready.result()
    finally:
        pool.shutdown(cancel_futures=True)
