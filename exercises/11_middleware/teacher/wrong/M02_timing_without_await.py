"""Takes the coroutine for the answer."""


async def timing(ctx, next):
    """Adds the header server-timing, such as `app;dur=12.5`: the milliseconds spent inside."""
    began = clock()
    response = next(ctx)
    response.headers["server-timing"] = f"app;dur={1000 * (clock() - began):.1f}"
    return response
