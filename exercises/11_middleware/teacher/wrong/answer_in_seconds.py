"""Tells seconds where milliseconds are asked for."""


async def timing(ctx, next):
    """Adds the header server-timing, such as `app;dur=12.5`: the milliseconds spent inside."""
    began = clock()
    response = await next(ctx)
    response.headers["server-timing"] = f"app;dur={clock() - began:.4f}"
    return response
