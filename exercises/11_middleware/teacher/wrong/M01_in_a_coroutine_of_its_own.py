"""Wraps what blocks into an async def, and awaits that."""


async def audit(ctx, next):
    """Calls write_line with method, path and status, `GET /tea 200`, before the answer goes out."""
    response = await next(ctx)
    await _write(f"{ctx.method} {ctx.path} {response.status}")
    return response


async def _write(line):
    write_line(line)
