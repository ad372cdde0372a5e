"""Calls the driver in the handler, which is an async def after all."""


@app.get("/orders/{user}")
async def orders(ctx):
    """The orders of a user, which `app.state.find_orders` waits for."""
    return app.state.find_orders(ctx.params["user"])
