"""What some threads have for others, each thing for the next one that is free.

Rule: who hands a thing over wakes one thread and no other. A `queue.SimpleQueue` on which several
wait, before Python 3.13, wakes two for each: the second asks for the GIL and finds nothing.

No lock is held anywhere: each step is one that Python does not interrupt. So even a finalizer may
put something, in the middle of whatever its thread is doing.
"""

from __future__ import annotations

import contextlib
import threading
from collections import deque
from typing import Generic, TypeVar

T = TypeVar("T")


class Handoff(Generic[T]):
    """First in, first out. The thread that became free last is served first: its stack is warm.

    >>> handoff = Handoff()
    >>> handoff.put("a client"), handoff.put("another")
    (None, None)
    >>> len(handoff), handoff.get(), handoff.take_back(), len(handoff)
    (2, 'a client', ['another'], 0)
    """

    def __init__(self) -> None:
        self._things: deque[T] = deque()  # that nobody has got yet
        self._asleep: list[threading.Lock] = []  # each is released to wake the thread that made it

    def put(self, thing: T) -> None:
        """Gives `thing` to a thread that waits in `get`, or to the next that comes."""
        self._things.append(thing)
        try:
            sleeper = self._asleep.pop()
        except IndexError:  # nobody is free
            return
        sleeper.release()

    def get(self) -> T:
        """What comes next; waits for it. Not for the main thread, whose wait Ctrl-C may end."""
        while True:
            try:
                return self._things.popleft()
            except IndexError:
                self._sleep()

    def take_back(self) -> list[T]:
        """All that nobody has got."""
        things: list[T] = []
        with contextlib.suppress(IndexError):  # until there is none: another may get the last
            while True:
                things.append(self._things.popleft())
        return things

    def __len__(self) -> int:
        """How many things wait for a thread."""
        return len(self._things)

    def _sleep(self) -> None:
        """Returns when it may be worth to look again."""
        sleeper = threading.Lock()
        sleeper.acquire()
        self._asleep.append(sleeper)
        if self._things:  # it came after the last look, and woke nobody or another
            with contextlib.suppress(ValueError):  # we are being woken
                self._asleep.remove(sleeper)
                return
        sleeper.acquire()
