"""Writes the status before there is one."""


async def audit(ctx, next):
    """Calls write_line with method, path and status, `GET /tea 200`, before the answer goes out."""
    await ctx.offload(write_line, f"{ctx.method} {ctx.path} 200")
    return await next(ctx)
