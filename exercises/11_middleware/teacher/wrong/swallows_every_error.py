"""Catches whatever comes."""


async def unavailable(ctx, next):
    """Turns a ConnectionError from inside into 503 "try again later", with retry-after: 1."""
    try:
        return await next(ctx)
    except Exception:
        return "try again later", 503, {"retry-after": "1"}
