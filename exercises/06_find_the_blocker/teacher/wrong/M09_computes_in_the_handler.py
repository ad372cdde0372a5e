"""Computes in the handler, within another async def."""


@app.get("/chart/{user}")
async def chart(ctx):
    """The chart of a user, which `app.state.draw_chart` computes."""

    async def draw():
        return app.state.draw_chart(ctx.params["user"])

    return await asyncio.create_task(draw())
