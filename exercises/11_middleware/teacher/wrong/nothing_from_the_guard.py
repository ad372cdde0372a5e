"""Lets pass, and returns nothing of it."""


async def guard(ctx, next):
    """Answers 401 and "who are you?" to whoever does not send KEY in the header x-key."""
    if ctx.headers.get("x-key") != KEY:
        return "who are you?", 401
    await next(ctx)
