"""Makes a 504 of the cancel of its caller."""


async def ask(fetch, path):
    """200 and what the upstream says; 504 when that takes longer than PATIENCE_S, 502 if it fails.

    However this ends, the question to the upstream has ended too.
    """
    try:
        async with asyncio.timeout(PATIENCE_S):
            return 200, await fetch(path)
    except (TimeoutError, asyncio.CancelledError):
        return 504, b"the upstream takes too long"
    except ConnectionError:
        return 502, b"the upstream cannot be reached"
