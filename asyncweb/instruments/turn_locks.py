"""Locks that give the turn away where others wait, in the place of those of `threading`.

Rule: for a thread that takes no turns they are the locks they stand for.
"""

from __future__ import annotations

import _thread
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import TracebackType
from typing import Any

from asyncweb.instruments.worker import current_worker

_REAL = _thread.allocate_lock


class TurnLock:
    """A threading.Lock; events, conditions, semaphores and queues are made of it.

    >>> lock = TurnLock()
    >>> with lock:
    ...     lock.locked(), lock.acquire(blocking=False)
    (True, False)
    >>> lock.acquire()
    True
    >>> lock.release()
    """

    def __init__(self) -> None:
        self._lock = _REAL()

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        """Takes it; False when it cannot be had."""
        worker = current_worker()
        if worker is None:
            return self._lock.acquire(blocking, timeout)
        worker.give_turn(sys._getframe(1), "before it takes a lock")
        while not self._lock.acquire(False):
            if not blocking or not worker.wait(self._is_free, has_timeout=timeout >= 0):
                return False
        return True

    def release(self) -> None:
        """Lets somebody else have it. Raises RuntimeError when nobody has it."""
        self._lock.release()

    def locked(self) -> bool:
        """Whether somebody has it."""
        return self._lock.locked()

    def __enter__(self) -> bool:
        return self.acquire()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()

    def _is_free(self) -> bool:
        return not self._lock.locked()

    def _at_fork_reinit(self) -> None:
        self._lock = _REAL()


@contextmanager
def turn_locks(places: Sequence[dict[str, Any]]) -> Iterator[None]:
    """Makes what is called Lock and RLock in these modules, however they named it, take turns.

    >>> from threading import Lock as Padlock
    >>> with turn_locks([globals(), vars(threading)]):
    ...     Padlock is TurnLock, type(threading.Event()._cond._lock) is TurnLock
    (True, True)
    >>> Padlock is TurnLock
    False
    """
    # Python's own RLock in Python is made of one lock, and so takes turns with it.
    stands_for: dict[int, Any] = {
        id(threading.Lock): TurnLock,
        id(threading.RLock): threading._RLock,
    }
    changed = [
        (place, name, value)
        for place in places
        for name, value in place.items()
        if id(value) in stands_for
    ]
    for place, name, value in changed:
        place[name] = stands_for[id(value)]
    try:
        yield
    finally:
        for place, name, value in changed:
            place[name] = value
