"""Cures everybody by a thread."""


def cure(blocks, computes):
    """What helps a handler: "none", "async def", "uvloop", "a thread" or "a process".

    `blocks` says whether it holds the loop, and `computes` whether it needs the processor, not only
    the answer of somebody else.
    """
    return "a thread" if blocks else "none"


@app.get("/chart/{user}")
async def chart(ctx):
    """The chart of a user, which `app.state.draw_chart` computes."""
    return await ctx.offload(app.state.draw_chart, ctx.params["user"])
