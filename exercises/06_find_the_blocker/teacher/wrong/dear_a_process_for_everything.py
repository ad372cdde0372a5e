"""Takes a process for everything that blocks."""


def cure(blocks, computes):
    """What helps a handler: "none", "async def", "uvloop", "a thread" or "a process".

    `blocks` says whether it holds the loop, and `computes` whether it needs the processor, not only
    the answer of somebody else.
    """
    return "a process" if blocks else "none"


@app.get("/orders/{user}")
async def orders(ctx):
    """The orders of a user, which `app.state.find_orders` waits for."""
    loop = asyncio.get_running_loop()
    find, user = app.state.find_orders, ctx.params["user"]
    return await loop.run_in_executor(app.state.processes, find, user)
