"""Watches by a sleep of its own, which notes on whose thread it was called."""

import threading


async def find_blockers(handlers):
    """The names of those `handlers` that hold the event loop: a list, in the order of the dict.

    `handlers` is a dict of names and async functions. Each is called with one argument, the
    function with which it is slow.
    """
    ours, found = threading.get_ident(), []

    for name, handler in handlers.items():
        callers = []
        await handler(lambda seconds, seen=callers: seen.append(threading.get_ident()))
        if ours in callers:
            found.append(name)
    return found


@app.get("/chart/{user}")
async def chart(ctx):
    """The chart of a user, which `app.state.draw_chart` computes."""
    drawn = app.state.processes.submit(app.state.draw_chart, ctx.params["user"])
    return await ctx.offload(drawn.result)
