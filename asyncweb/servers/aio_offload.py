"""The threads of an event-loop server that do what would block its loop.

Rule: a call that never returns keeps one thread and nobody else: a stop waits for it as long as for
a request, and the end of Python, which joins the threads of concurrent.futures, not at all.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any, TypeVar

from asyncweb.servers.handoff import Handoff
from asyncweb.servers.joining import left_behind

JOIN_S = 1.0  # at least, for all threads together, when they are told to end
T = TypeVar("T")


class OffloadThreads:
    """At most `most` threads, each started when no other is free, and then kept.

    >>> threads = OffloadThreads(most=2)
    >>> threads.submit(lambda: 6 * 7).result()
    42
    >>> threads.stop()
    []
    >>> threads.submit(print)
    Traceback (most recent call last):
    RuntimeError: this server has stopped, and offloads nothing any more
    """

    def __init__(self, most: int, name: str = "asyncweb-offload"):
        self._most = most
        self._name = name
        self._work: Handoff[Callable[[], None] | None] = Handoff()
        self._threads: list[threading.Thread] = []
        self._unfinished = 0  # calls: those under way, and those that wait for a thread
        self._has_stopped = False
        self._counting = threading.Lock()

    def submit(self, call: Callable[[], T]) -> Future[T]:
        """What will have the result of `call()`; cancelled before its turn, it is not called.

        Raises RuntimeError after `stop`, or when no thread can be started.
        """
        future: Future[T] = Future()
        with self._counting:
            if self._has_stopped:
                raise RuntimeError("this server has stopped, and offloads nothing any more")
            if len(self._threads) < min(self._unfinished + 1, self._most):
                self._start_thread()
            self._unfinished += 1
            self._work.put(lambda: _fulfil(future, call))
        return future

    def stop(self, end: float = 0.0) -> list[threading.Thread]:
        """Ends the threads; gives those whose call has not returned, which end when it does.

        Waits until `end`, by time.monotonic, or for a moment.
        """
        with self._counting:
            self._has_stopped = True
        for _ in self._threads:
            self._work.put(None)
        return left_behind(self._threads, max(end, time.monotonic() + JOIN_S))

    def as_executor(self) -> ThreadPoolExecutor:
        """These threads as asyncio asks for them: for `asyncio.to_thread`, or to resolve a name."""
        return _Lent(self)

    def _start_thread(self) -> None:
        name = f"{self._name}-{len(self._threads)}"
        thread = threading.Thread(target=self._run, name=name, daemon=True)
        thread.start()
        self._threads.append(thread)

    def _run(self) -> None:
        while (work := self._work.get()) is not None:
            work()
            del work  # else a thread that waits would keep the last result
            with self._counting:
                self._unfinished -= 1


class _Lent(ThreadPoolExecutor):
    """Asyncio takes no other kind; this one never starts a thread of its own."""

    def __init__(self, threads: OffloadThreads):
        super().__init__(max_workers=1)
        self._lent = threads

    def submit(self, function: Callable[..., T], /, *args: Any, **named: Any) -> Future[T]:
        """What will have the result of the call."""
        return self._lent.submit(partial(function, *args, **named))

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Ends nothing: whoever has lent the threads stops them, and waits no longer than that."""


def _fulfil(future: Future[Any], call: Callable[[], Any]) -> None:
    if not future.set_running_or_notify_cancel():
        return
    try:
        result = call()
    except BaseException as error:
        future.set_exception(error)
    else:
        future.set_result(result)
    finally:
        del future  # else it and its error, whose traceback has this frame, would keep each other
