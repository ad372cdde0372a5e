"""Asks for the key when the handler has run."""


async def guard(ctx, next):
    """Answers 401 and "who are you?" to whoever does not send KEY in the header x-key."""
    response = await next(ctx)
    if ctx.headers.get("x-key") != KEY:
        return "who are you?", 401
    return response
