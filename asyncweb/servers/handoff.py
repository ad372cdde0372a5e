"""What some threads have for others, each thing for the next one that is free.

Rule: who hands a thing over wakes one thread and no other. A `queue.SimpleQueue` on which several
wait, before Python 3.13, wakes two for each: the second asks for the GIL and finds nothing.
"""

from __future__ import annotations

import threading
from collections import deque
from typing import Generic, TypeVar

T = TypeVar("T")


class Handoff(Generic[T]):
    """First in, first out; who became free last goes first, whose stack is still in the caches.

    >>> handoff = Handoff()
    >>> handoff.put("a client"), handoff.put("another")
    (None, None)
    >>> len(handoff), handoff.get(), handoff.take_back(), len(handoff)
    (2, 'a client', ['another'], 0)
    """

    def __init__(self) -> None:
        self._things: deque[T] = deque()  # for which nobody is free
        self._free: list[_Hand[T]] = []  # for whom there is nothing
        self._passing = threading.Lock()

    def put(self, thing: T) -> None:
        """Gives `thing` to a thread that waits in `get`, or to the next that comes."""
        with self._passing:
            if self._free:
                self._free.pop().give(thing)
            else:
                self._things.append(thing)

    def get(self) -> T:
        """What comes next; waits for it."""
        hand: _Hand[T] = _Hand()  # not under the lock: it may set off finalizers, and they may put
        with self._passing:
            if self._things:
                return self._things.popleft()
            self._free.append(hand)
        return hand.take()

    def take_back(self) -> list[T]:
        """All that nobody has got."""
        with self._passing:
            things, self._things = list(self._things), deque()
        return things

    def __len__(self) -> int:
        """How many things wait for a thread."""
        return len(self._things)


class _Hand(Generic[T]):
    """One thread's, held open for one thing."""

    __slots__ = ("_is_empty", "_thing")
    _thing: T

    def __init__(self) -> None:
        self._is_empty = threading.Lock()
        self._is_empty.acquire()

    def give(self, thing: T) -> None:
        self._thing = thing
        self._is_empty.release()

    def take(self) -> T:
        self._is_empty.acquire()
        return self._thing
