"""Lets a process compute, and stands there until it has."""


@app.get("/chart/{user}")
async def chart(ctx):
    """The chart of a user, which `app.state.draw_chart` computes."""
    return app.state.processes.submit(app.state.draw_chart, ctx.params["user"]).result()
