"""Expects the error where the coroutine is made."""


async def unavailable(ctx, next):
    """Turns a ConnectionError from inside into 503 "try again later", with retry-after: 1."""
    try:
        response = next(ctx)
    except ConnectionError:
        return "try again later", 503, {"retry-after": "1"}
    return await response
