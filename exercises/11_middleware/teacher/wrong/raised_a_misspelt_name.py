"""Has misspelt a name; that is no belief, and its exception has to be told."""


async def timing(ctx, next):
    """Adds the header server-timing, such as `app;dur=12.5`: the milliseconds spent inside."""
    began = clock()
    response = await next(ctx)
    response.header["server-timing"] = f"app;dur={1000 * (clock() - began):.1f}"
    return response
