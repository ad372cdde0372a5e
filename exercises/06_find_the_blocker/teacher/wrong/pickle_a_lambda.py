"""Sends a lambda to another process."""


@app.get("/chart/{user}")
async def chart(ctx):
    """The chart of a user, which `app.state.draw_chart` computes."""
    loop = asyncio.get_running_loop()
    user = ctx.params["user"]
    return await loop.run_in_executor(app.state.processes, lambda: app.state.draw_chart(user))
