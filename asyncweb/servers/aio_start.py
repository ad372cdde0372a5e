"""The start of an event loop in a thread of its own, and whoever waits for it in another one.

Rule: the one who waits goes on when the loop serves or has ended. A loop that is still at work when
Python ends would crash it.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import Future


def cancelled_with(started: Future[None]) -> None:
    """Cancels the present task when nobody waits for `started` any more, which they cancel."""
    loop, serving = asyncio.get_running_loop(), asyncio.current_task()

    def give_up(started: Future[None]) -> None:
        if started.cancelled() and serving is not None:
            loop.call_soon_threadsafe(serving.cancel)

    started.add_done_callback(give_up)
