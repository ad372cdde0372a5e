"""Locks that give the turn away where others wait, in the place of those of `threading`.

Rule: for a thread that takes no turns they are the locks they stand for.
"""

from __future__ import annotations

import _thread
import asyncio
import sys
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import Any

from asyncweb.instruments.code_under_test import Place
from asyncweb.instruments.task_lines import line_of
from asyncweb.instruments.virtual_loop import VirtualLoop
from asyncweb.instruments.worker import current_worker
from asyncweb.loopless import is_own

_REAL = _thread.allocate_lock


class TurnLock:
    """A threading.Lock; events, conditions, semaphores and queues are made of it.

    In virtual time a task that takes it while another task has it is a RealWait: nobody could ever
    release it, for the loop itself would wait.

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
        self._taken_by = 0  # the thread that took it last

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        """Takes it; False when it cannot be had."""
        worker = current_worker()
        if worker is None:
            taken = self._acquire(blocking, timeout)
        else:
            worker.give_turn(sys._getframe(1), "before it takes a lock")
            while not (taken := self._lock.acquire(False)):
                if not blocking or not worker.wait(self._is_free, has_timeout=timeout >= 0):
                    break
        if taken:
            self._taken_by = _thread.get_ident()
        return taken

    def _acquire(self, blocking: bool, timeout: float) -> bool:
        if self._lock.acquire(False):
            return True
        if blocking and self._taken_by == _thread.get_ident():
            _refuse_in_virtual_time()
        return blocking and self._lock.acquire(True, timeout)

    def release(self) -> None:
        """Lets somebody else have it. Raises RuntimeError when nobody has it."""
        self._lock.release()

    def locked(self) -> bool:
        """Whether somebody has it."""
        return self._lock.locked()

    def __enter__(self) -> bool:
        return self.acquire()

    def __exit__(self, *error: object) -> None:
        self.release()

    def _is_free(self) -> bool:
        return not self._lock.locked()

    def _at_fork_reinit(self) -> None:
        self._lock = _REAL()


def _refuse_in_virtual_time() -> None:
    loop = asyncio._get_running_loop()
    frame: FrameType | None = sys._getframe(2)
    while frame is not None and is_own(frame):
        frame = frame.f_back
    # An event's wait takes a lock twice too, for another thread to release it.
    if isinstance(loop, VirtualLoop) and frame is not None and frame.f_globals != vars(threading):
        loop.refuse(f"a threading.Lock that another task has taken, in {line_of(frame)}")


# Python's RLock in Python is made of one lock, and so takes turns with it.
_TurnRLock: Any = getattr(threading, "_RLock")  # noqa: B009
_MAKERS: dict[int, Any] = {
    id(threading.Lock): TurnLock,
    id(_REAL): TurnLock,  # the same before Python 3.13
    id(threading.RLock): _TurnRLock,
}
_KINDS: dict[type, Any] = {type(_REAL()): TurnLock, type(threading.RLock()): _TurnRLock}


@contextmanager
def turn_locks(places: Sequence[Place]) -> Iterator[None]:
    """Meanwhile the locks that are made take turns, and those that stand in `places` already.

    Those are replaced by new ones: how one run has left its locks is nothing to the next.

    >>> from threading import Lock as Padlock
    >>> class Till:
    ...     lock = Padlock()
    >>> with turn_locks([globals(), Till]):
    ...     Padlock is TurnLock, type(Till.lock) is TurnLock
    (True, True)
    >>> Padlock is TurnLock, type(Till.lock) is TurnLock
    (False, False)
    """
    with stand_ins([*places, vars(threading)], _MAKERS), stand_ins(places, _new_locks(places)):
        yield


def _new_locks(places: Iterable[Place]) -> dict[int, Any]:
    values = [value for place in places for _, value in _named(place)]
    return {id(value): _KINDS[type(value)]() for value in values if type(value) in _KINDS}


@contextmanager
def stand_ins(places: Iterable[Place], stands_for: Mapping[int, Any]) -> Iterator[None]:
    """Puts what stands for something, by its id, in its place, whatever it is called there."""
    changed = [
        (place, name, value)
        for place in places
        for name, value in _named(place)
        if id(value) in stands_for
    ]
    for place, name, value in changed:
        _put(place, name, stands_for[id(value)])
    try:
        yield
    finally:
        for place, name, value in changed:
            _put(place, name, value)


def _named(place: Place) -> list[tuple[str, Any]]:
    return [*(vars(place) if isinstance(place, type) else place).items()]


def _put(place: Place, name: str, value: Any) -> None:
    if isinstance(place, type):
        setattr(place, name, value)  # the names of a class are not written to directly
    else:
        place[name] = value
