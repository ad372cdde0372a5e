"""One that waits holds nobody up."""

from asyncweb import App, Context

app = App()


@app.get("/waiting")
async def waiting(ctx: Context) -> str:
    """A thread sleeps; a task is suspended."""
    await ctx.sleep(0.010)
    return "done"
