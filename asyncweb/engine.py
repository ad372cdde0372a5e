"""What a server lends to the requests it serves: its way of waiting, and its ear.

Rule: handlers are written once; what waiting means is the engine's business.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, Protocol

from asyncweb.http.messages import Request


class Engine(Protocol):
    """The loop, the threads, or the host of another server, as a request sees it."""

    async def sleep(self, seconds: float) -> None:
        """Lets `seconds` pass."""

    async def offload(self, function: Callable[..., Any], *args: Any) -> Any:
        """Calls `function(*args)` where it blocks nobody else."""

    async def afterwards(self, work: Coroutine[Any, Any, None]) -> None:
        """Runs `work`, which waits for no client, when the answer is out. It raises nothing."""

    def failed(self, request: Request | str, error: BaseException) -> None:
        """Hears of an error that nobody handled, in a request or a hook."""


def offloaded(function: Callable[..., Any], *args: Any) -> Any:
    """`function(*args)`, as an engine calls what it was given to `offload`.

    Raises RuntimeError in the place of StopIteration, as generators do (PEP 479): an asyncio
    future does not take one, and who awaits it would wait for ever.

    >>> offloaded(next, iter("ab"))
    'a'
    """
    try:
        return function(*args)
    except StopIteration as error:
        raise RuntimeError(
            "the function given to ctx.offload raised StopIteration, which no await can hand on; "
            "for an iterator that ends, give a default: `await ctx.offload(next, rows, None)`"
        ) from error
