"""A call that brings its own event loop, made where none is running.

Rule: where a loop is running already, as in a notebook, that is a thread of its own.
"""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")


def apart(function: Callable[..., T], *args: Any) -> T:
    """What `function(*args)` returns or raises, called where no loop is running.

    >>> async def in_a_notebook():
    ...     return apart(asyncio.run, asyncio.sleep(0, "tea"))
    >>> asyncio.run(in_a_notebook()), apart(asyncio.run, asyncio.sleep(0, "milk"))
    ('tea', 'milk')
    """
    if asyncio._get_running_loop() is None:
        return function(*args)
    run_as_here = contextvars.copy_context().run
    with ThreadPoolExecutor(1, "apart") as elsewhere:
        return elsewhere.submit(run_as_here, function, *args).result()
