"""Computes the chart in a thread."""


@app.get("/chart/{user}")
async def chart(ctx):
    """The chart of a user, which `app.state.draw_chart` computes."""
    return await ctx.offload(app.state.draw_chart, ctx.params["user"])
