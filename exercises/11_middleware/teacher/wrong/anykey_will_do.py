"""Looks whether there is a key."""


async def guard(ctx, next):
    """Answers 401 and "who are you?" to whoever does not send KEY in the header x-key."""
    if "x-key" not in ctx.headers:
        return "who are you?", 401
    return await next(ctx)
