"""Calls what blocks, in an async def."""


async def audit(ctx, next):
    """Calls write_line with method, path and status, `GET /tea 200`, before the answer goes out."""
    response = await next(ctx)
    write_line(f"{ctx.method} {ctx.path} {response.status}")
    return response
