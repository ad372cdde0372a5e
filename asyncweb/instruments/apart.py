"""A call that brings its own event loop, made where none is running.

Rule: where a loop is running already, as in a notebook, that is a thread of its own.
"""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar, TypeVarTuple

T = TypeVar("T")
Args = TypeVarTuple("Args")


def apart(function: Callable[[*Args], T], *args: *Args) -> T:
    """What `function(*args)` returns or raises, called where no loop is running.

    >>> async def in_a_notebook():
    ...     return apart(asyncio.run, asyncio.sleep(0, "tea"))
    >>> asyncio.run(in_a_notebook()), apart(asyncio.run, asyncio.sleep(0, "milk"))
    ('tea', 'milk')
    """
    if asyncio._get_running_loop() is None:
        return function(*args)
    context = contextvars.copy_context()
    with ThreadPoolExecutor(1, "apart") as elsewhere:
        return elsewhere.submit(lambda: context.run(function, *args)).result()
