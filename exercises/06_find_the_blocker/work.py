"""Exercise 06: find the handler that holds the event loop, and cure it.

The app is given what it works with before it starts:

    app.state.find_orders(user)     a plain function that waits 300 ms for a database
    app.state.draw_chart(user)      a plain function that computes for 300 ms, in Python
    app.state.processes             a concurrent.futures.ProcessPoolExecutor
"""

import asyncio

from asyncweb import App
from asyncweb.instruments import LoopWatch

app = App()


async def find_blockers(handlers):
    """The names of those `handlers` that hold the event loop: a list, in the order of the dict.

    `handlers` is a dict of names and async functions. Each is called with one argument, the
    function with which it is slow.
    """
    raise NotImplementedError("Task 6.1: find the handlers that hold the loop")


def cure(blocks, computes):
    """What helps a handler: "none", "async def", "uvloop", "a thread" or "a process".

    `blocks` says whether it holds the loop, and `computes` whether it needs the processor, not only
    the answer of somebody else.
    """
    raise NotImplementedError("Task 6.2: choose a cure")


@app.get("/price/{article}")
async def price(ctx):
    """What an article costs; this one is healthy."""
    await ctx.sleep(0.010)
    return "7 EUR"


@app.get("/orders/{user}")
async def orders(ctx):
    """The orders of a user, which `app.state.find_orders` waits for."""
    raise NotImplementedError("Task 6.3: cure the handler that waits")


@app.get("/chart/{user}")
async def chart(ctx):
    """The chart of a user, which `app.state.draw_chart` computes."""
    raise NotImplementedError("Task 6.4: cure the handler that computes")
