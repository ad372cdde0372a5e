"""What a handler returns is the answer."""

from asyncweb import App, Context

app = App()


@app.get("/silent")
async def silent(ctx: Context) -> str:
    """The page, which is there to be returned."""
    return "the page"
