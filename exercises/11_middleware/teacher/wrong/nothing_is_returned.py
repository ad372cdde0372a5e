"""Keeps the answer to itself."""


async def audit(ctx, next):
    """Calls write_line with method, path and status, `GET /tea 200`, before the answer goes out."""
    response = await next(ctx)
    await ctx.offload(write_line, f"{ctx.method} {ctx.path} {response.status}")
