"""An app to be served by several processes: it computes, waits, counts, or does nothing at all.

    uvicorn asyncweb.lab.cores.app:app --workers 2

Rule: what it remembers is in one process's memory; that the others do not see it is the lesson.
"""

from __future__ import annotations

import itertools
import os
from typing import Any

from asyncweb.app import App
from asyncweb.context import Context

app = App()
_hits = itertools.count(1)


def primes(below: int) -> int:
    """How many primes there are below that number, found the slow way.

    >>> primes(10), primes(100)
    (4, 25)
    """
    return sum(all(number % other for other in range(2, number)) for number in range(2, below))


@app.get("/hello")
def hello(ctx: Context) -> str:
    """Costs next to nothing."""
    return "Hello"


@app.get("/primes/{below:int}")
def count_primes(ctx: Context) -> dict[str, int]:
    """Keeps a core busy, with Python, for as long as it takes."""
    return {"primes": primes(ctx.params["below"])}


@app.get("/wait/{ms:int}")
async def wait(ctx: Context) -> str:
    """Waits, and keeps nothing busy."""
    await ctx.sleep(ctx.params["ms"] / 1000)
    return "waited"


@app.get("/hits")
def hits(ctx: Context) -> dict[str, Any]:
    """Counts its calls, in a variable as in any program."""
    return {"process": os.getpid(), "hits": next(_hits)}
