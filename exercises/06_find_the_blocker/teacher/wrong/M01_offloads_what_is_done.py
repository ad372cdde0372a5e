"""Calls the driver first, and offloads what it has given."""


@app.get("/orders/{user}")
async def orders(ctx):
    """The orders of a user, which `app.state.find_orders` waits for."""
    found = app.state.find_orders(ctx.params["user"])
    return await ctx.offload(str, found)
