"""Cures those who wait by an async def."""


def cure(blocks, computes):
    """What helps a handler: "none", "async def", "uvloop", "a thread" or "a process".

    `blocks` says whether it holds the loop, and `computes` whether it needs the processor, not only
    the answer of somebody else.
    """
    if not blocks:
        return "none"
    return "a process" if computes else "async def"
