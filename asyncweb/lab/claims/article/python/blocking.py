"""The same blocking handler: harmless in a thread, and in a loop only with `offload`."""

import time

from asyncweb import App, Context

app = App()


def query() -> str:
    """Waits as a driver of a database does: the whole thread."""
    time.sleep(0.010)
    return "the page"


@app.get("/blocking")
def blocking(ctx: Context) -> str:
    """Holds the thread: one client's on ThreadServer, that of all on AsyncServer."""
    return query()


@app.get("/offloaded")
async def offloaded(ctx: Context) -> str:
    """Waits beside the loop, on both."""
    page: str = await ctx.offload(query)
    return page
