"""Chooses from a table, and waits by to_thread and wrap_future."""


def cure(blocks, computes):
    """What helps a handler: "none", "async def", "uvloop", "a thread" or "a process".

    `blocks` says whether it holds the loop, and `computes` whether it needs the processor, not only
    the answer of somebody else.
    """
    cures = {(True, False): "a thread", (True, True): "a process"}
    return cures.get((blocks, computes), "none")


@app.get("/orders/{user}")
async def orders(ctx):
    """The orders of a user, which `app.state.find_orders` waits for."""
    return await asyncio.to_thread(app.state.find_orders, ctx.params["user"])


@app.get("/chart/{user}")
async def chart(ctx):
    """The chart of a user, which `app.state.draw_chart` computes."""
    drawn = app.state.processes.submit(app.state.draw_chart, ctx.params["user"])
    return await asyncio.wrap_future(drawn)
