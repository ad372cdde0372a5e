"""A call in a thread of its own.

Rule: what brings its own event loop runs there; the thread of a notebook has one already.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")


def apart(function: Callable[..., T], *args: Any) -> T:
    """What `function(*args)` returns or raises, called where no loop is running.

    >>> import asyncio
    >>> async def in_a_notebook():
    ...     return apart(asyncio.run, asyncio.sleep(0, "tea"))
    >>> asyncio.run(in_a_notebook())
    'tea'
    """
    with ThreadPoolExecutor(1, "apart") as elsewhere:
        return elsewhere.submit(function, *args).result()
