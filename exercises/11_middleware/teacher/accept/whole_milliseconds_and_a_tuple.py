"""Rounds to whole milliseconds, and returns the parts of an answer."""


async def timing(ctx, next):
    """Adds the header server-timing, such as `app;dur=12.5`: the milliseconds spent inside."""
    began = clock()
    response = await next(ctx)
    took_ms = round(1000 * (clock() - began))
    return response.body, response.status, {"server-timing": f"app;dur={took_ms}"}
