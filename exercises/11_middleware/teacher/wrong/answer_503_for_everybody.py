"""Forgets the answer when nothing has failed."""

from contextlib import suppress


async def unavailable(ctx, next):
    """Turns a ConnectionError from inside into 503 "try again later", with retry-after: 1."""
    with suppress(ConnectionError):
        await next(ctx)
    return "try again later", 503, {"retry-after": "1"}
