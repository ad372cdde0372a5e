"""The start of an event loop in a thread of its own, and whoever waits for it in another one.

Rule: who waits hears how it went, whatever happens, or gives up; then nothing is left of it.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Iterator
from concurrent.futures import Future, wait
from typing import Any

from asyncweb.servers.aio_offload import JOIN_S
from asyncweb.servers.stuck import warn_of

LOOK_S = 1.0  # on Windows no longer wait can be interrupted


class Start:
    """One start: the loop's thread tells of it, the one that has begun it waits or gives up.

    >>> start = Start()
    >>> if start.claim():  # in the loop's thread
    ...     start.succeed()
    >>> start.wait()
    >>> start.give_up(threading.current_thread())  # too late
    True
    """

    def __init__(self) -> None:
        self._told: Future[None] = Future()
        self._given_up_with: asyncio.Task[Any] | None = None

    # ------------------------------------------------------------------ in the loop's thread

    @contextlib.contextmanager
    def abandonable(self) -> Iterator[None]:
        """Cancels the present task, as long as it is in the block, when whoever waits gives up."""
        loop, self._given_up_with = asyncio.get_running_loop(), asyncio.current_task()

        def ended(told: Future[None]) -> None:
            if told.cancelled():
                with contextlib.suppress(RuntimeError):  # the loop has just been closed
                    loop.call_soon_threadsafe(self._cancel)

        self._told.add_done_callback(ended)
        try:
            yield
        finally:
            self._given_up_with = None

    def claim(self) -> bool:
        """Whether somebody waits still; if so, nobody can give up any more."""
        return self._told.set_running_or_notify_cancel()

    def succeed(self) -> None:
        """Tells that the server serves, after a `claim`."""
        self._told.set_result(None)

    def fail(self, error: BaseException) -> None:
        """Tells what went wrong; raises it when the start has long succeeded."""
        if self._told.cancelled():
            return
        if self._told.done():
            raise error
        if self._told.running() or self.claim():
            self._told.set_exception(error)

    def _cancel(self) -> None:
        if self._given_up_with is not None:
            self._given_up_with.cancel()

    # ------------------------------------------------------------------ in the one that waits

    def wait(self) -> None:
        """Returns when the server serves; raises what went wrong."""
        while not self._told.done():
            wait([self._told], LOOK_S)
        self._told.result()

    def give_up(self, thread: threading.Thread) -> bool:
        """Waits only for `thread` to end, for a moment; or not, when the server serves: then True.

        A loop that is still at work when Python ends would crash it.
        """
        if not self._told.cancel() and self._told.exception() is None:
            return True
        if thread.is_alive():
            thread.join(JOIN_S)
        if thread.is_alive():
            warn_of(thread, thread.name)
        return False
