"""A thread's way of waiting, as its engine lends it to requests.

Rule: whoever waits blocks its own thread, and nobody else.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Coroutine
from typing import Any

from asyncweb.engine import offloaded


class ThreadTasks:
    """The part of a thread engine that its requests wait with."""

    async def sleep(self, seconds: float) -> None:
        """The thread sleeps; the others do not notice."""
        time.sleep(max(seconds, 0))

    async def offload(self, function: Callable[..., Any], *args: Any) -> Any:
        """Calls it here: this thread holds nobody up."""
        return offloaded(function, *args)

    def now(self) -> float:
        """A clock of fine grain."""
        return time.perf_counter()

    async def afterwards(self, work: Coroutine[Any, Any, None]) -> None:
        """Runs it here: the client has its answer, and waits for nothing but the next."""
        await work
