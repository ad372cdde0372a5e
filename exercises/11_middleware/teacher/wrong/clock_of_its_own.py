"""Looks at the clock on the wall."""


async def timing(ctx, next):
    """Adds the header server-timing, such as `app;dur=12.5`: the milliseconds spent inside."""
    began = time.perf_counter()
    response = await next(ctx)
    took_s = time.perf_counter() - began
    response.headers["server-timing"] = f"app;dur={1000 * took_s:.1f}"
    return response
