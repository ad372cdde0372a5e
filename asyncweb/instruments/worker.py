"""One thread that runs only when it has the turn.

Rule: whoever gives it the turn waits until it comes back; two never run at once.
"""

from __future__ import annotations

import _thread
import sys
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any

from asyncweb.errors import InstrumentError
from asyncweb.instruments.code_under_test import Codes
from asyncweb.instruments.switch_points import trace_here
from asyncweb.instruments.task_lines import line_of

PATIENCE_S = 5.0  # for a turn to end, in real time

_here = threading.local()


class _Abandoned(BaseException):
    """Ends a thread whose turn will not come any more."""


class Worker:
    """Runs `function` in a thread, turn by turn; `line` is where it stands, in words.

    >>> seen = []
    >>> worker = Worker("A", lambda: seen.append(1), codes={})
    >>> worker.go_on()
    >>> worker.has_ended, seen, worker.line
    (True, [1], 'the end')
    """

    def __init__(self, who: str, function: Callable[[], Any], codes: Codes):
        self.who = who
        self.line = "the beginning"
        self.error: BaseException | None = None
        self.has_ended = False
        self.is_asleep = False
        self._function = function
        self._codes = codes
        self._free: Callable[[], bool] | None = None  # what it waits for
        self._has_timeout = False
        self._is_abandoned = False
        self._go, self._back = _thread.allocate_lock(), _thread.allocate_lock()
        self._go.acquire()
        self._back.acquire()
        self._thread = threading.Thread(target=self._run, name=f"asyncweb-turns-{who}", daemon=True)
        self._thread.start()

    @property
    def can_run(self) -> bool:
        """Whether it waits for nothing but its turn."""
        return self._free is None or self._free()

    @property
    def can_give_up(self) -> bool:
        """Whether it waits for a lock with a timeout."""
        return self._has_timeout

    def go_on(self) -> None:
        """Gives it the turn; returns when it has given it back."""
        self._go.release()
        if not self._back.acquire(timeout=PATIENCE_S):
            frame = sys._current_frames().get(self._thread.ident or 0)
            raise InstrumentError(
                f"thread {self.who} has kept its turn for {PATIENCE_S:g} s: it works without end, "
                f"or waits for what no schedule knows, in {line_of(frame) if frame else '?'}; "
                "locks, events and queues must be made by `threading` and `queue` in the scenario, "
                "only a Lock or RLock may stand in a module under test, or in a class of it"
            )

    def abandon(self) -> None:
        """Ends it, wherever it stands."""
        if not self.has_ended:
            self._is_abandoned = True
            self._go.release()
        self._thread.join(PATIENCE_S)

    def give_turn(self, frame: FrameType | None, why: str) -> None:
        """Called in its thread, which stands at `frame`: the turn is somebody else's."""
        while frame is not None and id(frame.f_code) not in self._codes:
            frame = frame.f_back
        self.line = f"{line_of(frame)} ({why})" if frame is not None else why
        if not self._is_abandoned:  # what it does while it ends is its own
            self._back.release()
            self._go.acquire()
        if self._is_abandoned:
            raise _Abandoned

    def sleep(self) -> None:
        """Called in its thread: gives the turn to others, if there are any."""
        self.is_asleep = True
        try:
            self.give_turn(sys._getframe(1), "sleeps")
        finally:
            self.is_asleep = False

    def wait(self, free: Callable[[], bool], has_timeout: bool) -> bool:
        """Called in its thread: gives the turn away until `free()`; False when it gives up."""
        self._free, self._has_timeout = free, has_timeout
        try:
            self.give_turn(sys._getframe(1), "waits")
        finally:
            self._free, self._has_timeout = None, False
        return free()

    def _run(self) -> None:
        self._go.acquire()
        _here.worker = self
        try:
            if not self._is_abandoned:
                trace_here(self._codes, self.give_turn)
                self._function()
        except _Abandoned:
            pass
        except BaseException as error:  # an exit ends no more than this thread
            self.error = error
        finally:
            self.line, self.has_ended = "the end", True
            self._back.release()


def current_worker() -> Worker | None:
    """The worker whose thread this is; None in any other thread."""
    return getattr(_here, "worker", None)


def give_turn(frame: FrameType, why: str) -> None:
    """Gives away the turn of this thread, if it has one."""
    worker = current_worker()
    if worker is not None:
        worker.give_turn(frame, why)
