"""What a handler returns is the answer."""

from asyncweb import App

app = App()


@app.get("/silent")
async def silent(ctx):
    """The page, which is there to be returned."""
    return "the page"
