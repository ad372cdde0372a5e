"""The loop's way of waiting, as its engine lends it to requests.

Rule: what waits for a client ends with its client; what goes on after an answer ends by itself.
"""

from __future__ import annotations

import asyncio
import contextvars
import sys
import threading
import time
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

from asyncweb.engine import offloaded
from asyncweb.servers.aio_offload import OffloadThreads

OFFLOAD_THREADS = 32


class LoopTasks:
    """The part of an event-loop engine that its requests wait with."""

    loop: asyncio.AbstractEventLoop

    def __init__(self) -> None:
        self.background: set[asyncio.Task[Any]] = set()  # at work, and no client stands for them
        # Two kinds: a call of one may wait for a call of the other.
        self._offload_threads = OffloadThreads(OFFLOAD_THREADS)
        self._executor_threads = OffloadThreads(OFFLOAD_THREADS, "asyncweb-executor")

    def sleep(self, seconds: float) -> Coroutine[Any, Any, None]:
        """Suspends the task; the loop serves others meanwhile."""
        return asyncio.sleep(seconds)

    async def offload(self, function: Callable[..., Any], *args: Any) -> Any:
        """Runs `function` on one of a few threads, in a copy of the caller's context."""
        call = partial(contextvars.copy_context().run, offloaded, function, *args)
        return await asyncio.wrap_future(self._offload_threads.submit(call), loop=self.loop)

    def end_threads(self, end: float = 0.0) -> list[threading.Thread]:
        """Ends the threads of what would block; gives those left behind, see OffloadThreads."""
        return [*self._offload_threads.stop(end), *self._executor_threads.stop(end)]

    def now(self) -> float:
        """A clock of fine grain."""
        return time.perf_counter()

    async def afterwards(self, work: Coroutine[Any, Any, None]) -> None:
        """Starts a task for `work`, which no client's leaving ends."""
        self.let_finish(self.loop.create_task(work))

    def let_finish(self, task: asyncio.Task[Any]) -> None:
        """Lets `task` come to its end without a client; a stop waits for it."""
        self.background.add(task)
        task.add_done_callback(self.background.discard)

    def spawn(self, coroutine: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Starts a task; from Python 3.12 on it runs at once as far as it goes."""
        if sys.version_info >= (3, 12):
            return asyncio.Task(coroutine, loop=self.loop, eager_start=True)
        return self.loop.create_task(coroutine)
