"""A stopwatch that runs while the work is done."""

from time import perf_counter
from typing import Any

from asyncweb import App, Context

app = App()


@app.middleware
async def timed(ctx: Context, next: Any) -> Any:
    """Says in microseconds how long the handler took."""
    began = perf_counter()
    response = await next(ctx)
    took_us = (perf_counter() - began) * 1_000_000
    response.headers["x-response-time"] = f"{took_us:.0f} us"
    return response


@app.get("/stopwatch")
async def stopwatch(ctx: Context) -> str:
    """Works for 10 ms."""
    await ctx.sleep(0.010)
    return "done"
