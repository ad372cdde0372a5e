"""Keeps the beginning where all requests keep it."""

began = 0.0


async def timing(ctx, next):
    """Adds the header server-timing, such as `app;dur=12.5`: the milliseconds spent inside."""
    global began
    began = clock()
    response = await next(ctx)
    response.headers["server-timing"] = f"app;dur={1000 * (clock() - began):.1f}"
    return response
