"""Keeps the beginning on the one function that there is."""


async def timing(ctx, next):
    """Adds the header server-timing, such as `app;dur=12.5`: the milliseconds spent inside."""
    timing.began = clock()
    response = await next(ctx)
    response.headers["server-timing"] = f"app;dur={1000 * (clock() - timing.began):.1f}"
    return response
