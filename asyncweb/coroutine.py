"""A coroutine, run by plain code.

Rule: it runs to its end here and now, or it is told that it cannot, at the very await that waits.
"""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any

from asyncweb.errors import NeedsEventLoop


def run_to_end(coroutine: Coroutine[Any, Any, Any], advice: str) -> Any:
    """The result of `coroutine`, run here and now without an event loop.

    An await that would have to wait gets NeedsEventLoop with `advice`, raised at that very await;
    or with the advice of what it waits for.
    """
    try:
        waits_for = coroutine.send(None)
        advice = getattr(waits_for, "advice", advice)
        for _ in range(100):  # a handler may catch it and await again
            coroutine.throw(NeedsEventLoop(advice))
    except StopIteration as done:
        return done.value
    coroutine.close()
    raise NeedsEventLoop(advice)


async def aclose(stream: Any, body: Any) -> None:
    """Closes an asynchronous iterator and what it came from, as far as they can be closed."""
    for giver in (stream,) if stream is body else (stream, body):
        if hasattr(giver, "aclose"):
            await giver.aclose()
